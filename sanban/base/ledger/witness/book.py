"""What a witness keeps, in a folder of its own: its key, the logs it follows, and the latest head it signed of each."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from sanban.base.ledger.tlog import notes
from sanban.base.vault.keyfiles import read_or_make

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS follows (origin TEXT NOT NULL, vkey TEXT NOT NULL, PRIMARY KEY (origin, vkey));"
    "CREATE TABLE IF NOT EXISTS head (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL,"
    " note TEXT NOT NULL);"
)
_MOVE: Final = (
    "INSERT INTO head (origin, size, root, note) VALUES (?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE"
    " SET size = excluded.size, root = excluded.root, note = excluded.note"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The latest head that was signed."""

    size: int
    root: bytes
    note: str


class Book:
    """The folder of one witness. Every change is on the disk before it is answered (synchronous FULL)."""

    def __init__(self, folder: Path, name: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / "witness.sqlite3"
        kept = folder / "name"
        if not kept.exists():
            if not name:
                raise FileNotFoundError(f"{folder} is not yet a witness's: give it a name")
            kept.write_text(name)
        self.name = kept.read_text().strip()
        self.private = MLDSA44PrivateKey.from_seed_bytes(
            read_or_make(folder / "witness.seed", lambda: os.urandom(32))
        )
        with self._open() as base:
            base.executescript(_TABLES)

    @property
    def key(self) -> notes.Key:
        """The public key by which others know this witness."""
        return notes.witness_key(self.name, self.private)

    def follow(self, key: notes.Key) -> None:
        """Trust this key to sign for the log it is named after, beside those trusted before."""
        with self._open() as base:
            base.execute("INSERT OR IGNORE INTO follows (origin, vkey) VALUES (?, ?)", (key.name, key.text()))

    def drop(self, key: notes.Key) -> None:
        """Trust this key no longer."""
        with self._open() as base:
            base.execute("DELETE FROM follows WHERE vkey = ?", (key.text(),))

    def followed(self) -> dict[str, list[notes.Key]]:
        """The logs by origin, with the keys trusted for each."""
        found: dict[str, list[notes.Key]] = {}
        with self._open() as base:
            for origin, vkey in base.execute("SELECT origin, vkey FROM follows ORDER BY origin, vkey"):
                found.setdefault(origin, []).append(notes.read_key(vkey))
        return found

    def head(self, origin: str) -> Head | None:
        """The latest head of a log that was signed here."""
        with self._open() as base:
            return _head(base, origin)

    @contextmanager
    def turn(self, origin: str) -> Iterator["Turn"]:
        """The one writer's place: look at the latest head and move it on, or leave it, as one step."""
        with self._open() as base:
            base.execute("BEGIN IMMEDIATE")
            yield Turn(base, origin, _head(base, origin))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10, isolation_level=None)) as base:
            base.execute("PRAGMA synchronous=FULL")
            try:
                yield base
            except BaseException:
                if base.in_transaction:
                    base.execute("ROLLBACK")
                raise
            if base.in_transaction:
                base.execute("COMMIT")


@dataclass(slots=True)
class Turn:
    """One look at a log's latest head, with the right to move it."""

    base: sqlite3.Connection
    origin: str
    head: Head | None

    def move(self, size: int, root: bytes, note: str) -> None:
        """This head is the latest now."""
        self.base.execute(_MOVE, (self.origin, size, root, note))


def _head(base: sqlite3.Connection, origin: str) -> Head | None:
    row = base.execute("SELECT size, root, note FROM head WHERE origin = ?", (origin,)).fetchone()
    return Head(row[0], bytes(row[1]), row[2]) if row else None
