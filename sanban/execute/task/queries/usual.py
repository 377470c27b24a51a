"""The lists that are asked for all day, prepared by their shape: the whole register or one's own tasks, by light."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db.models import Q, QuerySet

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.prepared import Prepared, Slots
from sanban.base.light.colours import condition
from sanban.base.light.engine import LIGHT_BY_ID
from sanban.execute.task.models import TaskItem
from sanban.execute.task.queries.filters import SORTS, TaskFilter
from sanban.execute.task.rules import OFFICES

LISTED: Final = (
    "number", "title", "state", "level", "progress", "light_state", "amber_at", "amber_cause", "red_at", "red_cause",
    "due_at", "lead", "lead__short", "owner_id", "assigner_unit_id",
)  # fmt: skip
"""What a list shows of a task, and what its rules ask of it."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the SQL of a page depends on: of how many own units (0: of all), which light, in which order, whether it
    begins at the beginning, and how many rows."""

    units: int
    light: str
    open_only: bool
    sort: str
    first: bool
    size: int


def usual_page(*, actor: Actor, filter: TaskFilter, after: str, size: int) -> list[TaskItem] | None:
    """The rows of a page of such a list; None for any other filter, reader or cursor. One query."""
    plain = replace(filter, mine=False, light="", open_only=False, sort="due")
    if plain != TaskFilter() or actor.person_id is None:
        return None
    units = sorted(actor.unit_ids) if filter.mine else []
    if filter.mine and not units:
        return None
    if not filter.mine and (
        not OFFICES.test(actor, None) or any(stream == "task" for stream, _id in actor.denials)
    ):
        return None
    sort = filter.sort if filter.sort in SORTS else "due"
    begin = _after(sort, after)
    if after and begin is None:
        return None
    length = 1 << (len(units) - 1).bit_length() if units else 0
    keys = [*units, *units[-1:] * (length - len(units))]
    shape = _Shape(length, filter.light, filter.open_only, sort, begin is None, size)
    values: dict[str, Any] = {"clearance": actor.clearance, "person": actor.person_id, "now": clock.now()}
    values |= {f"unit{n}": key for n, key in enumerate(keys)} | (begin or {})
    return _read(shape)(**values)


def _after(sort: str, after: str) -> dict[str, Any] | None:
    """Where the page begins, by the names of the slots; None at the beginning and for what is no cursor."""
    text, _, last = after.rpartition("_")
    if not last.isdigit():
        return None
    if sort == "new":
        return None if text else {"last": int(last)}
    try:
        return {"value": datetime.fromisoformat(text), "last": int(last)}
    except ValueError:
        return None


@lru_cache(maxsize=128)
def _read(shape: _Shape) -> Prepared[TaskItem]:
    return Prepared(lambda slot: _rows(shape, slot))


def _rows(shape: _Shape, slot: Slots) -> "QuerySet[TaskItem]":
    wanted = Q(level__lte=slot("clearance"))
    if shape.units:
        units: Sequence[Any] = [slot(f"unit{n}") for n in range(shape.units)]
        wanted &= Q(owner_id=slot("person")) | Q(lead__id__in=units)
    if shape.light:
        wanted &= condition(LIGHT_BY_ID[shape.light], slot("now"))
    if shape.open_only:
        wanted &= Q(light_state="open")
    if shape.sort == "red":
        wanted &= Q(red_at__isnull=False)
    order = SORTS[shape.sort]
    name, step = order[0].lstrip("-"), "lt" if order[0].startswith("-") else "gt"
    if not shape.first and name == "id":
        wanted &= Q(**{f"id__{step}": slot("last")})
    elif not shape.first:
        value = slot("value")
        wanted &= Q(**{f"{name}__{step}": value}) | Q(**{name: value, f"id__{step}": slot("last")})
    rows = TaskItem.objects.filter(wanted).select_related("lead").only(*LISTED)
    return rows.order_by(*order)[: shape.size]
