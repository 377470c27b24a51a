"""Actors for the tests of this room."""

from sanban.base.access.actor import Actor


def person(*roles: str) -> Actor:
    return Actor(
        ref="r-calendar-test",
        person_id=1,
        name="王敏",
        unit_id=None,
        unit_name="综合办",
        unit_ids=frozenset(),
        roles=frozenset(roles),
        clearance=1,
        on_behalf_of="",
        system=False,
    )
