"""What can be found: each room says of its kind of object how it is called and which of them an actor may see."""

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


_kinds: dict[str, Searchable] = {}


def register_searchable(
    kind: str, *, label: str | Promise, order: int, icon: str, url_name: str, visible: Callable[..., Any]
) -> None:
    """Let objects of a kind be found. `visible` is the room's query: what is not in it is never shown."""
    if any(other != kind and _number(other) == _number(kind) for other in _kinds):
        raise ValueError(f"the kind {kind!r} has the same number as another: give it another name")
    _kinds[kind] = Searchable(
        kind=kind, label=label, order=order, icon=icon, url_name=url_name, visible=visible
    )


def searchables() -> list[Searchable]:
    """All kinds in the order of the page."""
    return sorted(_kinds.values(), key=lambda row: row.order)


def _number(kind: str) -> int:
    return crc32(kind.encode()) & ((1 << KIND_BITS) - 1)


def key_of(kind: str, object_id: int) -> int:
    """The entry's number, from kind and object: 53 bits of object and 10 of kind fit a signed 64-bit key."""
    return object_id << KIND_BITS | _number(kind)
