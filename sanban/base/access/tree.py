"""What every rule is made of: a node that decides, selects, and tells two other engines; whole and choice of nodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from django.db.models import Model, Q
from django.utils.functional import Promise

from sanban.base.access.actor import Actor

NOTHING = Q(pk__in=[])
EVERYTHING = Q()
Words = str | Promise


class Node(Protocol):
    """A rule: decide, select, tell the database, tell Cedar."""

    def test(self, actor: Actor, thing: Any) -> bool: ...
    def q(self, actor: Actor) -> Q: ...
    def rls(self, model: type[Model]) -> str: ...
    def cedar(self) -> str: ...


class Leaf(Node, Protocol):
    """One condition, which can be said. `far` is how hard it is to come by: the nearest way in explains a refusal."""

    far: ClassVar[int]

    def words(self) -> str: ...
    def why(self) -> str: ...
    def whom(self) -> str: ...


def column(model: type[Model], field: str) -> str:
    """The field's column as SQL names it."""
    return f'"{model._meta.db_table}"."{model._meta.get_field(field).column}"'  # type: ignore[union-attr]


def place(model: type[Model], stream: str) -> str:
    return f"'{stream}/' || {column(model, 'id')}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold."""

    parts: tuple[Node, ...]

    def test(self, actor: Actor, thing: Any) -> bool:
        return all(part.test(actor, thing) for part in self.parts)

    def q(self, actor: Actor) -> Q:
        made = EVERYTHING
        for part in self.parts:
            made &= part.q(actor)
        return made

    def rls(self, model: type[Model]) -> str:
        return f"({' AND '.join(part.rls(model) for part in self.parts)})"

    def cedar(self) -> str:
        return _joined(self.parts, " && ")


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

    def rls(self, model: type[Model]) -> str:
        return f"({' OR '.join(part.rls(model) for part in self.parts)})"

    def cedar(self) -> str:
        return _joined(self.parts, " || ")


def _joined(parts: Sequence[Node], mark: str) -> str:
    return mark.join(f"({part.cedar()})" for part in parts)
