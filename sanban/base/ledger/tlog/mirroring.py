"""What anybody may copy of the logs: heads, tiles and blind leaves, as C2SP's tlog-tiles lays them out.

A leaf is 65 bytes and says nothing of what was done, so an office may keep a mirror of a log that holds secrets.
"""

import re
from dataclasses import dataclass
from typing import Final

from sanban.base.ledger.envelope import leaf
from sanban.base.ledger.models import LedgerCheckpoint, LedgerCosignature, LedgerEvent, LedgerLeaf, LedgerTile
from sanban.base.ledger.tlog.tiles import HASH, WIDTH

_PLACE: Final = re.compile(r"(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Place:
    """One tile: its level (None: the leaves themselves), its number, and how many of its parts are wanted."""

    level: int | None
    n: int
    width: int

    @property
    def whole(self) -> bool:
        """Whether it is full, and so never changes."""
        return self.width == WIDTH


def place_of(path: str) -> Place | None:
    """The tile that an address means: `0/x001/x234/067`, `entries/000.p/17`; nothing when it means none."""
    found = _PLACE.fullmatch(path)
    if found is None:
        return None
    level, number, width = found.groups()
    parts = number.replace("x", "").split("/")
    if (len(parts) > 1 and number.startswith("x000")) or (width and int(width) >= WIDTH):
        return None  # one tile has one address
    return Place(None if level == "entries" else int(level), int("".join(parts)), int(width or WIDTH))


def checkpoint(log: str, suite: str) -> str | None:
    """The newest signed head of a tree, with the lines of the witnesses that signed it."""
    point = LedgerCheckpoint.objects.filter(log=log, suite=suite).order_by("-size").first()
    if point is None:
        return None
    rows = LedgerCosignature.objects.filter(log=log, suite=suite, size=point.size).order_by("witness")
    return point.note + "".join(rows.values_list("line", flat=True))


def tile(log: str, suite: str, place: Place) -> bytes | None:
    """The hashes of a tile, or the leaves of its span, each after its length; nothing while it is not that wide."""
    if place.level is None:
        return _leaves(log, place)
    data = (
        LedgerTile.objects.filter(log=log, suite=suite, level=place.level, n=place.n, width__gte=place.width)
        .values_list("data", flat=True)
        .first()
    )
    return None if data is None else bytes(data)[: place.width * HASH]


def _leaves(log: str, place: Place) -> bytes | None:
    first = place.n * WIDTH
    placed = LedgerLeaf.objects.filter(log=log, idx__gte=first, idx__lt=first + place.width).order_by("idx")
    ids = list(placed.values_list("event_id", flat=True))
    if len(ids) < place.width:
        return None
    found = LedgerEvent.objects.filter(id__in=ids).values_list("id", "c_sha256", "c_sm3")
    bodies = {key: leaf(bytes(one), bytes(other)) for key, one, other in found}
    return b"".join(len(bodies[key]).to_bytes(2, "big") + bodies[key] for key in ids)
