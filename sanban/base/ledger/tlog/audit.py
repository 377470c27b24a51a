"""Looking everything over again: does each stored byte of the ledger still say what was sealed, placed and signed?

What is changed by somebody with the database in hand is named: which table, which row, what does not fit. Rows that
were cut off the end of everything at once, the signed heads included, are found by those who keep our heads.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import models

from sanban.base.ledger.contents import Stored, Unread, contents
from sanban.base.ledger.envelope import canonical, field_digest, leaf, sha256, sm3
from sanban.base.ledger.models import (
    LedgerCheckpoint,
    LedgerContent,
    LedgerCosignature,
    LedgerEvent,
    LedgerHead,
    LedgerKey,
    LedgerLeaf,
    LedgerPending,
    LedgerTile,
)
from sanban.base.ledger.registry import encode
from sanban.base.ledger.tlog import merkle, notes, tiles
from sanban.base.ledger.tlog.suites import LOGS, log_of, named

CHUNK: Final = 500
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit: the table, the row, and what is wrong with it."""

    table: str
    row: str
    what: str

    def plain(self) -> dict[str, str]:
        """For a program."""
        return {"table": self.table, "row": self.row, "what": self.what}


def examine(progress: Progress = lambda _n: None) -> Iterator[Fault]:
    """Every fault of the ledger's tables. `progress` is told how many events were looked at since the last time."""
    yield from _events(progress)
    yield from _places()
    yield from _strangers()
    for log in LOGS:
        yield from _trees(log)


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _events(progress: Progress) -> Iterator[Fault]:
    rows = LedgerEvent.objects.order_by("stream_type", "stream_id", "ver").iterator(chunk_size=CHUNK)
    before: LedgerEvent | None = None
    for chunk in _chunks(rows):
        values = dict(contents([row.id for row in chunk]))
        for row in chunk:
            for what in [*_sealed(row), *_chained(row, before), *_valued(row, values.get(row.id))]:
                yield Fault("ledger_event", f"{row.stream_type}/{row.stream_id}/{row.ver}", what)
            before = row
        progress(len(chunk))
    for lost in LedgerContent.objects.exclude(event_id__in=LedgerEvent.objects.values("id")):
        yield Fault("ledger_content", str(lost.event_id), "its event is not there")


def _sealed(row: LedgerEvent) -> Iterator[str]:
    """Envelope, commitments and columns say the same."""
    body, salt = bytes(row.envelope), bytes(row.salt)
    if sha256(salt + body) != bytes(row.c_sha256):
        yield "c_sha256 is not that of salt and envelope"
    if sm3(salt + body) != bytes(row.c_sm3):
        yield "c_sm3 is not that of salt and envelope"
    told = _read(body)
    if told is None:
        yield "the envelope is not canonical"
        return
    columns = {
        "v": 1, "id": row.id.hex, "object": str(row.stream_id), "ver": row.ver, "label": row.label, "kind": row.kind,
        "stream": row.stream_type, "at": encode(row.at), "actor": row.actor_ref, "behalf": row.on_behalf_of,
        "office": str(row.acting_office or ""), "policy": row.policy_version, "prev": bytes(row.prev).hex(),
    }  # fmt: skip
    for name, value in columns.items():
        if told.get(name) != value:
            yield f"column and envelope differ: {name}"


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, dict) and canonical(told) == body else None


def _chained(row: LedgerEvent, before: LedgerEvent | None) -> Iterator[str]:
    """Each version of an object follows the one before it."""
    same = before is not None and (before.stream_type, before.stream_id) == (row.stream_type, row.stream_id)
    expected = (before.ver + 1, bytes(before.c_sha256)) if same and before is not None else (1, b"")
    if row.ver != expected[0]:
        yield f"version {expected[0]} is missing"
    elif bytes(row.prev) != expected[1]:
        yield "prev is not the commitment of the version before"


def _valued(row: LedgerEvent, values: dict[str, Stored] | Unread | None) -> Iterator[str]:
    """Every field is there and is what was sealed, or was erased by an order that names it."""
    if values is None or isinstance(values, Unread):
        yield "its content is missing" if values is None else f"its content cannot be read: {values}"
        return
    told = (_read(bytes(row.envelope)) or {}).get("fields", {})
    orders = _orders({value.erased_by for value in values.values() if value.erased_by})
    for name, digest in told.items():
        value = values.pop(name, None)
        if value is None:
            yield f"field {name} is missing"
        elif value.salt is None or value.body is None:
            if name not in orders.get((value.erased_by, row.id.hex), ()):
                yield f"field {name} is gone and no order erased it"
        elif value.erased_by is not None:
            yield f"field {name} is there and marked as erased"
        elif field_digest(name, value.salt, value.body) != digest:
            yield f"field {name} is not what was sealed"
    for name in values:
        yield f"field {name} was never sealed"


def _orders(ids: Collection[UUID]) -> dict[tuple[UUID | None, str], list[str]]:
    """What these events ordered to be erased: the fields, by order and event."""
    found: dict[tuple[UUID | None, str], list[str]] = {}
    for order, fields in contents(list(ids)):
        if not isinstance(fields, Unread) and {"event", "erased"} <= fields.keys():
            about, names = (orjson.loads(fields[name].body or b"null") for name in ("event", "erased"))
            found[order, about] = names
    return found


def _places() -> Iterator[Fault]:
    """Every event either waits or has one place, in the log of its stream."""
    placed, waiting = LedgerLeaf.objects.values("event_id"), LedgerPending.objects.values("event_id")
    for key in (
        LedgerEvent.objects.exclude(id__in=placed).exclude(id__in=waiting).values_list("id", flat=True)
    ):
        yield Fault("ledger_event", str(key), "neither waits nor has a place")
    for key in LedgerPending.objects.filter(event_id__in=placed).values_list("event_id", flat=True):
        yield Fault("ledger_pending", str(key), "waits although it has a place")
    for lost in LedgerPending.objects.exclude(event_id__in=LedgerEvent.objects.values("id")):
        yield Fault("ledger_pending", str(lost.event_id), "its event is not there")


def _strangers() -> Iterator[Fault]:
    """Rows of a log or a tree that there is not."""
    tables: tuple[type[models.Model], ...] = (LedgerTile, LedgerHead, LedgerCheckpoint, LedgerCosignature)
    known = models.Q(log__in=LOGS, suite__in=list(merkle.SUITES))
    for table in tables:
        for row in table._base_manager.exclude(known):
            yield Fault(
                f"ledger_{table.__name__.removeprefix('Ledger').lower()}", str(row.pk), "there is no such log"
            )
    for leaf_row in LedgerLeaf.objects.exclude(log__in=LOGS):
        yield Fault("ledger_leaf", str(leaf_row.pk), "there is no such log")


def _trees(log: str) -> Iterator[Fault]:
    """Grow both trees again from the events in the order of their places, and compare all that is stored of them."""
    leaves: list[bytes] = []
    for chunk in _chunks(LedgerLeaf.objects.filter(log=log).order_by("idx").iterator(chunk_size=CHUNK)):
        events = LedgerEvent.objects.in_bulk([row.event_id for row in chunk])
        for row in chunk:
            if row.idx != len(leaves):
                yield Fault("ledger_leaf", f"{log}/{len(leaves)}", "the place is empty")
                return
            event = events.get(row.event_id)
            if event is None or log_of(event.stream_type) != log:
                yield Fault("ledger_leaf", f"{log}/{row.idx}", "its event is not there")
                return
            leaves.append(leaf(bytes(event.c_sha256), bytes(event.c_sm3)))
    for suite, digest in merkle.SUITES.items():
        peaks, gained = merkle.grow(digest, 0, [], leaves)
        head = LedgerHead.objects.filter(log=log, suite=suite).first()
        stored = (head.size, bytes(head.frontier)) if head is not None else (0, b"")
        if stored != (len(leaves), b"".join(peaks)):
            yield Fault("ledger_head", f"{log}/{suite}", "is not the head of its leaves")
        yield from _tiles(log, suite, gained)
        yield from _signed(log, suite, leaves)


def _tiles(log: str, suite: str, gained: dict[int, list[bytes]]) -> Iterator[Fault]:
    true = {(row[2], row[3]): row[4:] for row in tiles.rows(log, suite, 0, gained, lambda *_at: (b"", b""))}
    for row in LedgerTile.objects.filter(log=log, suite=suite).iterator(chunk_size=CHUNK):
        stored = row.width, bytes(row.data), bytes(row.halfway)
        if true.pop((row.level, row.n), None) != stored:
            yield Fault(
                "ledger_tile", f"{log}/{suite}/{row.level}/{tiles.path_of(row.n)}", "is not what it was"
            )
    for level, n in true:
        yield Fault("ledger_tile", f"{log}/{suite}/{level}/{tiles.path_of(n)}", "is missing")


def _known() -> Iterator[Fault | notes.Key]:
    """The keys we ever signed with, and those that are not what they are named after."""
    kinds = {suite: kind for kind, suite in notes.SUITES.items()}
    for row in LedgerKey.objects.all():
        key = notes.Key(row.name, kinds.get(row.suite, b""), bytes(row.public))
        if key.short != row.key_id or len(key.public) != notes.KEY_SIZES.get(key.kind):
            yield Fault("ledger_key", row.key_id, "the key is not the one it is named after")
        else:
            yield key


def _signed(log: str, suite: str, leaves: list[bytes]) -> Iterator[Fault]:
    """Each signed head is a head of this tree, signed by a key we know, and sealed by those who are named."""
    known = []
    for one in _known():
        if isinstance(one, notes.Key):
            known.append(one)
        elif (log, suite) == (LOGS[0], "sha256"):
            yield one
    digest, peaks, size = merkle.SUITES[suite], list[bytes](), 0
    origin_end = f"/{named('', log, suite).lstrip('/')}"
    for point in LedgerCheckpoint.objects.filter(log=log, suite=suite).order_by("size"):
        place = f"{log}/{suite}/{point.size}"
        if point.size > len(leaves):
            yield Fault("ledger_checkpoint", place, "the log was longer when this was signed")
            continue
        peaks, _gained = merkle.grow(digest, size, peaks, leaves[size : point.size])
        size = point.size
        root = merkle.root_of(digest, peaks)
        try:
            text, signed = notes.verified_by(point.note, known)
        except notes.BadNote as fault:
            yield Fault("ledger_checkpoint", place, str(fault))
            continue
        names = {one.key.name for one in signed if one.key.kind in notes.LOGS}
        true = {notes.Checkpoint(name, size, root).text() for name in names if name.endswith(origin_end)}
        if text not in true or bytes(point.root) != root:
            yield Fault("ledger_checkpoint", place, "is not a head of this log")
        yield from _cosigned(point, text, known)


def _cosigned(point: LedgerCheckpoint, text: str, known: list[notes.Key]) -> Iterator[Fault]:
    """The witnesses' lines hold, and a head that is called sealed has some."""
    rows = LedgerCosignature.objects.filter(log=point.log, suite=point.suite, size=point.size)
    held = 0
    for row in rows:
        place = f"{row.log}/{row.suite}/{row.size}/{row.witness}"
        try:
            found = notes.cosigned_by(row.line, text, known)
        except notes.BadNote as fault:
            yield Fault("ledger_cosignature", place, str(fault))
            continue
        told = (found.key.name, found.at) if found is not None else ()
        if told != (row.witness, row.signed_at.timestamp()):
            yield Fault("ledger_cosignature", place, "is not this witness's line")
        held += 1
    if point.sealed_at is not None and not held:
        yield Fault(
            "ledger_checkpoint", f"{point.log}/{point.suite}/{point.size}", "is called sealed by nobody"
        )
