"""The one hand that gives events their place: claim what waits, grow both trees, sign the new head.

Events are claimed from the pending table, never by "id above the last one seen": ids are given before commit, so a
reader that only looks ahead misses those that commit late (17 % in our measurement with six writers). Claiming,
places, tiles, heads and the removal from the pending table are one transaction; signing follows after its commit, so
that no head is signed that could vanish.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from sanban.base import clock
from sanban.base.ledger.act import writing
from sanban.base.ledger.envelope import leaf
from sanban.base.ledger.models import LedgerCheckpoint, LedgerHead, LedgerKey
from sanban.base.ledger.prepared import Prepared
from sanban.base.ledger.tlog import merkle, notes, tiles
from sanban.base.ledger.tlog.keys import NOTE, keys

ACTS, ACCESS = "ledger", "access"
LOGS: Final = (ACTS, ACCESS)
BATCH: Final = 1000
_LOCK: Final = 0x5A4B  # of this house's advisory locks, the sequencer's
_CLAIM: Final = (
    "SELECT p.event_id, e.stream_type, e.c_sha256, e.c_sm3 FROM ledger_ledgerpending p"
    " JOIN ledger_ledgerevent e ON e.id = p.event_id ORDER BY p.event_id LIMIT %s"
)
_PLACE: Final = "INSERT INTO ledger_ledgerleaf (log, idx, event_id) VALUES (%s,%s,%s)"
_DONE: Final = "DELETE FROM ledger_ledgerpending WHERE event_id = %s"
_MOVE: Final = (
    "INSERT INTO ledger_ledgerhead (log, suite, size, frontier) VALUES (%s,%s,%s,%s)"
    " ON CONFLICT (log, suite) DO UPDATE SET size = excluded.size, frontier = excluded.frontier"
)
_HEAD: Final = Prepared(
    lambda slot: LedgerHead.objects.filter(log=slot("log"), suite=slot("suite")).values_list(
        "size", "frontier"
    )
)
Claimed = tuple[Any, bytes]
"""Id of an event, and its leaf."""


def log_of(stream: str) -> str:
    """Which log an event of this stream belongs to: reads and refusals have their own."""
    return ACCESS if stream == "access" else ACTS


def integrate(most: int = BATCH, batches: int = 10) -> int:
    """Give waiting events their places, so many a batch, and sign the new heads. The number of events placed."""
    placed = 0
    for _n in range(batches):
        came = _place(most)
        placed += came
        if came < most:
            break
    if placed:
        sign_heads()
    return placed


def _place(most: int) -> int:
    """One batch, one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ledger_ledgerpending LIMIT 1")
        if cursor.fetchone() is None:
            return 0
    with _only_one() as mine:
        return _placed(most) if mine else 0


@contextmanager
def _only_one() -> Iterator[bool]:
    """A transaction in which no other sequencer works: SQLite has one writer, PostgreSQL is asked for a lock."""
    with writing(), transaction.atomic():
        if connection.vendor == "sqlite":
            yield True
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            yield bool(cursor.fetchone()[0])


def _placed(most: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [most])
        rows = cursor.fetchall()
        by_log: dict[str, list[Claimed]] = {}
        for event_id, stream, c_sha256, c_sm3 in rows:
            by_log.setdefault(log_of(stream), []).append((event_id, leaf(bytes(c_sha256), bytes(c_sm3))))
        for log, claimed in by_log.items():
            start = extend(log, [body for _id, body in claimed])
            cursor.executemany(
                _PLACE, [(log, start + n, event_id) for n, (event_id, _) in enumerate(claimed)]
            )
        cursor.executemany(_DONE, [(row[0],) for row in rows])
    return len(rows)


def extend(log: str, leaves: Sequence[bytes]) -> int:
    """Append leaves to both trees of a log; the index of the first. The caller's transaction holds it together."""
    start, heads = 0, []
    for suite, digest in merkle.SUITES.items():
        start, peaks = head(log, suite)
        peaks, gained = merkle.grow(digest, start, peaks, leaves)
        tiles.add_nodes(log, suite, start, gained)
        heads.append((log, suite, start + len(leaves), b"".join(peaks)))
    with connection.cursor() as cursor:
        cursor.executemany(_MOVE, heads)
    return start


def head(log: str, suite: str) -> tuple[int, list[bytes]]:
    """Size and peaks of a tree; nothing yet is a tree of no leaves."""
    row = _HEAD.first(log=log, suite=suite)
    return (row[0], merkle.cut(bytes(row[1]))) if row is not None else (0, [])


def origin_of(log: str) -> str:
    """The name under which a log signs, for ever."""
    return f"{settings.SANBAN_ORIGIN}/{log}"


def sign_heads() -> list[str]:
    """Sign the SHA-256 head of each log that has grown since its last checkpoint. The new notes."""
    made = []
    private = keys().signing_key(NOTE)
    for log in LOGS:
        size, peaks = head(log, "sha256")
        if not size or LedgerCheckpoint.objects.filter(log=log, suite="sha256", size=size).exists():
            continue
        root = merkle.root_of(merkle.SUITES["sha256"], peaks)
        point = notes.Checkpoint(origin_of(log), size, root)
        note = notes.sign(point.text(), point.origin, private)
        public = private.public_key().public_bytes_raw()
        with writing(), transaction.atomic():
            _know(notes.verifier_key(point.origin, public), public)
            LedgerCheckpoint.objects.get_or_create(
                log=log,
                suite="sha256",
                size=size,
                defaults={"root": root, "note": note, "made_at": clock.now()},
            )
        made.append(note)
    return made


def _know(key_id: str, public: bytes) -> None:
    LedgerKey.objects.get_or_create(
        key_id=key_id,
        defaults={"purpose": NOTE, "suite": "ed25519", "public": public, "valid_from": clock.now()},
    )


def place_of(event_id: UUID) -> tuple[str, int] | None:
    """Log and index of an event, or nothing while it waits."""
    key = event_id.hex if connection.vendor == "sqlite" else event_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT log, idx FROM ledger_ledgerleaf WHERE event_id = %s", [key])
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def inclusion(log: str, suite: str, index: int, size: int) -> list[bytes]:
    """The proof, from the stored tiles, that leaf `index` is in the first `size` leaves."""
    nodes = tiles.Nodes(log, suite)
    return merkle.inclusion_proof(nodes.digest, nodes.read, index, size)


def consistency(log: str, suite: str, first: int, second: int) -> list[bytes]:
    """The proof, from the stored tiles, that nothing before `first` changed by `second`."""
    nodes = tiles.Nodes(log, suite)
    return merkle.consistency_proof(nodes.digest, nodes.read, first, second)
