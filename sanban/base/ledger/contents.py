"""The values of an event's payload as they lie in one row: each with a salt of its own, all in one box of the vault.

They are the only content that may ever be erased: value and salt go together, and who ordered it stays by name.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sanban.base.ledger.models import LedgerContent
from sanban.base.ledger.prepared import PreparedMany
from sanban.base.vault import boxes
from sanban.base.vault.ciphers import Spoiled
from sanban.base.vault.keyring import Gone

SALT: Final = 16
Field = tuple[str, bytes, bytes]
"""Name, salt, canonical value."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A field as it is kept: its salt, its canonical value, and the event that erased both."""

    salt: bytes | None
    body: bytes | None
    erased_by: UUID | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a content lies: what its box is bound to, and what its key is made for."""

    event_id: UUID
    label: int
    stream: str
    object_id: int
    ver: int
    office: int | None
    at: datetime

    def bound(self) -> str:
        """Level, table, object and version: a row that is swapped or quietly labelled down does not open."""
        return f"{self.label}|ledger_content|{self.stream}/{self.object_id}|{self.ver}"

    def scope(self) -> str:
        """Whose key it falls under."""
        return boxes.scope_of(self.label, self.stream, self.object_id, self.office, self.at)


def pack(fields: Iterable[Field]) -> bytes:
    """All fields as one run of bytes: length and name, salt, length and value."""
    parts: list[bytes] = []
    for name, salt, value in fields:
        parts += (_head(name), salt, len(value).to_bytes(4, "big"), value)
    return b"".join(parts)


@lru_cache(maxsize=4096)
def _head(name: str) -> bytes:
    return len(name).to_bytes(1, "big") + name.encode("ascii")


def unpack(body: bytes) -> Iterator[Field]:
    """The fields again. ValueError when the bytes are not a run of fields."""
    at, end = 0, len(body)
    while at < end:
        after = at + 1 + body[at]
        name, salt = body[at + 1 : after].decode("ascii"), body[after : after + SALT]
        begin = after + SALT + 4
        stop = begin + int.from_bytes(body[after + SALT : begin], "big")
        if begin > end or stop > end:
            raise ValueError("the content is cut off")
        yield name, salt, body[begin:stop]
        at = stop


class Unread(ValueError):
    """A content that does not open, or is not one; the message says why."""


_ROWS: Final = PreparedMany(
    lambda ids, slot: LedgerContent.objects.filter(event__id__in=ids).values_list(
        "event_id", "event__label", "event__stream_type", "event__stream_id", "event__ver", "event__acting_office",
        "event__at", "dek_id", "erased", "body",
    )
)  # fmt: skip


def contents(ids: Sequence[UUID]) -> Iterator[tuple[UUID, dict[str, Stored] | Unread]]:
    """The fields of these events, or why they cannot be read. One query for five hundred."""
    open_box = boxes.opener()
    for start in range(0, len(ids), 500):
        rows: list[Any] = _ROWS(ids[start : start + 500])
        for *place, key_id, erased, body in rows:
            where = Place(*place)
            try:
                yield where.event_id, _fields(open_box(key_id, bytes(body), where.bound()), erased)
            except Gone:
                yield where.event_id, Unread("its key was destroyed")
            except (Spoiled, ValueError) as fault:
                yield where.event_id, Unread(str(fault))


def _fields(body: bytes, erased: str) -> dict[str, Stored]:
    found = {name: Stored(salt, value, None) for name, salt, value in unpack(body)}
    for name, order in json.loads(erased or "{}").items():
        kept = found.get(name)
        found[name] = Stored(kept.salt if kept else None, kept.body if kept else None, UUID(order))
    return found


def put(place: Place, fields: Iterable[Field], *, erased: dict[str, str]) -> None:
    """Lay these fields in the place of what lies there, under the scope's present key."""
    key_id, box = boxes.seal(place.scope(), pack(fields), place.bound())
    LedgerContent.objects.filter(event_id=place.event_id).update(
        body=box, dek_id=key_id, erased=json.dumps(erased, sort_keys=True) if erased else ""
    )
