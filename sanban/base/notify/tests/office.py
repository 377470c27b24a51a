"""The cast of this room's tests: the task room's office, and ways to look into an inbox."""

from datetime import datetime, timedelta
from typing import Any

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.notify.models import Message
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.models import Person
from sanban.base.people.queries import actor_of
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office, open_office


def opened() -> Office:
    """The office on a Monday at nine."""
    with clock.freeze(MONDAY - timedelta(days=30)):
        return open_office()


def give(
    office: Office,
    count: int = 1,
    *,
    lead: str = "water",
    actor: Actor | None = None,
    at: datetime = MONDAY,
    **more: Any,
) -> list[int]:
    """Tasks assigned in one act, on the Monday unless said otherwise."""
    drafts = [
        TaskDraft(title=f"整治第{n}段", lead_id=office.units[lead], due_at=FRIDAY_DUE, **more)
        for n in range(1, count + 1)
    ]
    with clock.freeze(at):
        return tasks.assign_many(actor or office.dispatcher, drafts=drafts)


def of(login: str) -> list[Message]:
    """The messages of a person, oldest first."""
    return list(Message.objects.filter(person__login=login).order_by("id"))


def joined(office: Office, login: str, unit: str, *roles: str, **more: Any) -> Actor:
    """One more person of the office."""
    with clock.freeze(MONDAY - timedelta(days=20)):
        draft = PersonDraft(login=login, name=login, unit_id=office.units[unit], roles=roles, **more)
        people.create_people(SYSTEM, people=[draft])
    with clock.freeze(MONDAY):
        return actor_of(person=Person.objects.get(login=login))


def pid(actor: Actor) -> int:
    """The id of a person who acts."""
    assert actor.person_id is not None
    return actor.person_id
