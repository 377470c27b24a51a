"""Reading the ledger back: timelines for people, entries for replay."""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Protocol

from django.db.models import Min, Q, QuerySet

from sanban.base.ledger.contents import Stored, Unread, contents
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.ids import first_id_of, instant_of
from sanban.base.ledger.models import (
    LedgerAudit,
    LedgerCheckpoint,
    LedgerEvent,
    LedgerHead,
    LedgerPending,
    LedgerWitness,
)
from sanban.base.ledger.prepared import Prepared, Slots
from sanban.base.ledger.registry import ERASED, EVENTS, decode
from sanban.base.ledger.tlog import heads, merkle
from sanban.base.vault import columns


class Reader(Protocol):
    """Who reads, and up to which level."""

    @property
    def clearance(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline: when, who, and the event's sentence filled with its values."""

    id: uuid.UUID
    kind: str
    at: datetime
    actor_ref: str
    on_behalf_of: str
    office: int | None
    stream: str
    stream_id: int
    ver: int
    sentence: str
    values: dict[str, Any]


class _Gap(dict[str, Any]):
    """Values that are not there read as a dash instead of failing."""

    def __missing__(self, key: str) -> str:
        return "—"


LINE = (
    "id", "kind", "at", "actor_ref", "on_behalf_of", "acting_office", "stream_type", "stream_id", "ver",
)  # fmt: skip


def timeline(*, actor: Reader, streams: Iterable[tuple[str, int]], limit: int = 200) -> list[Line]:
    """The latest `limit` lines of the given objects, newest first, as far as the reader may see. Two queries."""
    wanted = sorted(set(streams))
    shape = tuple(stream for stream, _id in wanted)
    if not shape:
        return []
    asked = {f"id{n}": stream_id for n, (_stream, stream_id) in enumerate(wanted)}
    rows: Any = _lines_of(shape, limit)(**asked, clearance=actor.clearance)
    values = _values([row[0] for row in rows], strict=False)
    return [_line(row, values.get(row[0])) for row in rows]


def _line(row: tuple[Any, ...], values: dict[str, Any] | None) -> Line:
    kind = row[1]
    if values is None:
        values = dict.fromkeys(EVENTS[kind].names, SHUT) if kind in EVENTS else {}
    return Line(*row, say(kind, values), values)  # type: ignore[call-arg]


@lru_cache(maxsize=256)
def _lines_of(shape: tuple[str, ...], limit: int) -> Prepared[tuple[Any, ...]]:
    """The latest lines of so many objects of these types, newest first."""

    def build(slot: Slots) -> "QuerySet[LedgerEvent, tuple[Any, ...]]":
        wanted = Q()
        for stream in dict.fromkeys(shape):
            ids = [slot(f"id{n}") for n, name in enumerate(shape) if name == stream]
            wanted |= Q(stream_type=stream, stream_id__in=ids)
        rows = LedgerEvent.objects.filter(wanted, label__lte=slot("clearance")).order_by("-at", "-id")
        return rows.values_list(*LINE)[:limit]

    return Prepared(build)


def say(kind: str, values: dict[str, Any]) -> str:
    """The sentence of an event for people; unknown kinds show their identifier."""
    cls = EVENTS.get(kind)
    if cls is None:
        return kind
    shown = {name: ("—" if value in (None, "") else value) for name, value in values.items()}
    return str(cls.sentence).format_map(_Gap(shown))


_GONE: Final = json.dumps(ERASED).encode()
SHUT: Final = columns.SHUT


def _values(ids: Sequence[uuid.UUID], *, strict: bool = True) -> dict[uuid.UUID, dict[str, Any]]:
    """The fields of the events by name. Their texts are read as one array, which is one call of the reader.

    A content that does not open is raised, or left out.
    """
    places, bodies = [], []
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for event_id, fields in contents(ids):
        if isinstance(fields, Unread):
            if strict:
                raise fields
            continue
        own = found[event_id] = {}
        for name, stored in fields.items():
            places.append((own, name))
            bodies.append(_GONE if stored.erased_by or stored.body is None else stored.body)
    for (own, name), value in zip(places, json.loads(b"[%b]" % b",".join(bodies)), strict=True):
        own[name] = value
    return found


def stored_fields(*, actor: Reader, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Stored]]:
    """The fields of these events by name, with their salts: what a proof needs. One query."""
    found: dict[uuid.UUID, dict[str, Stored]] = {}
    for event_id, fields in contents(ids):
        if isinstance(fields, Unread):
            raise fields
        found[event_id] = fields
    return found


def entries(
    *, streams: Iterable[str] | None = None, stream_id: int | None = None, batch: int = 400
) -> Iterator[list[Entry]]:
    """All entries in the order of their ids, in runs of one event type: the input of a rebuild.

    Each batch begins after the last id of the one before, so that no list grows with the ledger.
    """
    rows = LedgerEvent.objects.order_by("id")
    if streams is not None:
        rows = rows.filter(stream_type__in=list(streams))
    if stream_id is not None:
        rows = rows.filter(stream_id=stream_id)
    run: list[LedgerEvent] = []
    part = list(rows[:batch])
    while part:
        for row in part:
            if run and (row.kind != run[0].kind or len(run) >= batch):
                yield _entries(run)
                run = []
            run.append(row)
        part = list(rows.filter(id__gt=part[-1].id)[:batch])
    if run:
        yield _entries(run)


def entries_of(
    *, actor: Reader, kind: str, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Entry]:
    """The events of one kind in the order of their ids, as far as the reader may see; of a while, if it is named."""
    rows = LedgerEvent.objects.filter(
        stream_type=EVENTS[kind].stream, kind=kind, label__lte=actor.clearance
    ).order_by("id")
    if since is not None:
        rows = rows.filter(id__gte=first_id_of(since), at__gte=since)
    if until is not None:
        rows = rows.filter(at__lte=until)
    run: list[LedgerEvent] = []
    for row in rows.iterator(chunk_size=400):
        run.append(row)
        if len(run) == 400:
            yield from _entries(run)
            run = []
    if run:
        yield from _entries(run)


def _entries(rows: Sequence[LedgerEvent]) -> list[Entry]:
    values = _values([row.id for row in rows])
    cls = EVENTS[rows[0].kind]
    return [
        Entry(
            row.id, decode(cls, values.get(row.id, {})), row.stream_id, row.ver, row.at, row.actor_ref,
            row.on_behalf_of, row.acting_office, row.label, bytes(row.c_sha256),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LogHead:
    """How far a log has come: leaves, both roots in hex, and when this head was signed (None: not yet).

    `sealed_size` leaves stand under a head that enough witnesses signed; `unsealed_since` is when the first head
    beyond was signed.
    """

    log: str
    size: int
    root_sha256: str
    root_sm3: str
    signed_at: datetime | None
    sealed_size: int
    unsealed_since: datetime | None

    def plain(self) -> dict[str, Any]:
        """For a program."""
        signed = self.signed_at.isoformat() if self.signed_at else None
        return {"log": self.log, "size": self.size, "root_sha256": self.root_sha256, "root_sm3": self.root_sm3,
                "signed_at": signed, "sealed_size": self.sealed_size}  # fmt: skip


def log_heads(*, actor: Reader) -> list[LogHead]:
    """The head of each log that has leaves. Four queries."""
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for row in LedgerHead.objects.order_by("-log"):
        root = merkle.root_of(merkle.SUITES[row.suite], merkle.cut(bytes(row.frontier))).hex()
        found.setdefault(row.log, {})[row.suite] = (row.size, root)
    points = LedgerCheckpoint.objects.filter(suite="sha256").order_by()
    newest = points.filter(size__in=[trees["sha256"][0] for trees in found.values()] or [0])
    signed = {(row.log, row.size): row.made_at for row in newest}
    sealed = heads.sealed_sizes()
    beyond = Q(pk__in=[])
    for log in found:
        beyond |= Q(log=log, size__gt=sealed.get(log, 0))
    waits: dict[str, datetime] = dict(points.filter(beyond).values_list("log").annotate(Min("made_at")))
    return [
        LogHead(
            log, *trees["sha256"], trees["sm3"][1], signed.get((log, trees["sha256"][0])), sealed.get(log, 0),
            waits.get(log),
        )
        for log, trees in found.items()
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watcher:
    """A witness as it answered last: when it signed, and what was wrong the last time (empty: nothing)."""

    name: str
    answered_at: datetime | None
    fault: str


def watchers(*, actor: Reader) -> list[Watcher]:
    """The witnesses of our logs. One query."""
    rows = LedgerWitness.objects.order_by("name").values_list("name", "answered_at", "fault")
    return [Watcher(*row) for row in rows]


def last_audit(*, actor: Reader) -> LedgerAudit | None:
    """The latest audit of stored bytes and tables. One query."""
    return LedgerAudit.objects.order_by("-at").first()


def oldest_waiting(*, actor: Reader) -> datetime | None:
    """Since when the first of the waiting events waits for its place, or None."""
    first = LedgerPending.objects.order_by("event_id").values_list("event_id", flat=True).first()
    return instant_of(first) if first is not None else None


def grades_of(*, actor: Reader, event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """How firmly each event stands. Two queries."""
    return heads.grades_of(event_ids)


def grade_counts(*, actor: Reader, stream: str, object_id: int) -> dict[str, int]:
    """How many of an object's events stand how firmly, the firmest first. Two queries."""
    return heads.grade_counts(stream, object_id, actor.clearance)


def grade_of(*, actor: Reader, event_id: uuid.UUID) -> str:
    """How firmly an event stands: recorded, integrated or sealed. Two queries."""
    return heads.grades_of([event_id])[event_id]


def size(*, actor: Reader) -> dict[str, int]:
    """How many events there are, and how many wait for their place in the log."""
    return {"events": LedgerEvent.objects.count(), "pending": LedgerPending.objects.count()}
