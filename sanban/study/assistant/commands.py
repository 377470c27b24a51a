"""Reading files from the command line: no database, no network."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from sanban.base.files.extract import ExtractionRefused, extract
from sanban.study.assistant.reading import Measure, read_document


def read_files(paths: Iterable[Path], *, jsonl: bool) -> Iterator[str]:
    """Lines to print for each file: one JSON object a file, or an outline for people.

    A file that cannot be read gives its reason in its place and does not stop the others.
    """
    for path in paths:
        try:
            text = extract(path.read_bytes(), path.name).text
        except (ExtractionRefused, OSError) as fault:
            why = fault.message if isinstance(fault, ExtractionRefused) else str(fault)
            yield json.dumps({"doc": path.stem, "error": why}, ensure_ascii=False) if jsonl else why
            continue
        reading = read_document(text, doc=path.stem)
        if jsonl:
            yield json.dumps(reading.as_dict(), ensure_ascii=False)
            continue
        meta = reading.meta
        yield _("《%(title)s》 %(number)s %(organ)s %(date)s") % meta.as_dict()
        for number, measure in enumerate(reading.measures, 1):
            yield _outline(number, measure)


def _outline(number: int, measure: Measure) -> str:
    """One measure on one line: place, words, who, when."""
    words = " ".join(measure.text.split())
    return _("%(n)d. [%(path)s] %(words)s ｜ 牵头：%(lead)s ｜ 配合：%(coop)s ｜ 时限：%(due)s") % {
        "n": number,
        "path": measure.path,
        "words": words if len(words) <= 60 else words[:59] + "…",
        "lead": _("、").join(measure.lead or measure.resp) or "—",
        "coop": _("、").join(measure.coop) or "—",
        "due": _("、").join(measure.deadlines) or "—",
    }
