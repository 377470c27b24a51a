"""Rows wait here for at most 200 ms; a thread of the process writes them together, so that no page waits for it.

When the process dies, what waited is lost: its line in the table of writers then has no end, and whoever looks next
puts a gap into the log that says from when to when reads may be missing. Secret reads are never lost: the ledger has
them, and they are put back from there.
"""

import atexit
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connections, transaction

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.access.models import ReadWriter
from sanban.base.access.readlog.rows import Row, write
from sanban.base.access.readlog.waiting import WAITING
from sanban.base.access.routing import read_log_db
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.ids import new_id

DELAY: Final = 0.2
ALIVE_EVERY: Final = timedelta(seconds=20)
DEAD_AFTER: Final = timedelta(seconds=90)
MOST: Final = 20_000
"""So many rows wait while the database cannot be written; what comes after them is lost, and the gap says so."""
LOG = logging.getLogger(__name__)


Watcher = Callable[[Sequence[Row]], None]
_watchers: list[Watcher] = []


def register_watcher(watcher: Watcher) -> None:
    """Let a room above look at the rows that were just written; it is called by the hand that wrote them."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def hold(row: Row) -> None:
    """Let a row wait for its writing."""
    with WAITING.lock:
        if len(WAITING.rows) < MOST:
            WAITING.rows.append(row)
        else:
            WAITING.lost_since = WAITING.lost_since or row.at
    _wake()


def count(now: datetime, actor: Actor, stream: str, object_id: int) -> None:
    """Count one look at a public object."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    key = (hour, actor.ref, actor.unit_id, stream, object_id)
    with WAITING.lock:
        WAITING.counts[key] = WAITING.counts.get(key, 0) + 1
    _wake()


def flush() -> int:
    """Write what waits, in one transaction. How many rows. What cannot be written goes on waiting."""
    rows, counts, lost = WAITING.take()
    if lost is not None:
        rows.append(gap(lost, clock.now()))
    if not rows and not counts:
        return 0
    try:
        with transaction.atomic(using=read_log_db()):
            write(rows, counts)
    except DatabaseError:
        with WAITING.lock:
            WAITING.rows.extendleft(reversed(rows))
            for key, n in counts.items():
                WAITING.counts[key] = WAITING.counts.get(key, 0) + n
        raise
    for watcher in _watchers:
        try:
            watcher(rows)
        except (DatabaseError, Refused) as fault:
            LOG.error("what was read could not be looked at: %s", fault)
    return len(rows)


def gap(since: datetime, until: datetime) -> Row:
    """The row that says: reads from then to then may be missing."""
    said = f'{{"since": "{since.isoformat()}", "until": "{until.isoformat()}"}}'
    return Row(
        at=since, actor_ref="system", how="gap", stream="", level=0, page="gap", predicate=said, count=0
    )


def _wake() -> None:
    WAITING.came.set()
    if WAITING.thread is None and settings.SANBAN_READ_LOG_THREAD:
        with WAITING.lock:
            if WAITING.thread is None:
                WAITING.thread = threading.Thread(target=_run, name="read-log", daemon=True)
                WAITING.thread.start()
                atexit.register(stop)


def _run() -> None:
    """Wait for rows, let 200 ms pass for others to come, write them together."""
    while not WAITING.stopping:
        WAITING.came.wait(ALIVE_EVERY.total_seconds())
        WAITING.came.clear()
        _pause()
        try:
            _tell_alive()
            flush()
        except DatabaseError as fault:
            LOG.error("the read log cannot be written, %d rows wait: %s", len(WAITING.rows), fault)
            connections[read_log_db()].close()
    connections[read_log_db()].close()


def _pause() -> None:
    if not WAITING.stopping:
        threading.Event().wait(DELAY)


def _tell_alive() -> None:
    """Say that this process writes; the first word stands before the first row."""
    now = clock.now()
    if not WAITING.writer:
        WAITING.writer = new_id()
        ReadWriter.objects.create(id=WAITING.writer, started_at=now, alive_at=now)
    elif abs(now - WAITING.told) < ALIVE_EVERY:
        return
    else:
        ReadWriter.objects.filter(pk=WAITING.writer).update(alive_at=now)
    WAITING.told = now


def stop() -> None:
    """End the thread in order: what waits is written, and the writer's line gets its end."""
    thread = WAITING.thread
    if thread is None:
        return
    WAITING.stopping = True
    WAITING.came.set()
    thread.join(5)
    try:
        flush()
        ReadWriter.objects.filter(pk=WAITING.writer).update(ended_at=clock.now(), alive_at=clock.now())
    except DatabaseError as fault:  # the next to look finds the gap
        LOG.error("the read log was not closed: %s", fault)
    finally:
        connections[read_log_db()].close()
        WAITING.thread, WAITING.stopping, WAITING.writer = None, False, 0
