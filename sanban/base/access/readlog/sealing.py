"""Rows of the read log made provable: their digest becomes an event of the access log, batch after batch; gaps named.

Rows are claimed by having no batch, never by "id above the last one": ids are given before commit, and a late one
would be passed over for ever.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import transaction

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.access.events import ReadsSealed, SecretRead
from sanban.base.access.models import AccessRecord, ReadBatch, ReadWriter
from sanban.base.access.readlog.buffer import ALIVE_EVERY, DEAD_AFTER, gap
from sanban.base.access.readlog.rows import NAMES, Row, write
from sanban.base.access.routing import read_log_db
from sanban.base.ledger.act import writing
from sanban.base.ledger.errors import Conflict
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.ledger.queries import entries_of

BATCH: Final = 5000
PATIENCE: Final = timedelta(minutes=1)


def look_after() -> int:
    """What the clock does each time: name gaps, close a batch. How many rows were sealed."""
    mark_gaps()
    return seal(after=PATIENCE)


def seal(*, after: timedelta = timedelta(0)) -> int:
    """Close the rows that have no batch, and put the digest of each batch into the access log.

    A batch that is not full waits until its first row is so old.
    """
    sealed = 0
    while batch := _claimed(after):
        sealed += batch.count
    for waiting in ReadBatch.objects.filter(event_id=None).order_by("id"):
        _announce(waiting)
    return sealed


def _claimed(after: timedelta) -> ReadBatch | None:
    with transaction.atomic(using=read_log_db()):
        rows = list(AccessRecord.objects.filter(batch_id=None).order_by("id")[:BATCH])
        if not rows or (len(rows) < BATCH and rows[0].at > clock.now() - after):
            return None
        batch = ReadBatch.objects.create(
            id=new_id(), first_id=rows[0].pk, last_id=rows[-1].pk, count=len(rows), sha256=_digest(rows),
            made_at=clock.now(),
        )  # fmt: skip
        AccessRecord.objects.filter(pk__in=[row.pk for row in rows], batch_id=None).update(batch_id=batch.pk)
    return batch


def _announce(batch: ReadBatch) -> None:
    """The event of a batch, once: its stream is the batch's own number."""
    event = ReadsSealed(
        first_id=batch.first_id,
        last_id=batch.last_id,
        count=batch.count,
        sha256=batch.sha256,
        until=batch.made_at,
    )
    try:
        with writing(), transaction.atomic():
            key = append(SYSTEM, event, stream_id=batch.pk, version=0).id
    except Conflict:  # a crash came between the event and the line below
        known = entries_of(actor=SYSTEM, kind=ReadsSealed.kind)
        key = next(entry.id for entry in known if entry.stream_id == batch.pk)
    ReadBatch.objects.filter(pk=batch.pk).update(event_id=key)


def _digest(rows: Iterable[AccessRecord]) -> str:
    """SHA-256 over the rows as canonical JSON, one a line, in the order of their ids."""
    said = hashlib.sha256()
    for row in rows:
        said.update(json.dumps([row.pk, *(_plain(getattr(row, name)) for name in NAMES)]).encode() + b"\n")
    return said.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value if value is None or isinstance(value, int | str) else str(value)


def faults() -> Iterator[tuple[int, str]]:
    """Each batch whose rows are no longer what the access log says of them: its number, and what is wrong."""
    said = {
        entry.stream_id: entry.event
        for entry in entries_of(actor=SYSTEM, kind=ReadsSealed.kind)
        if isinstance(entry.event, ReadsSealed)
    }
    for number, event in said.items():
        rows = list(AccessRecord.objects.filter(batch_id=number).order_by("id"))
        if len(rows) != event.count:
            yield number, f"{event.count} rows were sealed, {len(rows)} are there"
        elif _digest(rows) != event.sha256:
            yield number, "a row is not as it was when it was sealed"


def mark_gaps() -> int:
    """Put a gap into the log for each writer that died, and bring its secret reads back from the ledger."""
    now, found = clock.now(), 0
    for writer in ReadWriter.objects.filter(ended_at=None, alive_at__lt=now - DEAD_AFTER):
        until = min(now, writer.alive_at + ALIVE_EVERY)
        rows = [gap(writer.alive_at, until), *_lost_secrets(writer.alive_at, until)]
        with transaction.atomic(using=read_log_db()):
            if ReadWriter.objects.filter(pk=writer.pk, ended_at=None).update(ended_at=until):
                write(rows, {})
                found += 1
    return found


def _lost_secrets(since: datetime, until: datetime) -> list[Row]:
    found = list(entries_of(actor=SYSTEM, kind=SecretRead.kind, since=since, until=until))
    ids = [entry.id for entry in found]
    there = set(AccessRecord.objects.filter(event_id__in=ids).values_list("event_id", flat=True))
    return [
        Row(
            at=entry.at, actor_ref=entry.actor_ref, on_behalf_of=entry.on_behalf_of, unit_id=entry.office,
            how=entry.event.how, stream=entry.event.of_stream, object_id=entry.event.object_id, level=entry.level,
            page=entry.event.page,
            count=entry.event.count, digest=entry.event.digest, purpose=entry.event.purpose, event_id=entry.id,
        )
        for entry in found
        if entry.id not in there
    ]  # fmt: skip
