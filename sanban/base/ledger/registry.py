"""Event types, the projections folded from them, and the tables that follow. Closed at start-up, as all registries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from types import UnionType
from typing import (
    Any,
    ClassVar,
    Final,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from django.db import models
from django.utils.functional import Promise

from sanban.base.ledger.entry import Entry
from sanban.base.vault import columns

_LARGEST = 2**53 - 1
Words = str | Promise
E = TypeVar("E", bound="Event")
Fold = Callable[[Sequence[Entry]], None]
Chapter = Callable[[Any, int], Sequence[tuple[str, int]]]

ERASED: Final = columns.ERASED

EVENTS: dict[str, type["Event"]] = {}
FOLDS: dict[type["Event"], list[Fold]] = {}
FLOORS: dict[str, int] = {}
"""By kind of event, the lowest level that one of its fields asks for."""
COPIES: dict[tuple[str, str, str], list[str]] = {}
"""Fields of other kinds of events that repeat a field: by kind and field of the one, and kind of the other."""
STORIES: dict[str, list[Chapter]] = {}
REBUILT: dict[str, "Rebuilt"] = {}


class Event:
    """Base of all event payloads: what was done, with everything needed to do it again."""

    kind: ClassVar[str]
    stream: ClassVar[str]
    sentence: ClassVar[Words]
    instants: ClassVar[frozenset[str]]
    dates: ClassVar[frozenset[str]]
    texts: ClassVar[frozenset[str]]
    names: ClassVar[tuple[str, ...]]


def _speaks_of(hint: Any, wanted: type) -> bool:
    if get_origin(hint) in (Union, UnionType):
        return any(_speaks_of(part, wanted) for part in get_args(hint))
    return hint is wanted


@dataclass_transform(frozen_default=True, kw_only_default=True)
def event(kind: str, *, stream: str, sentence: Words) -> Callable[[type[E]], type[E]]:
    """Declare an event type: `room.noun_verbed`, the stream it belongs to, and its sentence for people."""

    def declare(cls: type[E]) -> type[E]:
        made: type[E] = dataclass(frozen=True, kw_only=True)(cls)
        if kind in EVENTS and EVENTS[kind].__qualname__ != cls.__qualname__:
            raise ValueError(f"event kind {kind} is declared twice")
        hints = get_type_hints(made)
        made.kind, made.stream, made.sentence = kind, stream, sentence
        made.names = tuple(sorted(f.name for f in fields(made)))  # type: ignore[arg-type]
        made.instants = frozenset(n for n in made.names if _speaks_of(hints[n], datetime))
        made.dates = frozenset(n for n in made.names if _speaks_of(hints[n], date))
        made.texts = frozenset(n for n in made.names if _speaks_of(hints[n], str))
        EVENTS[kind] = made
        return made

    return declare


def folds(*types: type[Event]) -> Callable[[Fold], Fold]:
    """Register a projection: called with the entries of one type, inside the act and at every rebuild."""

    def register(fold: Fold) -> Fold:
        for cls in types:
            FOLDS.setdefault(cls, []).append(fold)
        return fold

    return register


def tells(stream: str) -> Callable[[Chapter], Chapter]:
    """Register streams that belong to the story of an object: `chapter(actor, object_id)` names those one may read."""

    def register(chapter: Chapter) -> Chapter:
        if chapter not in STORIES.setdefault(stream, []):
            STORIES[stream].append(chapter)
        return chapter

    return register


def copies(of: tuple[str, str], kind: str, name: str) -> None:
    """Say that a field of one kind of events repeats a field of another: what is erased there is erased here."""
    known = COPIES.setdefault((*of, kind), [])
    if name not in known:
        known.append(name)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A table that follows from the ledger: what names a row, and columns that are readings of the machine."""

    table: type[models.Model]
    key: tuple[str, ...]
    apart: frozenset[str]


def rebuilds(table: type[models.Model], *, key: Sequence[str] = (), apart: Sequence[str] = ()) -> None:
    """Register a table of which every column but those `apart` comes out of the ledger again.

    `key` names a row where its own number is not kept by the ledger. Parents are registered before their parts.
    """
    REBUILT[table._meta.label] = Rebuilt(table, tuple(key), frozenset(apart) | ({"id"} if key else set()))


def story(actor: Any, stream: str, object_id: int) -> list[tuple[str, int]]:
    """The object's own stream and all that rooms above have added to its story."""
    own = [(stream, object_id)]
    return own + [part for chapter in STORIES.get(stream, ()) for part in chapter(actor, object_id)]


def encode(value: Any) -> Any:
    """A payload value as plain JSON, such that its canonical bytes are those of RFC 8785.

    Floats are refused (amounts are integers, times are text), integers from 2**53 on, and names outside the basic
    plane, which that standard sorts in another order than Python.
    """
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return value
    if kind is dict:
        return {_name(key): encode(part) for key, part in value.items()}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        if not -_LARGEST <= value <= _LARGEST:
            raise TypeError("a ledger value may not be an integer of 2**53 or more")
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        if value and set(map(type, value)) == {int} and min(value) >= -_LARGEST and max(value) <= _LARGEST:
            return list(value)
        return [encode(part) for part in value]
    raise TypeError(f"a ledger value may not be a {kind.__name__}")


def _name(key: Any) -> str:
    name = key if type(key) is str else str(key)
    if not name.isascii() and max(name) > "\uffff":
        raise TypeError("a name in a ledger value may not leave the basic plane of Unicode")
    return name


def decode(cls: type[E], values: dict[str, Any]) -> E:
    """The payload object again, from what `encode` made. Unknown names, and erased ones but texts, become None."""
    ready: dict[str, Any] = {}
    for name in cls.names:
        value = values.get(name)
        if value == ERASED and name not in cls.texts:
            value = None
        if value is not None and name in cls.instants:
            value = datetime.fromisoformat(value)
        elif value is not None and name in cls.dates:
            value = date.fromisoformat(value)
        ready[name] = value
    return cls(**ready)
