"""Writing to the ledger: an event and its pending row, in the act's own transaction, then the projections."""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Protocol

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.ledger.contents import Place, pack
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.envelope import canonical, field_digest, seal
from sanban.base.ledger.errors import Conflict
from sanban.base.ledger.ids import new_event_ids
from sanban.base.ledger.registry import FLOORS, FOLDS, Event, encode
from sanban.base.vault import boxes

PUBLIC, INTERNAL, SECRET = 0, 1, 2
Rows = tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]
"""The rows of one event: itself, its content, and that it waits for its place."""


class ActorLike(Protocol):
    """What the ledger needs to know of who acts."""

    @property
    def ref(self) -> str: ...
    @property
    def on_behalf_of(self) -> str: ...
    @property
    def unit_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Item:
    """One object's part of a bulk act: its payload, stream, version before the act, and level."""

    event: Event
    stream_id: int
    version: int
    level: int = INTERNAL


_EVENT: Final = (
    "id", "stream_type", "stream_id", "ver", "kind", "at", "actor_ref", "on_behalf_of", "acting_office", "label",
    "policy_version", "envelope", "salt", "c_sha256", "c_sm3", "prev", "app_key", "promise",
)  # fmt: skip
_CONTENT: Final = ("event_id", "body", "dek_id", "erased")


def _insertion(table: str, columns: Sequence[str], mark: str, values: str = "") -> str:
    given = values or ",".join([mark] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({given})"  # noqa: S608 - fixed names


_SQLITE: Final = (
    _insertion("ledger_ledgerevent", _EVENT, "?"),
    _insertion("ledger_ledgercontent", _CONTENT, "?"),
    _insertion("ledger_ledgerpending", ("event_id",), "?"),
)
_POSTGRESQL: Final = (
    f"WITH e AS ({_insertion('ledger_ledgerevent', _EVENT, '%s')}),"
    f" c AS ({_insertion('ledger_ledgercontent', _CONTENT, '%s')})"
    f" {_insertion('ledger_ledgerpending', ('event_id',), '%s')}"
)
"""Event, content and pending row: on PostgreSQL in one statement, which is one way to the server and back."""


def append(
    actor: ActorLike,
    event: Event,
    *,
    stream_id: int,
    version: int,
    level: int = INTERNAL,
    at: datetime | None = None,
) -> Entry:
    """Write one event after `version` of its object and fold it into the tables. Raises Conflict when stale."""
    return append_many(actor, [Item(event, stream_id, version, level)], at=at)[0]


def append_many(actor: ActorLike, items: Sequence[Item], *, at: datetime | None = None) -> list[Entry]:
    """Write one event an object for a bulk act. All payloads are of one type; order is kept."""
    entries = record(actor, items, at=at)
    for fold in FOLDS.get(type(items[0].event), ()) if entries else ():
        fold(entries)
    return entries


def record(actor: ActorLike, items: Sequence[Item], *, at: datetime | None = None) -> list[Entry]:
    """Write the events alone. An act never does: its tables would stay behind; a load folds them itself."""
    if not items:
        return []
    if not connection.in_atomic_block:
        raise RuntimeError("events are written inside an act only")
    if floor := FLOORS.get(items[0].event.kind, 0):
        items = [replace(item, level=max(item.level, floor)) for item in items]
    return _insert(actor, type(items[0].event), items, at or clock.now())


def _insert(actor: ActorLike, cls: type[Event], items: Sequence[Item], moment: datetime) -> list[Entry]:
    before = previous_digests(cls.stream, [(i.stream_id, i.version) for i in items if i.version])
    head = {
        "v": 1,
        "kind": cls.kind,
        "stream": cls.stream,
        "at": encode(moment),
        "actor": actor.ref,
        "behalf": actor.on_behalf_of,
        "office": str(actor.unit_id or ""),
        "policy": 1,
    }
    hexed = connection.vendor == "sqlite"
    moment_db: Any = str(moment.astimezone(UTC).replace(tzinfo=None)) if hexed else moment
    rows: list[Rows] = []
    entries: list[Entry] = []
    for item, event_id in zip(items, new_event_ids(len(items)), strict=True):
        key: Any = event_id.hex if hexed else event_id
        prev = before.get((item.stream_id, item.version), b"")
        if item.version and not prev:
            raise Conflict(_("对象已被他人更新，请刷新后重试。"))
        place = {
            "id": event_id.hex,
            "object": str(item.stream_id),
            "ver": item.version + 1,
            "label": item.level,
            "prev": prev.hex(),
        }
        fields, digests = _digest(cls, item.event)
        salt = os.urandom(16)
        body, c_sha256, c_sm3 = seal({**head, **place}, digests, salt)
        ver = item.version + 1
        where = Place(event_id, item.level, cls.stream, item.stream_id, ver, actor.unit_id, moment)
        key_id, box = boxes.seal(where.scope(), pack(fields), where.bound())
        rows.append((
            (key, cls.stream, item.stream_id, ver, cls.kind, moment_db, actor.ref, actor.on_behalf_of,
             actor.unit_id, item.level, 1, body, salt, c_sha256, c_sm3, prev, "", None),
            (key, box, key_id, ""),
            (key,),
        ))  # fmt: skip
        entries.append(
            Entry(event_id, item.event, item.stream_id, ver, moment, actor.ref, actor.on_behalf_of,
                  actor.unit_id, item.level, c_sha256)
        )  # fmt: skip
    _write(rows)
    return entries


def _digest(cls: type[Event], payload: Event) -> tuple[list[tuple[str, bytes, bytes]], list[tuple[str, str]]]:
    """(name, salt, canonical value) of each field, and (name, digest pair) for the envelope."""
    salts = os.urandom(16 * len(cls.names))
    fields, digests = [], []
    for n, name in enumerate(cls.names):
        salt = salts[16 * n : 16 * n + 16]
        value = canonical(encode(getattr(payload, name)))
        fields.append((name, salt, value))
        digests.append((name, field_digest(name, salt, value)))
    return fields, digests


def _write(rows: Sequence[Rows]) -> None:
    try:
        if connection.vendor == "sqlite":
            with connection.wrap_database_errors:
                for statement, part in zip(_SQLITE, zip(*rows, strict=True), strict=True):
                    _raw().executemany(statement, part)
            return
        with connection.cursor() as cursor:
            cursor.executemany(_POSTGRESQL, [event + content + pending for event, content, pending in rows])
    except IntegrityError as error:
        raise Conflict(_("对象已被他人更新，请刷新后重试。")) from error


def _raw() -> sqlite3.Connection:
    """SQLite itself, for what every act does: Django's wrapping costs more than reading or writing a row."""
    raw: sqlite3.Connection = connection.connection
    return raw


def previous_digests(stream: str, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The commitments of the named (object, version) places of a stream, each found by its index."""
    wanted = list(keys)
    if len(wanted) == 1 and connection.vendor == "sqlite":
        with connection.wrap_database_errors:
            row = _raw().execute(_ONE.replace("%s", "?"), (stream, *wanted[0])).fetchone()
        return {wanted[0]: row[2]} if row else {}
    found: dict[tuple[int, int], bytes] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), 300):
            chunk = wanted[start : start + 300]
            statement, values = (_ONE, chunk[0]) if len(chunk) == 1 else (_many(len(chunk)), _flat(chunk))
            cursor.execute(statement, [stream, *values])
            found.update({(row[0], row[1]): bytes(row[2]) for row in cursor.fetchall()})
    return found


_ONE: Final = (
    "SELECT stream_id, ver, c_sha256 FROM ledger_ledgerevent"
    " WHERE stream_type = %s AND stream_id = %s AND ver = %s"
)


@lru_cache(maxsize=300)
def _many(count: int) -> str:
    # A plain IN over pairs would make SQLite walk the whole stream; the join looks each pair up.
    marks = ",".join(["(%s,%s)"] * count)
    return (
        f"WITH stream (name) AS (VALUES (%s)), wanted (stream_id, ver) AS (VALUES {marks})"  # noqa: S608 - marks
        " SELECT e.stream_id, e.ver, e.c_sha256 FROM wanted w CROSS JOIN ledger_ledgerevent e"
        " WHERE e.stream_type = (SELECT name FROM stream) AND e.stream_id = w.stream_id AND e.ver = w.ver"
    )


def _flat(pairs: Iterable[tuple[int, int]]) -> list[int]:
    return [part for pair in pairs for part in pair]
