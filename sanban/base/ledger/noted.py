"""What there is and what there is not: once a day the head of every object's history goes into one sorted tree, whose
root is an event. So a bundle proves that no version was left out, and that an object which is not there had no history
(LEDGER.md, 5.5). The tree follows from the log alone: of its first `size` leaves, the last version of each object.
"""

from base64 import b64encode
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import connection, transaction

from sanban.base import clock
from sanban.base.ledger.act import writing
from sanban.base.ledger.events import HeadsNoted
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import PUBLIC, ActorLike, append
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.queries import entries
from sanban.base.ledger.standing import MACHINE, standing_as
from sanban.base.ledger.tlog import merkle
from sanban.base.ledger.tlog.heads import head
from sanban.base.ledger.tlog.suites import ACTS, SHA256

EVERY: Final = timedelta(days=1)
_HEADS: Final = (
    "SELECT e.stream_type, e.stream_id, MAX(e.ver) FROM ledger_ledgerleaf l"
    " JOIN ledger_ledgerevent e ON e.id = l.event_id WHERE l.log = %s AND l.idx < %s"
    " GROUP BY e.stream_type, e.stream_id"
)
_COMMITMENT: Final = (
    "SELECT e.stream_type, e.stream_id, e.ver, e.c_sha256 FROM ledger_ledgerleaf l"
    " JOIN ledger_ledgerevent e ON e.id = l.event_id WHERE l.log = %s AND l.idx < %s"
)


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """The head of one object's history: its last version then, and what that version committed to."""

    stream: str
    object_id: str
    ver: int
    commitment: bytes

    def leaf(self) -> bytes:
        """What is hashed."""
        return f"{self.stream}\n{self.object_id}\n{self.ver}\n".encode() + self.commitment

    def plain(self) -> list[Any]:
        """For a bundle."""
        return [self.stream, self.object_id, self.ver, b64encode(self.commitment).decode()]


def entries_at(size: int) -> list[Entry]:
    """The heads of all objects as of so many leaves, in the order of stream and id as texts. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [ACTS, size])
        last = {(stream, key): ver for stream, key, ver in cursor.fetchall()}
        cursor.execute(_COMMITMENT, [ACTS, size])
        return sorted(
            Entry(stream, str(key), ver, bytes(commitment))
            for stream, key, ver, commitment in cursor
            if last[stream, key] == ver
        )


def root_of(found: Sequence[Entry], suite: str) -> bytes:
    """The root of their tree."""
    digest = merkle.SUITES[suite]
    return merkle.root_of(digest, merkle.grow(digest, 0, [], [one.leaf() for one in found])[0])


def note_heads(actor: ActorLike) -> bool:
    """Note the heads of all objects, once a day and only when something happened. Whether it was done."""
    last = latest()
    size, _peaks = head(ACTS, SHA256)
    if not size or (last is not None and (clock.now() - last.at < EVERY or last.event.size >= size - 1)):
        return False
    with standing_as(MACHINE):
        found = entries_at(size)
        event = HeadsNoted(
            size=size,
            count=len(found),
            root_sha256=root_of(found, "sha256").hex(),
            root_sm3=root_of(found, "sm3").hex(),
        )
        with writing(), transaction.atomic():
            append(actor, event, stream_id=new_id(), version=0, level=PUBLIC)
    return True


def latest() -> Any:
    """The last note of heads with its event, or nothing."""
    row = (
        LedgerEvent.objects.filter(stream_type=HeadsNoted.stream, kind=HeadsNoted.kind)
        .order_by("-id")
        .first()
    )
    if row is None:
        return None
    ((entry,),) = entries(streams=[HeadsNoted.stream], stream_id=row.stream_id)
    return entry


def proofs(streams: Sequence[tuple[str, int]]) -> dict[str, Any] | None:
    """For a bundle: where each of these objects stands among the noted heads, or between which two it does not."""
    noted = latest()
    if noted is None:
        return None
    found = entries_at(noted.event.size)
    digest = merkle.SUITES["sha256"]
    made = []
    for stream, object_id in streams:
        place = bisect_left(found, (stream, str(object_id)), key=lambda one: (one.stream, one.object_id))
        there = place < len(found) and (found[place].stream, found[place].object_id) == (
            stream,
            str(object_id),
        )
        shown = [place] if there else [n for n in (place - 1, place) if 0 <= n < len(found)]
        made.append([stream, str(object_id), [_proof(digest, found, n) for n in shown]])
    return {"event": noted.id.hex, "stream": [HeadsNoted.stream, noted.stream_id], "of": made}


def _proof(digest: merkle.Digest, found: Sequence[Entry], place: int) -> dict[str, Any]:
    hashes = [merkle.leaf_hash(digest, one.leaf()) for one in found]
    levels = [hashes]
    while len(levels[-1]) > 1:  # the perfect subtrees by height
        below = levels[-1]
        levels.append([merkle.node_hash(digest, *below[n : n + 2]) for n in range(0, len(below) - 1, 2)])
    path = merkle.inclusion_proof(digest, lambda height, n: levels[height][n], place, len(found))
    return {"at": place, "entry": found[place].plain(), "proof": [b64encode(one).decode() for one in path]}
