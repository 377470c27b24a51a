"""What the evidence pages show: an object's records with their grades, the logs and witnesses, the last audit."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base.access.actor import INTERNAL, SYSTEM, Actor
from sanban.base.access.readlog import sealing as reads
from sanban.base.label.catalogue import flagged
from sanban.base.label.rules import PERSONAL
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.queries import Line, grade_counts, grades_of, last_audit, stored_fields, timeline
from sanban.base.ledger.registry import EVENTS, story
from sanban.base.ledger.tlog.audit import Fault
from sanban.base.people.queries import names_of
from sanban.base.search.registry import referable, searchables

MAY_AUDIT: Final = ("admin", "auditor")
LINES: Final = 500
GRADES: Final[dict[str, str | Promise]] = {
    "recorded": gettext_lazy("已记录"),
    "integrated": gettext_lazy("已编入"),
    "sealed": gettext_lazy("已封存"),
}
MEANINGS: Final[dict[str, str | Promise]] = {
    "recorded": gettext_lazy("记录与办理结果同时写入，本机上的管理员仍可能改动。"),
    "integrated": gettext_lazy("在日志中有了固定位置，改动会使树根不符。"),
    "sealed": gettext_lazy("三家以上见证已在各自的机器上签名，改动须日志和两家见证同时作假。"),
}
COLOURS: Final = {"recorded": "idle", "integrated": "idle", "sealed": "green"}


WITNESSES: Final[dict[str, str | Promise]] = {
    "general-office": gettext_lazy("综合办见证"),
    "supervision-office": gettext_lazy("督查办见证"),
    "research-office": gettext_lazy("研究室见证"),
    "oversight": gettext_lazy("协同监督见证"),
    "anchor": gettext_lazy("外部存证"),
}
"""The four that are run beside the site, and the place outside; others go by the name their policy gives them."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of an object's records: what, by whom, and how firmly it stands."""

    line: Line
    name: str
    unit: str
    grade: str


@dataclass(frozen=True, slots=True)
class Subject:
    """An object that the asker may see, with all streams of its story that he may read."""

    stream: str
    object_id: int
    label: str
    level: int
    streams: list[tuple[str, int]]


def subject_of(*, actor: Actor, stream: str, object_id: int) -> Subject:
    """The object itself. Denied when there is none, or not for the asker."""
    kind = next((one for one in searchables() if one.kind == stream), None)
    within = referable(stream) if kind is None else None
    known: Any = kind or within
    found = known.visible(actor=actor).filter(pk=object_id).first() if known is not None else None
    if found is None:
        raise Denied(_("没有这个对象，或您无权查看。"))
    if within is not None:  # a slip, or a measure inside its policy
        told = within.describe(found)
        return Subject(stream, object_id, str(told.label), told.level, story(actor, stream, object_id))
    level = getattr(found, "level", INTERNAL)
    return Subject(stream, object_id, str(known.label), level, story(actor, stream, object_id))


def records(*, actor: Actor, subject: Subject) -> list[Record]:
    """The latest records of the object's story, newest first. A fixed number of queries."""
    lines = timeline(actor=actor, streams=subject.streams, limit=LINES)
    grades = grades_of(actor=actor, event_ids=[line.id for line in lines])
    names = names_of(actor=actor, refs=[line.actor_ref for line in lines])
    return [
        Record(line, *names.get(line.actor_ref, (_("已离任人员"), "")), grades[line.id]) for line in lines
    ]


def own_grades(*, actor: Actor, stream: str, object_id: int) -> list[tuple[str | Promise, str, int]]:
    """How many of the object's own records stand how firmly, for its page. Two queries."""
    counts = grade_counts(actor=actor, stream=stream, object_id=object_id)
    return [(GRADES[grade], COLOURS[grade], count) for grade, count in counts.items() if count]


def fields_in(*, actor: Actor, found: Sequence[Record]) -> list[tuple[str, str]]:
    """The text fields of these records that may be redacted, each with an example of what it holds."""
    texts: dict[str, str] = {}
    ids: list[UUID] = [one.line.id for one in found]
    kinds = {one.line.id: one.line.kind for one in found}
    for event_id, stored in stored_fields(actor=actor, ids=ids).items():
        kind = EVENTS.get(kinds[event_id])
        for name, value in stored.items():
            said: Any = json.loads(value.body) if value.body else None
            if kind is not None and name in kind.texts and isinstance(said, str) and len(said) > 1:
                texts.setdefault(name, said if len(said) <= 24 else f"{said[:23]}…")
    return sorted(texts.items())


def audit_of(*, actor: Actor) -> dict[str, Any] | None:
    """The last audit for those who may see it: rows and columns by name, never what stands in them."""
    if not actor.has(*MAY_AUDIT, "supervisor", "leader"):
        return None
    made = last_audit(actor=actor)
    if made is None:
        return {"at": None, "faults": [], "differences": []}
    found = [(one["table"], one["row"], "、".join(one["columns"]) or _("整行")) for one in made.differences]
    return {
        "at": made.at, "seconds": made.seconds, "events": made.events, "differences": found,
        "faults": [(one["table"], one["row"], one["what"]) for one in made.faults],
    }  # fmt: skip


def read_faults(*, actor: Actor = SYSTEM) -> list[Fault]:
    """Batches of the read log that are not what the access log says of them."""
    return [Fault("access_readbatch", str(number), what) for number, what in reads.faults()]


def personal_in(*, actor: Actor | None = None, found: Sequence[Record]) -> list[str]:
    """The fields of these records that hold personal data, by the catalogue: redacted unless somebody unticks them."""
    kinds = {one.line.kind for one in found}
    return sorted({name for kind, name in flagged(PERSONAL) if kind in kinds})
