"""The cast of this room's tests: one person for each role, in an office below a government."""

from dataclasses import dataclass

from sanban.base.access.actor import ROLES, SYSTEM, Actor
from sanban.base.ledger.replay import snapshot
from sanban.base.people import actions
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.models import AccessToken, Deputy, Person, RoleGrant, Unit, UnitClass, UnitName
from sanban.base.people.queries import actor_of

WORD = "qing-jiang-2026-long"
TABLES = [Unit, UnitName, UnitClass, Person, RoleGrant, Deputy, AccessToken]


@dataclass(frozen=True)
class Office:
    """Ids of units by code and of people by login; each login is the role its person has."""

    units: dict[str, int]
    people: dict[str, int]

    def actor(self, login: str) -> Actor:
        """Who that person is right now."""
        return actor_of(person=Person.objects.get(login=login))


def open_office() -> Office:
    """A government with two offices and a division; everybody sits in the first office."""
    drafts = [
        UnitDraft(code="gov", name="清江省人民政府", short="省政府", kind="government"),
        UnitDraft(code="off", name="综合办公室", short="综合办", kind="office", parent_code="gov"),
        UnitDraft(code="div", name="综合处", short="综合处", kind="division", parent_code="off"),
        UnitDraft(
            code="water",
            name="水利厅",
            short="水利",
            kind="department",
            parent_code="gov",
            aliases=("水利局",),
        ),
    ]
    units = dict(zip(("gov", "off", "div", "water"), actions.create_units(SYSTEM, units=drafts), strict=True))
    people = actions.create_people(
        SYSTEM,
        people=[
            PersonDraft(login=role, name=name, unit_id=units["off"], roles=(role,))
            for role, name in ROLES.items()
        ],
    )
    actions.set_passwords(SYSTEM, passwords=dict.fromkeys(ROLES, WORD))
    return Office(units, dict(zip(ROLES, people, strict=True)))


def everything() -> dict[str, list[object]]:
    """All rows of this room's tables."""
    return snapshot(TABLES)
