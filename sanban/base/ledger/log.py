"""Writing to the ledger: an event and its pending row, in the act's own transaction, then the projections."""

import os
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from sanban.base import clock
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
class Entry:
    """One event with its place: stream, version, instant, actor, and the commitment the next one quotes."""

    id: uuid.UUID
    event: Any
    stream_id: int
    ver: int
    at: datetime
    actor_ref: str
    on_behalf_of: str
    office: int | None
    level: int
    digest: bytes


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
    "INSERT INTO ledger_ledgerfield (event_id, name, salt, ciphertext, dek_id, erased_by) VALUES (%s,%s,%s,%s,'',NULL)"
)
_PENDING_SQL = "INSERT INTO ledger_ledgerpending (event_id) VALUES (%s)"


def append(
    actor: ActorLike, event: Event, *, stream_id: int, version: int, level: int = INTERNAL, at: datetime | None = None
) -> Entry:
    """Write one event after `version` of its object and fold it into the tables. Raises Conflict when stale."""
    return append_many(actor, [Item(event, stream_id, version, level)], at=at)[0]


def append_many(actor: ActorLike, items: Sequence[Item], *, at: datetime | None = None) -> list[Entry]:
    """Write one event an object for a bulk act. All payloads are of one type; order is kept."""
    if not items:
        return []
    if not connection.in_atomic_block:
        raise RuntimeError("events are written inside an act only")
    moment = at or clock.now()
    cls = type(items[0].event)
    entries = _insert(actor, cls, items, moment)
    for fold in FOLDS.get(cls, ()):
        fold(entries)
    return entries


def _insert(actor: ActorLike, cls: type[Event], items: Sequence[Item], moment: datetime) -> list[Entry]:
    before = previous_digests(cls.stream, [(i.stream_id, i.version) for i in items if i.version])
    moment_text = encode(moment)
    names = cls.names
    step = 16 * (len(names) + 1)
    salts = os.urandom(step * len(items))
    moment_db = connection.ops.adapt_datetimefield_value(moment)
    hexed = connection.vendor == "sqlite"
    events: list[tuple[Any, ...]] = []
    values: list[tuple[Any, ...]] = []
    entries: list[Entry] = []
    for n, (item, event_id) in enumerate(zip(items, new_event_ids(len(items)), strict=True)):
        key: Any = event_id.hex if hexed else event_id
        digests = []
        at_salt = step * n
        for name in names:
            at_salt += 16
            salt = salts[at_salt - 16 : at_salt]
            value = canonical(encode(getattr(item.event, name)))
            digests.append((name, field_digest(name, salt, value)))
            values.append((key, name, salt, value))
        prev = before.get((item.stream_id, item.version), b"")
        if item.version and not prev:
            raise Conflict(_("对象已被他人更新，请刷新后重试。"))
        salt = salts[at_salt : at_salt + 16]
        body, c_sha256, c_sm3 = seal(
            {
                "v": 1,
                "id": event_id.hex,
                "kind": cls.kind,
                "stream": cls.stream,
                "object": str(item.stream_id),
                "ver": item.version + 1,
                "at": moment_text,
                "actor": actor.ref,
                "behalf": actor.on_behalf_of,
                "office": str(actor.unit_id or ""),
                "label": item.level,
                "policy": 1,
                "prev": prev.hex(),
            },
            digests,
            salt,
        )
        events.append(
            (key, cls.stream, item.stream_id, item.version + 1, cls.kind, moment_db, actor.ref, actor.on_behalf_of,
             actor.unit_id, item.level, body, salt, c_sha256, c_sm3, prev)
        )  # fmt: skip
        entries.append(
            Entry(event_id, item.event, item.stream_id, item.version + 1, moment, actor.ref, actor.on_behalf_of,
                  actor.unit_id, item.level, c_sha256)
        )  # fmt: skip
    _write(events, values)
    return entries


def _write(events: list[tuple[Any, ...]], values: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        try:
            cursor.executemany(_EVENT_SQL, events)
        except IntegrityError as error:
            raise Conflict(_("对象已被他人更新，请刷新后重试。")) from error
        cursor.executemany(_FIELD_SQL, values)
        cursor.executemany(_PENDING_SQL, [(row[0],) for row in events])


def previous_digests(stream: str, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The commitments of the named (object, version) places of a stream."""
    wanted = list(keys)
    found: dict[tuple[int, int], bytes] = {}
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), 300):
            chunk = wanted[start : start + 300]
            marks = ",".join(["(%s,%s)"] * len(chunk))
            cursor.execute(
                "SELECT stream_id, ver, c_sha256 FROM ledger_ledgerevent WHERE stream_type = %s"
                f" AND (stream_id, ver) IN (VALUES {marks})",
                [stream, *(part for pair in chunk for part in pair)],
            )
            found.update({(row[0], row[1]): bytes(row[2]) for row in cursor.fetchall()})
    return found
