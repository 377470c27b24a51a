"""About two hundred invented persons of 清江省 and the named cast of the demonstration.

Every unit has its leader, its liaison and its officers; every person who handles work has a stand-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast, get_args

from sanban.demo.world.tables import parts, rows_of

Role = Literal[
    "admin",
    "security",
    "auditor",
    "dispatcher",
    "supervisor",
    "signer",
    "researcher",
    "leader",
    "liaison",
    "officer",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """One invented person; `leader` and `deputy` are logins, empty where there is none."""

    login: str
    name: str
    unit: str
    post: str
    roles: tuple[Role, ...]
    leader: str
    deputy: str
    clearance: int


def _person(row: dict[str, str]) -> PersonData:
    unknown = [role for role in parts(row["roles"]) if role not in get_args(Role)]
    if unknown:
        raise ValueError(f"people.tsv: {row['login']} has the unknown role {unknown[0]}")
    return PersonData(
        login=row["login"],
        name=row["name"],
        unit=row["unit"],
        post=row["post"],
        roles=cast("tuple[Role, ...]", parts(row["roles"])),
        leader=row["leader"],
        deputy=row["deputy"],
        clearance=int(row["clearance"]),
    )


PEOPLE: tuple[PersonData, ...] = tuple(_person(row) for row in rows_of("people"))
BY_LOGIN: dict[str, PersonData] = {person.login: person for person in PEOPLE}

CAST: dict[str, str] = {
    "governor": "cenhuaiyuan",
    "leader": "guchangning",
    "dispatcher": "liminghua",
    "supervisor": "zhouqihang",
    "signer": "hanzhenduo",
    "researcher": "shenjingshu",
    "admin": "taoliqun",
    "security": "luowenqian",
    "auditor": "ouyangcheng",
    "liaison_department": "fangruogu",
    "liaison_city": "wangxiaolan",
}
"""The persons a guided tour logs in as, by the part they play."""


def cast_member(part: str) -> PersonData:
    """The person who plays one part of the guided tour."""
    return BY_LOGIN[CAST[part]]


def in_unit(unit: str, role: Role | None = None) -> tuple[PersonData, ...]:
    """The persons whose own unit this is, of one role or of all."""
    return tuple(p for p in PEOPLE if p.unit == unit and (role is None or role in p.roles))


def with_role(role: Role) -> tuple[PersonData, ...]:
    """Everybody who holds a role, in the order of the register."""
    return tuple(person for person in PEOPLE if role in person.roles)


def receiver_of(unit: str) -> PersonData | None:
    """Who receives a unit's tasks: for a city the head of its 督查科, else the unit's own liaison; many have none."""
    for code in (unit, f"{unit}-supervision"):
        for person in in_unit(code, "liaison"):
            return person
    return None


def liaison_of(unit: str) -> PersonData:
    """Who receives the tasks of a unit that must have somebody for it."""
    found = receiver_of(unit)
    if found is None:
        raise LookupError(
            f"people.tsv: no liaison for the unit {unit}; give one person there the role liaison"
        )
    return found
