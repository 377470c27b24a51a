"""Writing to the ledger: an event and its pending row, in the act's own transaction, then the projections."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.envelope import canonical, field_digest, seal
from sanban.base.ledger.errors import Conflict
from sanban.base.ledger.ids import new_event_ids
from sanban.base.ledger.registry import FOLDS, Event, encode

PUBLIC, INTERNAL, SECRET = 0, 1, 2


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


_EVENT_SQL = (
    "INSERT INTO ledger_ledgerevent (id, stream_type, stream_id, ver, kind, at, actor_ref, on_behalf_of, acting_office,"
    " label, policy_version, envelope, salt, c_sha256, c_sm3, prev, app_key, promise)"
    " VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,1,%s,%s,%s,%s,%s,'',NULL)"
)
_FIELD_SQL = (
    "INSERT INTO ledger_ledgerfield (event_id, name, salt, ciphertext, dek_id, erased_by)"
    " VALUES (%s,%s,%s,%s,'',NULL)"
)
_PENDING_SQL = "INSERT INTO ledger_ledgerpending (event_id) VALUES (%s)"


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
    moment_db = connection.ops.adapt_datetimefield_value(moment)
    hexed = connection.vendor == "sqlite"
    events: list[tuple[Any, ...]] = []
    values: list[tuple[Any, ...]] = []
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
        values += [(key, *field) for field in fields]
        salt = os.urandom(16)
        body, c_sha256, c_sm3 = seal({**head, **place}, digests, salt)
        ver = item.version + 1
        events.append(
            (key, cls.stream, item.stream_id, ver, cls.kind, moment_db, actor.ref, actor.on_behalf_of,
             actor.unit_id, item.level, body, salt, c_sha256, c_sm3, prev)
        )  # fmt: skip
        entries.append(
            Entry(event_id, item.event, item.stream_id, ver, moment, actor.ref, actor.on_behalf_of,
                  actor.unit_id, item.level, c_sha256)
        )  # fmt: skip
    _write(events, values)
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


def _write(events: list[tuple[Any, ...]], values: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        try:
            cursor.executemany(_EVENT_SQL, events)
        except IntegrityError as error:
            raise Conflict(_("对象已被他人更新，请刷新后重试。")) from error
        cursor.executemany(_FIELD_SQL, values)
        cursor.executemany(_PENDING_SQL, [(row[0],) for row in events])


def previous_digests(stream: str, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The commitments of the named (object, version) places of a stream, each found by its index."""
    wanted = list(keys)
    found: dict[tuple[int, int], bytes] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), 300):
            chunk = wanted[start : start + 300]
            # A plain IN over pairs would make SQLite walk the whole stream; the join looks each pair up.
            marks = ",".join(["(%s,%s)"] * len(chunk))
            cursor.execute(
                f"WITH wanted (stream_id, ver) AS (VALUES {marks})"  # noqa: S608 - only marks are inserted
                " SELECT e.stream_id, e.ver, e.c_sha256 FROM wanted w CROSS JOIN ledger_ledgerevent e"
                " WHERE e.stream_type = %s AND e.stream_id = w.stream_id AND e.ver = w.ver",
                [*(part for pair in chunk for part in pair), stream],
            )
            found.update({(row[0], row[1]): bytes(row[2]) for row in cursor.fetchall()})
    return found
