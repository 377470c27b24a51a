"""Reading the ledger back: timelines for people, entries for replay."""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q

from sanban.base.ledger.entry import Entry
from sanban.base.ledger.models import LedgerEvent, LedgerField, LedgerPending
from sanban.base.ledger.registry import EVENTS, decode


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
    """Values that were erased or are empty read as a dash instead of failing."""

    def __missing__(self, key: str) -> str:
        return "—"


def timeline(*, actor: Reader, streams: Iterable[tuple[str, int]], limit: int = 200) -> list[Line]:
    """The latest `limit` lines of the given objects, newest first, as far as the reader may see. Two queries."""
    ids: dict[str, list[int]] = {}
    for stream, stream_id in streams:
        ids.setdefault(stream, []).append(stream_id)
    wanted = Q()
    for stream, of_stream in ids.items():
        wanted |= Q(stream_type=stream, stream_id__in=of_stream)
    if not wanted:
        return []
    rows = list(
        LedgerEvent.objects.filter(wanted, label__lte=actor.clearance)
        .order_by("-at", "-id")
        .only(
            "id",
            "kind",
            "at",
            "actor_ref",
            "on_behalf_of",
            "acting_office",
            "stream_type",
            "stream_id",
            "ver",
        )[:limit]
    )
    values = _values([row.id for row in rows])
    return [
        Line(
            row.id, row.kind, row.at, row.actor_ref, row.on_behalf_of, row.acting_office, row.stream_type,
            row.stream_id, row.ver, say(row.kind, values.get(row.id, {})), values.get(row.id, {}),
        )
        for row in rows
    ]  # fmt: skip


def say(kind: str, values: dict[str, Any]) -> str:
    """The sentence of an event for people; unknown kinds show their identifier."""
    cls = EVENTS.get(kind)
    if cls is None:
        return kind
    shown = {name: ("—" if value in (None, "") else value) for name, value in values.items()}
    return str(cls.sentence).format_map(_Gap(shown))


def _values(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for event_id, name, body in LedgerField.objects.filter(event_id__in=ids).values_list(
        "event_id", "name", "ciphertext"
    ):
        found.setdefault(event_id, {})[name] = json.loads(bytes(body)) if body is not None else None
    return found


def entries(*, streams: Iterable[str] | None = None, batch: int = 400) -> Iterator[list[Entry]]:
    """All entries in the order of their ids, in runs of one event type: the input of a rebuild."""
    rows = LedgerEvent.objects.order_by("id")
    if streams is not None:
        rows = rows.filter(stream_type__in=list(streams))
    run: list[LedgerEvent] = []
    for row in rows.iterator(chunk_size=batch):
        if run and (row.kind != run[0].kind or len(run) >= batch):
            yield _entries(run)
            run = []
        run.append(row)
    if run:
        yield _entries(run)


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


def size(*, actor: Reader) -> dict[str, int]:
    """How many events there are, and how many wait for their place in the log."""
    return {"events": LedgerEvent.objects.count(), "pending": LedgerPending.objects.count()}
