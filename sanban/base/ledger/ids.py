"""Identities that carry their time: 53-bit numbers for objects, UUIDv7 for events.

53 bits: 41 of milliseconds from 2025-01-01 and 12 of counter, so that a number survives JSON (RFC 8785)
and every database. Both kinds rise within a process, also when the clock is moved back.
"""

import os
import threading
import uuid
from datetime import UTC, datetime

from sanban.base import clock

_EPOCH_MS = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp() * 1000)
_lock = threading.Lock()
_last = {"id": 0, "event": 0}


def _milliseconds() -> int:
    return int(clock.now().timestamp() * 1000)


def new_id() -> int:
    """A new object number below 2**53."""
    return new_ids(1)[0]


def new_ids(count: int) -> range:
    """`count` new object numbers in a row."""
    with _lock:
        candidate = (max(_milliseconds() - _EPOCH_MS, 0) << 12) | (
            int.from_bytes(os.urandom(2), "big") & 0x3FF
        )
        start = max(candidate, _last["id"] + 1)
        _last["id"] = start + count - 1
    return range(start, start + count)


def new_event_ids(count: int) -> list[uuid.UUID]:
    """`count` rising UUIDv7 values: 48 bits of milliseconds, 12 bits of counter, 62 random bits."""
    with _lock:
        start = max(_milliseconds() << 12, _last["event"] + 1)
        _last["event"] = start + count - 1
    random = os.urandom(8 * count)
    made = []
    for n in range(count):
        ticks = start + n
        low = int.from_bytes(random[8 * n : 8 * n + 8], "big") & ((1 << 62) - 1)
        made.append(uuid.UUID(int=(ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | low))
    return made


def instant_of(event_id: uuid.UUID) -> datetime:
    """When this id was made, to the millisecond."""
    return datetime.fromtimestamp((event_id.int >> 80) / 1000, UTC)


def first_id_of(moment: datetime) -> uuid.UUID:
    """An id below all that are made from this moment on; an event is never dated after its id."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)
