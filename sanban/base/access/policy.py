"""One expression tree for access: `test` decides on one object, `q` selects the same objects in the database.

A node also says in words why it refuses. Both sides are compared on generated data in the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sanban.base.access.actor import Actor

NOTHING = Q(pk__in=[])
EVERYTHING = Q()


class Node(Protocol):
    """A rule: decide, select, explain."""

    def test(self, actor: Actor, thing: Any) -> bool: ...
    def q(self, actor: Actor) -> Q: ...
    def why(self) -> str | Promise: ...


@dataclass(frozen=True, slots=True)
class Level:
    """Nobody sees above his clearance (就高从严)."""

    field: str = "level"

    def test(self, actor: Actor, thing: Any) -> bool:
        return bool(getattr(thing, self.field) <= actor.clearance)

    def q(self, actor: Actor) -> Q:
        return Q(**{f"{self.field}__lte": actor.clearance})

    def why(self) -> str | Promise:
        return _("密级高于您的知悉范围。")


@dataclass(frozen=True, slots=True)
class HasRole:
    """The actor holds one of the roles, whatever the object."""

    roles: tuple[str, ...]

    def test(self, actor: Actor, thing: Any) -> bool:
        return actor.has(*self.roles)

    def q(self, actor: Actor) -> Q:
        return EVERYTHING if actor.has(*self.roles) else NOTHING

    def why(self) -> str | Promise:
        return _("您的角色不含此项权限。")


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """The object's unit is the actor's own or below it."""

    field: str

    def test(self, actor: Actor, thing: Any) -> bool:
        return getattr(thing, self.field) in actor.unit_ids

    def q(self, actor: Actor) -> Q:
        return Q(**{f"{self.field}__in": actor.unit_ids})

    def why(self) -> str | Promise:
        return _("该事项不属于您所在的单位。")


@dataclass(frozen=True, slots=True)
class SharedWith:
    """The object is tied to one of the actor's units by rows of another table.

    `units(thing)` gives the unit ids of one object; `rows(unit_ids)` gives a queryset of object ids.
    """

    units: Callable[[Any], Any]
    rows: Callable[[frozenset[int]], Any]

    def test(self, actor: Actor, thing: Any) -> bool:
        return not actor.unit_ids.isdisjoint(self.units(thing))

    def q(self, actor: Actor) -> Q:
        return Q(pk__in=self.rows(actor.unit_ids)) if actor.unit_ids else NOTHING

    def why(self) -> str | Promise:
        return _("您的单位不是该事项的参与单位。")


@dataclass(frozen=True, slots=True)
class Granted:
    """The actor was given sight of this one object for a time, as the arbiter of a case or on request."""

    stream: str

    def test(self, actor: Actor, thing: Any) -> bool:
        return (self.stream, thing.pk) in actor.grants

    def q(self, actor: Actor) -> Q:
        ids = [object_id for stream, object_id in actor.grants if stream == self.stream]
        return Q(pk__in=ids) if ids else NOTHING

    def why(self) -> str | Promise:
        return _("您没有获准查阅该事项。")


@dataclass(frozen=True, slots=True)
class NotDenied:
    """Nobody sees what he was explicitly kept from: a denial wins over everything that allows."""

    stream: str

    def test(self, actor: Actor, thing: Any) -> bool:
        return (self.stream, thing.pk) not in actor.denials

    def q(self, actor: Actor) -> Q:
        ids = [object_id for stream, object_id in actor.denials if stream == self.stream]
        return ~Q(pk__in=ids) if ids else EVERYTHING

    def why(self) -> str | Promise:
        return _("已明确您不得查阅该事项。")


@dataclass(frozen=True, slots=True)
class Same:
    """A field of the object equals an attribute of the actor, as owner = person."""

    field: str
    attribute: str

    def test(self, actor: Actor, thing: Any) -> bool:
        wanted = getattr(actor, self.attribute)
        return wanted is not None and getattr(thing, self.field) == wanted

    def q(self, actor: Actor) -> Q:
        wanted = getattr(actor, self.attribute)
        return NOTHING if wanted is None else Q(**{self.field: wanted})

    def why(self) -> str | Promise:
        return _("您不是该事项的责任人。")


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold; the first that fails explains."""

    parts: tuple[Node, ...]

    def test(self, actor: Actor, thing: Any) -> bool:
        return all(part.test(actor, thing) for part in self.parts)

    def q(self, actor: Actor) -> Q:
        made = EVERYTHING
        for part in self.parts:
            made &= part.q(actor)
        return made

    def why(self) -> str | Promise:
        return self.parts[0].why()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough. A part that selects everything makes the whole select everything."""

    parts: tuple[Node, ...]

    def test(self, actor: Actor, thing: Any) -> bool:
        return any(part.test(actor, thing) for part in self.parts)

    def q(self, actor: Actor) -> Q:
        made = NOTHING
        for part in self.parts:
            found = part.q(actor)
            if not found:  # an empty condition selects everything
                return EVERYTHING
            if found is not NOTHING:
                made = found if made is NOTHING else made | found
        return made

    def why(self) -> str | Promise:
        return self.parts[-1].why()


def first_failure(node: Node, actor: Actor, thing: Any) -> str:
    """Why the actor may not: the sentence of the first part that fails, or nothing."""
    if node.test(actor, thing):
        return ""
    if isinstance(node, AllOf):
        return next((first_failure(p, actor, thing) for p in node.parts if not p.test(actor, thing)), "")
    return str(node.why())
