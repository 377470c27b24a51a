"""What waits for a person, and what is late."""

from typing import Final

from django.db.models import Q, fields
from django.db.models.expressions import RawSQL

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.execute.task.models import TaskItem
from sanban.execute.task.queries.filters import visible
from sanban.execute.task.rules import WAITING_STATES

WAITING: Final = RawSQL(  # noqa: S611 - as literals: only so does SQLite see that its partial index holds them all
    f"task_taskitem.state IN {WAITING_STATES}", (), output_field=fields.BooleanField()
)


def todo(*, actor: Actor, limit: int = 50) -> list[tuple[TaskItem, str]]:
    """What waits for this person, with the verb that is next, soonest first."""
    own = Q(owner_id=actor.person_id)
    if actor.has("liaison") and not actor.system:
        own |= Q(lead_id__in=actor.unit_ids)
    duty = Q(state__in=("concluded", "verified") if actor.has("supervisor") else ())
    if actor.has("dispatcher"):
        duty |= Q(state="sent_back", assigner_unit_id__in=actor.unit_ids)
    waiting = (Q(state__in=("assigned", "acknowledged")) & own, duty & Q(WAITING))
    soonest = [
        row
        for part in waiting  # each by its own index: together they would be looked for among all tasks
        for row in visible(actor=actor).filter(part).select_related("lead").order_by("due_at", "pk")[:limit]
    ]
    rows = sorted(soonest, key=lambda row: (row.due_at, row.pk))[:limit]
    verbs = {
        "assigned": "acknowledge", "acknowledged": "report", "sent_back": "forward", "concluded": "verify",
        "verified": "close_out",
    }  # fmt: skip
    return [(row, verbs[row.state]) for row in rows]


def overdue(*, actor: Actor, limit: int = 10) -> list[TaskItem]:
    """Red first, then amber, the oldest red instant first: one walk along the index of red instants."""
    now = clock.now()
    rows = visible(actor=actor).filter(light_state="open", red_at__isnull=False)
    lit = rows.filter(Q(red_at__lte=now) | Q(amber_at__lte=now))
    found = lit.select_related("lead").prefetch_related("partners__unit")
    return list(found.order_by("red_at", "pk")[:limit])
