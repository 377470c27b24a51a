"""The cast of this room's tests, and one policy with a text to quote from."""

from dataclasses import dataclass
from datetime import date

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.models import Person
from sanban.base.people.queries import actor_of
from sanban.decide.policy import actions
from sanban.decide.policy.actions import MeasureDraft

TEXT = "各厅局：\n一、改造泵站。水利厅牵头，2026年6月底前完成。\n二、建立值守制度。应急厅负责。\n特此通知。"
PUMPS, WATCH = "改造泵站。水利厅牵头，2026年6月底前完成。", "建立值守制度。应急厅负责。"
ROLES = (
    "dispatcher",
    "researcher",
    "supervisor",
    "signer",
    "leader",
    "officer",
    "admin",
    "auditor",
    "security",
)


@dataclass(frozen=True)
class Office:
    """Units by code."""

    units: dict[str, int]

    def actor(self, login: str) -> Actor:
        """Who that person is."""
        return actor_of(person=Person.objects.get(login=login))


def open_office() -> Office:
    """The general office, a water department with its liaison, and another department with another liaison."""
    codes = ("general", "water", "fire")
    units = dict(
        zip(
            codes,
            people.create_units(
                SYSTEM, units=[UnitDraft(code=code, name=code, short=code, kind="office") for code in codes]
            ),
            strict=True,
        )
    )
    cast = {role: ("general", role, 1) for role in ROLES} | {
        "water": ("water", "liaison", 1), "fire": ("fire", "liaison", 1), "cleared": ("general", "dispatcher", 2),
    }  # fmt: skip
    people.create_people(
        SYSTEM,
        people=[
            PersonDraft(login=login, name=login, unit_id=units[unit], roles=(role,), clearance=clearance)
            for login, (unit, role, clearance) in cast.items()
        ],
    )
    return Office(units)


def span(words: str) -> tuple[int, int]:
    """Where the words stand in the text."""
    start = TEXT.index(words)
    return start, start + len(words)


def draft(words: str = PUMPS, **more: object) -> MeasureDraft:
    """A measure that quotes the words."""
    start, end = span(words)
    values: dict[str, object] = {"title": words.partition("。")[0], **more}
    return MeasureDraft(start=start, end=end, **values)  # type: ignore[arg-type]


def registered(office: Office, by: str = "dispatcher", **more: object) -> int:
    """One policy, registered by that person."""
    values: dict[str, object] = {
        "title": "关于做好防汛工作的通知", "doc_number": "清政办〔2026〕1号", "organ": "省政府办公厅",
        "issued_on": date(2026, 3, 2), **more,
    }  # fmt: skip
    return actions.register(actor=office.actor(by), text=TEXT, **values)  # type: ignore[arg-type]


def proposed(office: Office) -> tuple[int, list[int]]:
    """A policy with two proposed measures."""
    policy_id = registered(office)
    ids = actions.propose_measures(
        actor=office.actor("dispatcher"), policy_id=policy_id, drafts=[draft(PUMPS), draft(WATCH)]
    )
    return policy_id, ids
