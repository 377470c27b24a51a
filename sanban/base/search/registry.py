"""What can be found or referred to: each room says how its kind of object is called and which an actor may see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from zlib import crc32

from django.db.models import QuerySet
from django.utils.functional import Promise

from sanban.base.access.actor import Actor

KIND_BITS = 10


class Visible(Protocol):
    """The room's own query of what this actor may see."""

    def __call__(self, *, actor: Actor) -> QuerySet[Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """One kind of object that can be found."""

    kind: str
    label: str | Promise
    order: int
    icon: str
    url_name: str
    visible: Visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One object as others may refer to it: what it is called, where its page is, its level and unit."""

    kind: str
    label: str | Promise
    object_id: int
    title: str
    number: str
    url: str
    level: int
    unit_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Referable:
    """A kind of object that is not in the index but may be referred to; `describe` says what one of them is."""

    visible: Visible
    describe: Callable[[Any], Subject]


_kinds: dict[str, Searchable] = {}
_referable: dict[str, Referable] = {}


def register_searchable(
    kind: str, *, label: str | Promise, order: int, icon: str, url_name: str, visible: Callable[..., Any]
) -> None:
    """Let objects of a kind be found. `visible` is the room's query: what is not in it is never shown."""
    if any(other != kind and _number(other) == _number(kind) for other in _kinds):
        raise ValueError(f"the kind {kind!r} has the same number as another: give it another name")
    _kinds[kind] = Searchable(
        kind=kind, label=label, order=order, icon=icon, url_name=url_name, visible=visible
    )


def register_referable(kind: str, *, visible: Callable[..., Any], describe: Callable[[Any], Subject]) -> None:
    """Let objects of a kind that is not in the index be referred to, as a measure inside its policy."""
    _referable[kind] = Referable(visible=visible, describe=describe)


def referable(kind: str) -> Referable | None:
    """How objects of a kind outside the index are referred to."""
    return _referable.get(kind)


def searchables() -> list[Searchable]:
    """All kinds in the order of the page."""
    return sorted(_kinds.values(), key=lambda row: row.order)


def _number(kind: str) -> int:
    return crc32(kind.encode()) & ((1 << KIND_BITS) - 1)


def key_of(kind: str, object_id: int) -> int:
    """The entry's number, from kind and object: 53 bits of object and 10 of kind fit a signed 64-bit key."""
    return object_id << KIND_BITS | _number(kind)
