"""Reading for sheets: what an import holds its rows against, and what an export takes away."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from sanban.base.access.actor import SECRET, Actor
from sanban.base.access.levels import LEAVES
from sanban.base.files import blobs
from sanban.base.files.queries import get_version
from sanban.base.files.rules import INFECTED, scan_sentence
from sanban.base.ledger.errors import Denied, Refused
from sanban.execute.task.models import TaskItem
from sanban.execute.task.queries import SORTS, TaskFilter, matching, visible

IMPORTED: Final = "task_import"
"""What a stored file is about when it is a task list that waits to be confirmed."""


def import_bytes(*, actor: Actor, file_id: int) -> tuple[str, bytes]:
    """Name and bytes of a task list, for the person who handed it in alone; also while it waits for the scanner,
    for it is read here and does not leave the house. What the scanner called infected is not read."""
    version = get_version(actor=actor, file_id=file_id)
    if version.file.about_type != IMPORTED or version.file.uploaded_by != actor.ref:
        raise Denied(_("没有这份任务清单，或不是您上传的。请重新上传。"))
    if version.scan_state == INFECTED:
        raise Refused(scan_sentence(version.scan_state, version.scan_detail))
    try:
        return version.name, blobs.get(version.sha256)
    except blobs.Damaged as lost:
        raise Refused(_("“%(name)s”在存储中丢失或已被改动，请重新上传。") % {"name": version.name}) from lost


def open_namesakes(*, actor: Actor, titles: Iterable[str]) -> dict[tuple[str, int], str]:
    """Numbers of visible open tasks by title and lead unit, for titles of a list. One query for every 500 titles."""
    named = set(titles)
    wanted, found = sorted(named), dict[tuple[str, int], str]()
    for start in range(0, len(wanted), 500):
        rows = visible(actor=actor).filter(light_state="open")
        rows = rows.filter(Q(title__in=wanted[start : start + 500]) | Q(level__gte=SECRET))
        found |= {
            (title, lead): number
            for title, lead, number in rows.values_list("title", "lead_id", "number")
            if title in named
        }
    return found


def tasks_by_numbers(*, actor: Actor, numbers: Iterable[str]) -> dict[str, TaskItem]:
    """The visible ones of the numbered tasks."""
    wanted, found = sorted(set(numbers)), dict[str, TaskItem]()
    for start in range(0, len(wanted), 500):
        rows = visible(actor=actor).filter(number__in=wanted[start : start + 500])
        found |= {row.number: row for row in rows}
    return found


def extent(*, actor: Actor, filter: TaskFilter) -> tuple[int, int, int]:
    """How many tasks of a filter may leave the house, their highest level, and how many stay back. One query."""
    found = matching(actor=actor, filter=filter).aggregate(
        count=Count("pk", filter=LEAVES),
        kept=Count("pk", filter=~LEAVES),
        highest=Max("level", filter=LEAVES),
    )
    return int(found["count"]), int(found["highest"] or 0), int(found["kept"])


def extent_ids(*, actor: Actor, filter: TaskFilter) -> list[int]:
    """The ids of every task of a filter that may leave the house: what an export puts on record. One query."""
    return list(matching(actor=actor, filter=filter).filter(LEAVES).values_list("pk", flat=True))


def sheet_rows(*, actor: Actor, filter: TaskFilter) -> Iterator[TaskItem]:
    """Every row of a filter that may leave the house, with all that a sheet shows, in the order of the page, a batch
    at a time."""
    rows = matching(actor=actor, filter=filter).filter(LEAVES).prefetch_related("partners__unit")
    rows = rows.select_related("lead", "owner", "parent", "assigner_unit").only(
        *(field.attname for field in TaskItem._meta.concrete_fields),
        "lead__name", "owner__name", "parent__number", "assigner_unit__name",
    )  # fmt: skip
    yield from rows.order_by(*SORTS.get(filter.sort, SORTS["due"])).iterator(chunk_size=500)
