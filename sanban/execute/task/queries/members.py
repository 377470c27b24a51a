"""Who is named for a work secret, and who can be (知悉人员)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from sanban.base import clock
from sanban.base.access.actor import SECRET, Actor
from sanban.base.access.grants import members_at
from sanban.base.people.models import Person, RoleGrant
from sanban.base.people.rules import SECURITY_ROLES
from sanban.execute.task.models import TaskItem
from sanban.execute.task.rules import TASK_VISIBLE


@dataclass(frozen=True, slots=True)
class Member:
    """A person, where he sits, and until when he is named; `until` is empty for who can still be."""

    id: int
    name: str
    unit: str
    until: datetime | None = None


def members(*, actor: Actor, task: TaskItem) -> list[Member]:
    """Who is named for this task now. Two queries, and none for a task below work secret."""
    if task.level < SECRET or not TASK_VISIBLE.test(actor, task):
        return []
    ends = dict(members_at("task", task.pk, clock.now()))
    found = (
        Person.objects.filter(pk__in=[*ends, 0])
        .order_by("unit__path", "name", "pk")
        .values_list("pk", "name", "unit__short")
    )
    return [Member(pk, name, unit, ends[pk]) for pk, name, unit in found]


def nameable(*, actor: Actor) -> list[Member]:
    """Who can be named for a work secret: in office, cleared for it, none of the three administrators. One query."""
    now = clock.now()
    administers = RoleGrant.objects.filter(
        Q(until=None) | Q(until__gt=now), person_id=OuterRef("pk"), role__in=SECURITY_ROLES, since__lte=now
    )
    rows = Person.objects.filter(~Exists(administers), is_active=True, clearance__gte=SECRET)
    return [
        Member(*row)
        for row in rows.order_by("unit__path", "name", "pk").values_list("pk", "name", "unit__short")
    ]
