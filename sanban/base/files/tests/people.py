"""The cast of this room's tests: three units, and persons who differ in one thing each."""

from dataclasses import replace

from sanban.base.access.actor import SYSTEM, Actor

OWN_UNIT, OTHER_UNIT, THIRD_UNIT = 101, 102, 103


def person(ref: str, unit: int, *roles: str, clearance: int = 1) -> Actor:
    """A person of a unit with these roles."""
    return Actor(
        ref=ref,
        person_id=int(unit),
        name=ref,
        unit_id=unit,
        unit_name=str(unit),
        unit_ids=frozenset({unit}),
        roles=frozenset(roles),
        clearance=clearance,
        on_behalf_of="",
        system=False,
    )


UPLOADER = person("uploader", OWN_UNIT, "officer")
COLLEAGUE = person("colleague", OWN_UNIT, "officer")
STRANGER = person("stranger", OTHER_UNIT, "officer")
SUPERVISOR = person("supervisor", THIRD_UNIT, "supervisor")
SECURITY = person("security", THIRD_UNIT, "security")
TRUSTED_UPLOADER = replace(UPLOADER, clearance=2)
TRUSTED_STRANGER = replace(STRANGER, clearance=2)
TRUSTED_SUPERVISOR = replace(SUPERVISOR, clearance=2)
OUTSIDER = replace(STRANGER, clearance=0)
EVERYBODY = (
    UPLOADER, COLLEAGUE, STRANGER, SUPERVISOR, SECURITY, TRUSTED_UPLOADER, TRUSTED_STRANGER,
    TRUSTED_SUPERVISOR, OUTSIDER, SYSTEM,
)  # fmt: skip
