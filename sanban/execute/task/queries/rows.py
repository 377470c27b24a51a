"""Tasks as plain rows for the API: one query for the columns, one for the partners, no objects in between."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import Q

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.access.cursors import beyond, cursor_of, parts_of
from sanban.base.access.problems import invalid
from sanban.base.light.colours import light_of
from sanban.execute.task import queries
from sanban.execute.task.models import TaskItem, TaskPartner
from sanban.execute.task.queries import SORTS, TaskFilter
from sanban.execute.task.rules import STATES

COLUMNS: Final = (
    "id", "number", "version", "title", "state", "progress", "level", "urgency", "mandatory", "start_at", "due_at",
    "assigned_at", "acknowledged_at", "reported_at", "concluded_at", "ended_at", "policy_id", "measure_id", "parent_id",
    "handovers", "extensions",
)  # fmt: skip
"""What a row says of the task itself, by the names of its columns."""
HIDDEN: Final = (
    "lead_id", "lead__short", "owner_id", "owner__name", "light_state", "amber_at", "amber_cause", "red_at",
    "red_cause",
)  # fmt: skip
"""What a row says of other things, or not as the table has it."""


class _Lit:
    """The stored part of a light, taken from the end of a row."""

    __slots__ = ("amber_at", "amber_cause", "light_state", "red_at", "red_cause")

    def __init__(self, values: tuple[Any, ...]) -> None:
        self.light_state, self.amber_at, self.amber_cause, self.red_at, self.red_cause = values


def task_page(
    *, actor: Actor, filter: TaskFilter, after: str, limit: int
) -> tuple[list[dict[str, Any]], str]:
    """One page of the register by keyset, and the cursor of the next. Two queries, however deep the page."""
    order = SORTS[filter.sort]
    rows = queries.matching(actor=actor, filter=filter)
    if filter.sort == "red":
        rows = rows.filter(red_at__isnull=False)
    if after:
        rows = rows.filter(_beyond(order, after))
    found = list(rows.order_by(*order).values_list(*COLUMNS, *HIDDEN)[: limit + 1])
    kept = found[:limit]
    made = _dicts(kept)
    if len(found) <= limit:
        return made, ""
    last = dict(zip((*COLUMNS, *HIDDEN), kept[-1], strict=True))
    field = order[0].lstrip("-")
    return made, cursor_of(last["id"]) if field == "id" else cursor_of(last[field], last["id"])


def rows_of(*, actor: Actor, filter: TaskFilter, most: int = 500) -> list[dict[str, Any]]:
    """The rows of a filter that is small by nature, as the parts of one task."""
    found = queries.matching(actor=actor, filter=filter).order_by(*SORTS["due"])
    return _dicts(list(found.values_list(*COLUMNS, *HIDDEN)[:most]))


def task_row(*, actor: Actor, number: str) -> dict[str, Any] | None:
    """One task as a row with its texts, or nothing when it is not there for this viewer. Two queries."""
    task = queries.task_by_number(actor=actor, number=number)
    return full_row(actor=actor, task=task) if task else None


def full_row(*, actor: Actor, task: TaskItem) -> dict[str, Any]:
    """A task that was read with its units and partners, as a row with its texts. Asks nothing more."""
    light, cause = light_of(row=task, now=clock.now())
    made = {name: getattr(task, name) for name in COLUMNS}
    owner = task.owner
    return made | {
        "state_word": str(STATES[task.state]),
        "light": light.id,
        "light_cause": cause.id,
        "lead": {"id": task.lead_id, "name": task.lead.short},
        "owner": {"id": owner.pk, "name": owner.name} if owner else None,
        "partners": [{"id": row.unit_id, "name": row.unit.short} for row in task.partners.all()],
        "detail": task.detail,
        "acceptance": task.acceptance,
        "assigner": {"id": task.assigner_unit_id, "name": task.assigner_unit.short},
    }


def task_of(*, actor: Actor, number: str) -> TaskItem | None:
    """The task of a number, if this viewer may see it."""
    return queries.task_by_number(actor=actor, number=number)


def _dicts(rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    now, wide = clock.now(), len(COLUMNS)
    partners = _partners(row[0] for row in rows)
    words = {state: str(word) for state, word in STATES.items()}
    made = []
    for row in rows:
        lead_id, lead, owner_id, owner, *lit = row[wide:]
        light, cause = light_of(row=_Lit(tuple(lit)), now=now)
        one = dict(zip(COLUMNS, row[:wide], strict=True))
        one["state_word"] = words[one["state"]]
        one["light"], one["light_cause"] = light.id, cause.id
        one["lead"] = {"id": lead_id, "name": lead}
        one["owner"] = {"id": owner_id, "name": owner} if owner_id else None
        one["partners"] = partners.get(row[0], [])
        made.append(one)
    return made


def _partners(ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    rows = TaskPartner.objects.filter(task_id__in=list(ids)).order_by("pk")
    for task_id, unit_id, name in rows.values_list("task_id", "unit_id", "unit__short"):
        found.setdefault(task_id, []).append({"id": unit_id, "name": name})
    return found


def _beyond(order: tuple[str, ...], after: str) -> Q:
    if len(order) > 1:
        return beyond(order[0], after, "id")
    (last,) = parts_of(after, 1)
    if not (last.isascii() and last.isdecimal()):
        raise invalid("after", after)
    return Q(id__lt=int(last))


def numbers_of(*, actor: Actor, ids: Sequence[int]) -> list[str]:
    """The numbers of tasks that the actor has just made, in the order of the ids."""
    known = dict(TaskItem.objects.filter(pk__in=list(ids)).values_list("pk", "number"))
    return [known[key] for key in ids]
