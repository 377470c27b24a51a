"""What is asked of the bulk acts: one draft a unit or person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """A unit to be made; its parent is named by code and may stand earlier in the same list."""

    code: str
    name: str
    short: str
    kind: str
    parent_code: str = ""
    order: int = 0
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A person to be registered with the roles of the first day."""

    login: str
    name: str
    unit_id: int
    post: str = ""
    roles: tuple[str, ...] = ()
    clearance: int = 1
    email: str = ""
    mobile: str = ""
