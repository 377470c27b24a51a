"""Who acts: a person at a post, with roles and clearance, or the system's own clock."""

from dataclasses import dataclass, field
from typing import Final

from django.http import HttpRequest

PUBLIC, INTERNAL, SECRET = 0, 1, 2

ROLES: Final = {
    "admin": "系统管理员",
    "security": "安全管理员",
    "auditor": "审计管理员",
    "dispatcher": "交办员",
    "supervisor": "督查员",
    "signer": "督办签发人",
    "researcher": "研究员",
    "leader": "领导",
    "liaison": "联络员",
    "officer": "承办人",
}
"""Role identifiers with their office names; translated where shown."""


Place = tuple[str, int]
"""An object by its stream and id."""
LISTS: Final = ("grants", "denials", "members", "purposes")
"""The lists of single objects that an actor has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The subject of every rule. `unit_ids` are the own unit and all below it; `stands_for` the persons stood in for.

    Single objects: `grants` and `denials` may, or may not, be seen now whatever the units say, `members` name the actor
    (知悉人员), of `purposes` he has said what he needs them for.
    """

    ref: str
    person_id: int | None = None
    name: str = ""
    unit_id: int | None = None
    unit_name: str = ""
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    roles: frozenset[str] = field(default_factory=frozenset)
    clearance: int = INTERNAL
    on_behalf_of: str = ""
    stands_for: frozenset[int] = frozenset()
    grants: frozenset[Place] = frozenset()
    denials: frozenset[Place] = frozenset()
    members: frozenset[Place] = frozenset()
    purposes: frozenset[Place] = frozenset()
    system: bool = False

    def has(self, *roles: str) -> bool:
        """Whether the actor holds one of the roles; the system holds all."""
        return self.system or not self.roles.isdisjoint(roles)


SYSTEM: Final = Actor(ref="system", name="系统", clearance=SECRET, system=True)
ANYBODY: Final = Actor(ref="anybody", name="", clearance=PUBLIC)


def actor_of(request: HttpRequest) -> Actor:
    """Who makes the request, as the people room settled it at the door."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
