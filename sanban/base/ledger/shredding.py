"""Crypto-shredding: what was erased cannot be read in an old copy of the database either, because its key is gone.

A value is taken out and the rest of its content sealed anew; the key is retired. Then, once no act that began before
can still be using it, all that was sealed with it is sealed with the next key, and it is destroyed (LEDGER.md, 5.3).
"""

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from sanban.base import clock
from sanban.base.ledger.act import writing
from sanban.base.ledger.contents import Field, Place, Stored, Unread, contents, put
from sanban.base.ledger.models import LedgerContent, LedgerEvent
from sanban.base.ledger.resealing import seal_anew, seal_open_words
from sanban.base.ledger.standing import MACHINE, standing_as
from sanban.base.vault import boxes
from sanban.base.vault.provider import SECRET

AFTER: Final = timedelta(seconds=60)
"""Longer than any act lasts."""
BATCH: Final = 200
Say = Callable[[str], object]


def place_of(row: LedgerEvent) -> Place:
    """Where the content of an event lies."""
    return Place(row.id, row.label, row.stream_type, row.stream_id, row.ver, row.acting_office, row.at)


def take_out(row: LedgerEvent, names: Collection[str], *, order: UUID) -> None:
    """Take these values out of an event's content, and let go of the key that it was sealed with."""
    ((_id, stored),) = contents([row.id])
    if isinstance(stored, Unread):
        raise stored
    key_id = LedgerContent.objects.values_list("dek_id", flat=True).get(event_id=row.id)
    if key_id:
        boxes.keyring().retire(key_id)
    erased = {name: value.erased_by.hex for name, value in stored.items() if value.erased_by}
    put(place_of(row), _left(stored, names), erased=erased | dict.fromkeys(names, order.hex))


def _left(stored: dict[str, Stored], gone: Collection[str] = ()) -> Iterator[Field]:
    for name, value in stored.items():
        if name not in gone and value.salt is not None and value.body is not None:
            yield name, value.salt, value.body


def shred(say: Say = lambda _line: None, *, after: timedelta = AFTER) -> int:
    """Destroy the keys that were retired so long ago, after all that shall live was sealed anew. How many."""
    done = 0
    for key_id, since in boxes.keyring().retired():
        if clock.now() - since < after:
            continue
        count = 0
        with standing_as(MACHINE):
            while moved := _seal_anew(Q(dek_id=key_id) & _within(key_id)):
                count += moved
        count += seal_anew(key_id)
        boxes.keyring().destroy(key_id)
        say(f"密钥 {key_id} 已销毁，另有 {count} 条内容已换用新密钥")
        done += 1
    return done


def seal_open_content() -> int:
    """Seal what lies open although its level asks for a key: houses from before. How many."""
    count = 0
    with standing_as(MACHINE):
        while moved := _seal_anew(Q(dek_id="", event__label__gt=0)):
            count += moved
    return count + seal_open_words()


def _seal_anew(rows: Q) -> int:
    """One batch under the present keys, each in a transaction of its own so that nobody waits for long."""
    with writing(), transaction.atomic():
        chosen = LedgerContent.objects.select_related("event").filter(rows)
        if connection.vendor == "postgresql":
            chosen = chosen.select_for_update(of=("self",))
        events = {row.event_id: row.event for row in chosen[:BATCH]}
        for event_id, stored in list(contents(list(events))):
            if isinstance(stored, Unread):
                raise stored
            erased = {name: value.erased_by.hex for name, value in stored.items() if value.erased_by}
            put(place_of(events[event_id]), _left(stored), erased=erased)
    return len(events)


def _within(key_id: str) -> Q:
    """Which events a key was made for, so that they are found by an index."""
    level, *rest = key_id.rpartition(".")[0].split("/")
    if int(level) >= SECRET:
        return Q(event__stream_type=rest[0], event__stream_id=int(rest[1]))
    year, month = int(rest[1][:4]), int(rest[1][4:])
    since = datetime(year, month, 1, tzinfo=UTC)
    return Q(event__at__gte=since, event__at__lt=(since + timedelta(days=32)).replace(day=1))
