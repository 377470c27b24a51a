"""The named cast of this room's tests: one office that assigns, one that inspects, two departments that work."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.queries import actors_by_login
from sanban.execute.task import actions
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import TaskItem

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""09:00 of a working Monday in the office."""
FRIDAY_DUE = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
"""17:30 of a Friday nearly three weeks later."""


@dataclass(frozen=True)
class Office:
    """Units by code, people by login."""

    units: dict[str, int]
    dispatcher: Actor
    supervisor: Actor
    water: Actor
    roads: Actor
    stranger: Actor


def open_office() -> Office:
    """Settle the units and people by the real actions."""
    names = {
        "general": "综合办",
        "inspection": "督查办",
        "water": "水利厅",
        "roads": "交通厅",
        "parks": "园林局",
    }
    units = people.create_units(
        SYSTEM,
        units=[
            UnitDraft(code=code, name=name, short=name, kind="department") for code, name in names.items()
        ],
    )
    by_code = dict(zip(names, units, strict=True))
    cast = {
        "dispatcher": ("general", "dispatcher"),
        "supervisor": ("inspection", "supervisor"),
        "water": ("water", "liaison"),
        "roads": ("roads", "liaison"),
        "stranger": ("parks", "officer"),
    }
    people.create_people(
        SYSTEM,
        people=[
            PersonDraft(login=login, name=login, unit_id=by_code[unit], roles=(role,))
            for login, (unit, role) in cast.items()
        ],
    )
    actors = actors_by_login(actor=SYSTEM)
    return Office(units=by_code, **{login: actors[login] for login in cast})


def assigned(office: Office, *, title: str = "整治河道", lead: str = "water", **more: object) -> TaskItem:
    """One task assigned on the Monday, due on the Friday."""
    draft = TaskDraft(title=title, lead_id=office.units[lead], due_at=FRIDAY_DUE, **more)  # type: ignore[arg-type]
    with clock.freeze(MONDAY):
        (task_id,) = actions.assign_many(office.dispatcher, drafts=[draft])
    return TaskItem.objects.get(pk=task_id)
