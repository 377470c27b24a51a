"""Why not, and whom to ask: the condition that decides on this object, not simply the first of the rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.access.policy import AllOf, AnyOf, Leaf, Node


@dataclass(frozen=True, slots=True)
class Reason:
    """The leaf that refused, in the words for whom it refuses."""

    leaf: Leaf

    @property
    def text(self) -> str:
        """The reason and the way on."""
        return f"{self.leaf.why()}{self.leaf.whom()}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule in words: whether it holds (None: nobody was asked about), and the lines within it."""

    words: str
    holds: bool | None = None
    decides: bool = False
    parts: tuple["Line", ...] = ()


def leaves(node: Node) -> Iterator[Leaf]:
    """All conditions of a rule, in their order."""
    if isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield cast(Leaf, node)


def explain(node: Node, actor: Actor, thing: Any) -> Reason | None:
    """What stands in the way, or nothing.

    Where all must hold, the hardest that fails: help with another would not help. Where one is enough, the nearest
    way in: the branch in which the least is missing.
    """
    if node.test(actor, thing):
        return None
    while isinstance(node, AllOf | AnyOf):
        failing = [part for part in node.parts if not part.test(actor, thing)]
        choose = max if isinstance(node, AllOf) else min
        node = choose(failing, key=lambda part: _distance(part, actor, thing))
    return Reason(cast(Leaf, node))


def first_failure(node: Node, actor: Actor, thing: Any) -> str:
    """Why the actor may not, and whom to ask; nothing when he may."""
    reason = explain(node, actor, thing)
    return reason.text if reason else ""


def deciding(node: Node, actor: Actor, thing: Any) -> tuple[Leaf, ...]:
    """The conditions that decide: the one that refuses, or those that together allow."""
    reason = explain(node, actor, thing)
    if reason is not None:
        return (reason.leaf,)
    return tuple(_carrying(node, actor, thing))


def tell(node: Node, actor: Actor | None = None, thing: Any = None) -> Line:
    """The rule in words, line within line, each with whether it holds for this actor and thing."""
    marks = {id(leaf) for leaf in deciding(node, actor, thing)} if actor is not None else set()
    return _line(node, actor, thing, marks)


def _line(node: Node, actor: Actor | None, thing: Any, marks: set[int]) -> Line:
    holds = None if actor is None else node.test(actor, thing)
    if isinstance(node, AllOf | AnyOf):
        words = _("以下各条都须符合：") if isinstance(node, AllOf) else _("以下符合一条即可：")
        parts = tuple(_line(part, actor, thing, marks) for part in node.parts)
        return Line(words, holds, parts=parts)
    return Line(cast(Leaf, node).words(), holds, id(node) in marks)


def _carrying(node: Node, actor: Actor, thing: Any) -> Iterator[Leaf]:
    """Of a rule that holds: every part of a whole, the first part of a choice."""
    if isinstance(node, AllOf):
        for part in node.parts:
            yield from _carrying(part, actor, thing)
    elif isinstance(node, AnyOf):
        yield from _carrying(next(part for part in node.parts if part.test(actor, thing)), actor, thing)
    else:
        yield cast(Leaf, node)


def _distance(node: Node, actor: Actor, thing: Any) -> int:
    """How much is missing: of a whole everything that fails, of a choice the least."""
    if isinstance(node, AllOf):
        return sum(_distance(part, actor, thing) for part in node.parts if not part.test(actor, thing))
    if isinstance(node, AnyOf):
        if node.test(actor, thing):
            return 0
        return min((_distance(part, actor, thing) for part in node.parts), default=99)
    return 0 if node.test(actor, thing) else cast(Leaf, node).far
