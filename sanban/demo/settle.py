"""Settling the invented province: its units, classes of units and people, by the real actions."""

from dataclasses import dataclass

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.queries import actors_by_login, unit_ids_by_code
from sanban.demo.world.people import PEOPLE
from sanban.demo.world.units import CLASSES, UNITS, members


@dataclass(frozen=True, slots=True)
class Province:
    """Who and what there is: unit ids by code, actors by login."""

    units: dict[str, int]
    actors: dict[str, Actor]


def settle(password: str) -> Province:
    """Make all units, then the classes, then the people with their roles; one act each."""
    people.create_units(
        SYSTEM,
        units=[
            UnitDraft(
                code=unit.code,
                name=unit.name,
                short=unit.short,
                kind=unit.kind,
                parent_code=unit.parent,
                order=unit.order,
                aliases=tuple(unit.aliases),
            )
            for unit in UNITS
        ],
    )
    units = unit_ids_by_code(actor=SYSTEM)
    for group in CLASSES:
        people.create_unit_class(
            SYSTEM,
            name=group.name,
            aliases=tuple(group.aliases),
            definite=group.definite,
            member_ids=[units[unit.code] for unit in members(group)],
        )
    people.create_people(
        SYSTEM,
        people=[
            PersonDraft(
                login=person.login,
                name=person.name,
                unit_id=units[person.unit],
                post=person.post,
                roles=person.roles,
                clearance=person.clearance,
                email=f"{person.login}@qingjiang.example",
            )
            for person in PEOPLE
        ],
    )
    people.set_passwords(SYSTEM, passwords={person.login: password for person in PEOPLE})
    return Province(units=units, actors=actors_by_login(actor=SYSTEM))
