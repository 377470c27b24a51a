"""Which tasks a viewer may see, and what a list is narrowed to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from sanban.base import clock
from sanban.base.access.actor import SECRET, Actor
from sanban.base.access.policy import Level
from sanban.base.light.colours import condition
from sanban.base.light.engine import LIGHT_BY_ID
from sanban.base.search.queries import secrets_named
from sanban.execute.task.models import TaskItem
from sanban.execute.task.rules import TASK_VISIBLE

SORTS: Final = {"due": ("due_at", "id"), "-due": ("-due_at", "-id"), "new": ("-id",), "red": ("red_at", "id")}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """What the register is narrowed to; empty values narrow nothing."""

    q: str = ""
    light: str = ""
    state: str = ""
    lead: int | None = None
    under: tuple[int, ...] = ()
    policy: int | None = None
    measure: int | None = None
    parent: int | None = None
    owner: int | None = None
    partner: int | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    ended_from: datetime | None = None
    ended_to: datetime | None = None
    open_only: bool = False
    mine: bool = False
    sort: str = "due"


def visible(*, actor: Actor) -> QuerySet[TaskItem]:
    """Every task the actor may see."""
    return TaskItem.objects.filter(TASK_VISIBLE.q(actor))


def _own(actor: Actor) -> QuerySet[TaskItem]:
    """What the person or his units lead. All of it is visible but for its level, so no other right is asked."""
    mine = Q(owner_id=actor.person_id) | Q(lead_id__in=actor.unit_ids)
    return TaskItem.objects.filter(Level().q(actor) & mine)


def matching(*, actor: Actor, filter: TaskFilter) -> QuerySet[TaskItem]:
    """The visible tasks of a filter, unordered."""
    rows = _own(actor) if filter.mine else visible(actor=actor)
    if filter.light:
        rows = rows.filter(condition(LIGHT_BY_ID[filter.light], clock.now()))
    plain: dict[str, Any] = {
        "state": filter.state, "lead_id": filter.lead, "policy_id": filter.policy, "measure_id": filter.measure,
        "parent_id": filter.parent, "owner_id": filter.owner, "due_at__gte": filter.due_from,
        "due_at__lt": filter.due_to, "ended_at__gte": filter.ended_from, "ended_at__lt": filter.ended_to,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value not in ("", None)})
    if filter.under:
        rows = rows.filter(lead_id__in=filter.under)
    if filter.partner:
        rows = rows.filter(partners__unit_id=filter.partner)
    if filter.open_only:
        rows = rows.filter(light_state="open")
    if filter.q:
        named = Q(title__contains=filter.q, level__lt=SECRET)
        secret = secrets_named(actor=actor, kind="task", text=filter.q)
        rows = rows.filter(named | secret | Q(number__endswith=filter.q))
    return rows
