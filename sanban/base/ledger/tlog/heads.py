"""Reading the trees: how far they have grown, where an event stands in them, and proofs from their stored tiles."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from sanban.base.ledger.models import LedgerHead, LedgerLeaf
from sanban.base.ledger.prepared import Prepared, PreparedMany
from sanban.base.ledger.tlog import merkle, suites, tiles

RECORDED, INTEGRATED, SEALED = "recorded", "integrated", "sealed"
"""How firmly an event stands: with its state; with a place under a root; under a head that witnesses signed."""
_HEAD: Final = Prepared(
    lambda slot: LedgerHead.objects.filter(log=slot("log"), suite=slot("suite")).values_list(
        "size", "frontier"
    )
)


def head(log: str, suite: str) -> tuple[int, list[bytes]]:
    """Size and peaks of a tree; nothing yet is a tree of no leaves."""
    row = _HEAD.first(log=log, suite=suite)
    return (row[0], merkle.cut(bytes(row[1]))) if row is not None else (0, [])


def origin_of(log: str, suite: str = suites.SHA256) -> str:
    """The name under which one tree of a log signs, for ever."""
    return suites.named(settings.SANBAN_ORIGIN, log, suite)


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


_PLACES: Final = PreparedMany(
    lambda ids, slot: LedgerLeaf.objects.filter(event_id__in=ids).values_list("event_id", "log", "idx")
)


def grades_of(event_ids: Sequence[UUID]) -> dict[UUID, str]:
    """How firmly each event stands. Two queries."""
    sealed = sealed_sizes()
    found = dict.fromkeys(event_ids, RECORDED)
    for event_id, log, index in _PLACES(event_ids):
        found[event_id] = SEALED if index < sealed.get(log, 0) else INTEGRATED
    return found


_SEALED: Final = (
    "COALESCE((SELECT size FROM ledger_ledgercheckpoint WHERE log = %s AND suite = %s AND sealed_at IS NOT NULL"
    " ORDER BY size DESC LIMIT 1), 0)"
)
"""Asked from the newest head backwards: how many heads there are does not matter."""
_COUNT: Final = (
    "SELECT COUNT(*), COUNT(l.idx), COALESCE(SUM(CASE WHEN l.idx < s.size THEN 1 ELSE 0 END), 0)"  # noqa: S608 - fixed names
    f" FROM (SELECT {_SEALED} AS size) s CROSS JOIN ledger_ledgerevent e"
    " LEFT JOIN ledger_ledgerleaf l ON l.event_id = e.id"
    " WHERE e.stream_type = %s AND e.stream_id = %s AND e.label <= %s"
)


def grade_counts(stream: str, object_id: int, clearance: int) -> dict[str, int]:
    """How many of an object's events stand how firmly, the firmest first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [suites.log_of(stream), suites.SHA256, stream, object_id, clearance])
        whole, placed, firm = cursor.fetchone()
    return {SEALED: firm, INTEGRATED: placed - firm, RECORDED: whole - placed}


def sealed_sizes() -> dict[str, int]:
    """How many leaves of each log stand under a head that enough witnesses have signed. One query."""
    asked = ", ".join([_SEALED] * len(suites.LOGS))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", [part for log in suites.LOGS for part in (log, suites.SHA256)])
        return dict(zip(suites.LOGS, cursor.fetchone(), strict=True))
