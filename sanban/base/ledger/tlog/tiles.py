"""The tiles of a tree in the database: written as the tree grows, read to prove.

A tile of level L holds 256 hashes of the nodes at height 8 L, and 16 of those at height 8 L + 4; what lies between is
made from them when asked for.
The last tile of a level is partial and is written again, longer, until it is full (C2SP tlog-tiles).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.db import connection

from sanban.base.ledger.models import LedgerTile
from sanban.base.ledger.prepared import Prepared
from sanban.base.ledger.tlog import merkle

HASH: Final = merkle.SIZE
WIDTH: Final = 1 << merkle.TILE_HEIGHT
FOLD: Final = 1 << merkle.HALF
_UPSERT: Final = (
    "INSERT INTO ledger_ledgertile (log, suite, level, n, width, data, halfway) VALUES (%s,%s,%s,%s,%s,%s,%s)"
    " ON CONFLICT (log, suite, level, n) DO UPDATE"
    " SET width = excluded.width, data = excluded.data, halfway = excluded.halfway"
)
_TILE: Final = Prepared(
    lambda slot: LedgerTile.objects.filter(
        log=slot("log"), suite=slot("suite"), level=slot("level"), n=slot("n")
    ).values_list("data", "halfway")
)


def path_of(n: int) -> str:
    """The number of a tile in its address: 1234067 is x001/x234/067."""
    parts = [f"{n % 1000:03}"]
    while n >= 1000:
        n //= 1000
        parts.append(f"x{n % 1000:03}")
    return "/".join(reversed(parts))


Row = tuple[str, str, int, int, int, bytes, bytes]
Held = Callable[[str, str, int, int], tuple[bytes, bytes]]


def add_nodes(log: str, suite: str, size: int, gained: Mapping[int, Sequence[bytes]]) -> None:
    """Write what a tree of `size` leaves gained, by height, onto its tiles."""
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, rows(log, suite, size, gained, _tile))


def rows(log: str, suite: str, size: int, gained: Mapping[int, Sequence[bytes]], held: Held) -> list[Row]:
    """The tiles as they stand after a tree of `size` leaves gained these nodes; `held` gives those there were."""
    made = []
    for height in sorted(gained):
        level, between = divmod(height, merkle.TILE_HEIGHT)
        if between or not gained[height]:
            continue
        n, width = divmod(size >> height, WIDTH)
        data, halfway = held(log, suite, level, n)
        data = data[: width * HASH] + b"".join(gained[height])
        halfway = halfway[: width // FOLD * HASH] + b"".join(gained.get(height + merkle.HALF, ()))
        while data:
            full, half = data[: WIDTH * HASH], halfway[: WIDTH // FOLD * HASH]
            made.append((log, suite, level, n, len(full) // HASH, full, half))
            data, halfway, n = data[len(full) :], halfway[len(half) :], n + 1
    return made


def _tile(log: str, suite: str, level: int, n: int) -> tuple[bytes, bytes]:
    found = _TILE.first(log=log, suite=suite, level=level, n=n)
    return (bytes(found[0]), bytes(found[1])) if found is not None else (b"", b"")


class Nodes:
    """The nodes of one tree, read from its tiles; each tile is read once."""

    def __init__(self, log: str, suite: str) -> None:
        self.log, self.suite, self.digest = log, suite, merkle.SUITES[suite]
        self._tiles: dict[tuple[int, int], tuple[bytes, bytes]] = {}

    def read(self, height: int, index: int) -> bytes:
        """The root of the perfect subtree at this height and index. LookupError when it is not there yet."""
        level, above = divmod(height, merkle.TILE_HEIGHT)
        n = index >> (merkle.TILE_HEIGHT - above)
        tile = self._tiles.get((level, n))
        if tile is None:
            tile = self._tiles[level, n] = _tile(self.log, self.suite, level, n)
        half, above = divmod(above, merkle.HALF)
        kept, held = tile[half], WIDTH // FOLD if half else WIDTH
        start = ((index << above) % held) * HASH
        hashes = kept[start : start + (HASH << above)]
        if len(hashes) < HASH << above:
            raise LookupError(f"no node {index} at height {height}")
        digest = self.digest
        while len(hashes) > HASH:  # two neighbours and the mark of a node are what is hashed
            pairs = range(0, len(hashes), 2 * HASH)
            hashes = b"".join([digest(b"\x01" + hashes[at : at + 2 * HASH]) for at in pairs])
        return hashes
