"""A text as the preview shows it: its lines, each with the mark of the place it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sanban.base.files.extraction.model import Extracted
from sanban.base.files.refusals import describe

LINES_A_PAGE = 300
CELL_WALL = " │ "
"""Stands between the cells of a table row on the page; the text itself has a tab there."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the preview; `mark` is empty where the place has not changed, `anchor` is its first character."""

    mark: str
    text: str
    anchor: int


def lines(text: Extracted) -> list[Line]:
    """All lines of a text with line, page, paragraph and table marks; a web page carries none."""
    shown: list[Line] = []
    start, before = 0, ""
    for raw in text.text.splitlines(keepends=True):
        source = _first_source(text, start, start + len(raw))
        mark, words = _mark(source), raw.rstrip("\r\n")
        if source.startswith("cell:"):
            words = words.replace("\t", CELL_WALL)
        shown.append(Line(mark if mark != before else "", words, start))
        before = mark or before
        start += len(raw)
    return shown


def gap_marks(gaps: Sequence[str]) -> list[str]:
    """The places that could not be read, in words."""
    return [describe(gap) for gap in gaps]


def _first_source(text: Extracted, start: int, end: int) -> str:
    for offset in range(start, end):
        source = text.source_at(offset)
        if source:
            return source
    return ""


def _mark(source: str) -> str:
    kind, _colon, rest = source.partition(":")
    if kind == "cell":
        table, row, _column = rest.split(":")
        return _("表 %(table)s 第 %(row)s 行") % {"table": table, "row": row}
    return describe(source) if kind in {"line", "page", "paragraph", "box"} else ""
