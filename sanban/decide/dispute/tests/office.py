"""The cast of this room's tests: two departments at odds over a task, the general office, and who might decide."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.clock import freeze
from sanban.base.files import actions as files
from sanban.base.files.intake import receive
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.models import Person
from sanban.base.people.queries import actor_of
from sanban.decide.dispute import actions
from sanban.decide.dispute.drafts import DutyLine
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft

UNITS = {
    "cabinet": ("government", ""), "general": ("office", "cabinet"), "desk": ("division", "general"),
    "water": ("department", "cabinet"), "flood": ("division", "water"), "roads": ("department", "cabinet"),
    "fire": ("department", "cabinet"), "research": ("office", "cabinet"),
}  # fmt: skip
CAST = {
    "governor": ("cabinet", ("leader",), 2), "dispatcher": ("desk", ("dispatcher",), 1),
    "second": ("desk", ("dispatcher",), 2), "water": ("water", ("liaison",), 2), "flood": ("flood", ("liaison",), 1),
    "waterlead": ("water", ("leader",), 1), "worker": ("water", ("officer",), 1), "roads": ("roads", ("liaison",), 2),
    "roadslead": ("roads", ("leader",), 1), "fire": ("fire", ("liaison",), 1),
    "scholar": ("research", ("researcher",), 1),
    "officer": ("fire", ("officer",), 1), "cleared": ("research", ("researcher",), 2),
    "waterscholar": ("flood", ("researcher",), 1), "admin": ("general", ("admin",), 1),
    "security": ("general", ("security",), 1), "auditor": ("general", ("auditor",), 1),
    "supervisor": ("general", ("supervisor",), 1),
}  # fmt: skip
CLAIM: dict[str, Any] = {
    "question": "河道管护段由谁负责", "claim": "该段在公路用地范围内，应由交通部门管护。",
    "asks": "请裁决该段由省交通厅管护。", "ground": "《河道管理办法》第八条。",
}  # fmt: skip
RULING: dict[str, Any] = {
    "findings": "该段位于公路桥梁下方五十米内。", "grounds": "《公路安全保护条例》第二十条。",
    "decision": "该段由省交通厅管护，省水利厅给予技术指导。",
}  # fmt: skip


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of March 2026 on the office's wall clock (2 March is a Monday)."""
    return datetime(2026, 3, day, hour - 8, minute, tzinfo=UTC)


@dataclass(frozen=True)
class Office:
    """Units by code, and the task in dispute."""

    units: dict[str, int]
    task_id: int

    def actor(self, login: str) -> Actor:
        """Who that person is now, with what he may see now."""
        return actor_of(person=Person.objects.get(login=login))

    def person(self, login: str) -> int:
        """The id of that person."""
        return int(Person.objects.values_list("pk", flat=True).get(login=login))


def open_office(level: int = 1) -> Office:
    """Everybody at his place on Monday 2 March at 9:00, and one task led by the water department."""
    with freeze(at(2)):
        drafts = [
            UnitDraft(code=code, name=f"{code}名", short=code, kind=kind, parent_code=parent)
            for code, (kind, parent) in UNITS.items()
        ]
        units = dict(zip(UNITS, people.create_units(SYSTEM, units=drafts), strict=True))
        people.create_people(
            SYSTEM,
            people=[
                PersonDraft(
                    login=login, name=f"{login}员", unit_id=units[unit], roles=roles, clearance=clearance
                )
                for login, (unit, roles, clearance) in CAST.items()
            ],
        )
        draft = TaskDraft(title="整治河道", lead_id=units["water"], due_at=at(31, 17, 30), level=level)
        (task_id,) = tasks.assign_many(SYSTEM, drafts=[draft])
    return Office(units, task_id)


def opened(office: Office, by: str = "water", *, when: datetime | None = None, **more: Any) -> int:
    """One case of the water department against the roads department, opened on Monday 2 March at 9:00."""
    values = {
        "stream": "task",
        "object_id": office.task_id,
        "respondent_id": office.units["roads"],
        **CLAIM,
        **more,
    }
    with freeze(when or at(2)):
        return actions.open_dispute(office.actor(by), **values)


def answered(office: Office, dispute_id: int, *, when: datetime | None = None) -> None:
    """The roads department answers on Tuesday."""
    with freeze(when or at(3)):
        actions.answer(office.actor("roads"), dispute_id=dispute_id, text="该段属河道，不在公路用地内。")


def named(office: Office, dispute_id: int, login: str = "scholar", *, when: datetime | None = None) -> None:
    """The dispatcher names the arbiter on Tuesday."""
    with freeze(when or at(3, 10)):
        actions.name_arbiter(
            office.actor("dispatcher"), dispute_id=dispute_id, person_id=office.person(login)
        )


def duty(office: Office, unit: str = "roads", role: str = "R", matter: str = "河道管护") -> DutyLine:
    """One line of duty from 1 April."""
    return DutyLine(
        unit_id=office.units[unit], role=role, matter=matter, since=datetime(2026, 4, 1, tzinfo=UTC).date()
    )


def ruled(office: Office, dispute_id: int, login: str = "scholar", *, when: datetime | None = None) -> int:
    """The arbiter rules on Tuesday 10 March at 9:00: six working days after the opening."""
    with freeze(when or at(10)):
        return actions.rule(
            office.actor(login),
            dispute_id=dispute_id,
            duties=[duty(office), duty(office, "water", "C")],
            **RULING,
        )


def paper(actor: Actor, text: str, **more: Any) -> int:
    """A file handed in."""
    return files.upload(actor=actor, received=receive(text.encode(), f"{text}.txt"), level=1, **more)
