"""The data keys, in a file of their own that no backup of the database holds: what a destroyed key encrypted is gone
from every copy (LEDGER.md, 5.3 and 5.9).

A scope has one key at a time: work secrets one an object, internal content one an office and month. A key is first
retired, so that nothing new is sealed with it; what shall live is sealed anew; then it is destroyed.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sanban.base import clock
from sanban.base.vault.ciphers import KEY_BYTES, NAMES, Sealer, sealer
from sanban.base.vault.provider import INTERNAL, SECRET
from sanban.base.vault.ringfile import RingFile
from sanban.base.vault.wrapping import Above


class Gone(LookupError):
    """The key was destroyed, or never was here: what it sealed cannot be read any more, by anybody."""


@dataclass(frozen=True, slots=True)
class Status:
    """The keys of one level: how many live, retired and destroyed, under which versions of the key above them."""

    level: int
    algorithm: str
    live: int
    retired: int
    destroyed: int
    versions: tuple[int, ...]


class Keyring:
    """All data keys of a house. One connection, shared by the threads of a process."""

    def __init__(self, path: Path, above: Above) -> None:
        self._file, self._above, self._algorithm = RingFile(path), above, above.algorithm
        self._current: dict[str, tuple[str, Sealer]] = {}
        self._ready: dict[str, Sealer] = {}

    def for_sealing(self, scope: str, level: int) -> tuple[str, Sealer]:
        """The scope's key and its id; made when there is none. Locked when the key above it is not to be had."""
        found = self._current.get(scope) if self._file.looked_lately() else None
        if found is None:
            with self._fresh() as file:
                found = self._current.get(scope)
                if found is None:
                    found = self._current[scope] = self._newest(file, scope, level)
        return found

    def for_opening(self, key_id: str) -> Sealer:
        """The key of this id. Gone when it was destroyed."""
        return self.opener()(key_id)

    def opener(self) -> Callable[[str], Sealer]:
        """The same for many: what other processes have changed is looked for once, now."""
        with self._fresh():
            return self._found

    def _found(self, key_id: str) -> Sealer:
        found = self._ready.get(key_id)
        if found is None:
            with self._fresh() as file:
                row = file.execute(
                    "SELECT algorithm, level, kek, wrapped FROM dek WHERE id = ?", [key_id]
                ).fetchone()
                if row is None or row[3] is None:
                    raise Gone(key_id)
                found = self._ready[key_id] = sealer(row[0], self._above.unwrap(key_id, *row[1:]))
        return found

    def retire(self, key_id: str) -> None:
        """Seal nothing new with this key."""
        self._change("UPDATE dek SET retired_at = ? WHERE id = ? AND retired_at IS NULL", key_id)

    def destroy(self, key_id: str) -> None:
        """Take the key away for good. It is retired first, and nothing that shall live may still need it."""
        self.retire(key_id)
        self._change("UPDATE dek SET wrapped = NULL, destroyed_at = ? WHERE id = ?", key_id)
        with self._fresh() as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def retired(self) -> list[tuple[str, datetime]]:
        """Keys that seal nothing new and are still there, and since when."""
        with self._fresh() as file:
            return [
                (key_id, datetime.fromisoformat(since))
                for key_id, since in file.execute(
                    "SELECT id, retired_at FROM dek WHERE retired_at IS NOT NULL AND wrapped IS NOT NULL ORDER BY id"
                )
            ]

    def rotate(self, level: int) -> int:
        """Make the next key of a level, put every data key of the level under it, drop the keys before; the version.

        Content stays as it is: what is encrypted anew are the data keys alone.
        """
        version = self._above.next(level)
        with self._fresh() as file:
            rows = file.execute(
                "SELECT id, level, kek, wrapped FROM dek WHERE level = ? AND wrapped IS NOT NULL",
                [level],
            ).fetchall()
            before = {row[2] for row in rows}
            file.execute("BEGIN IMMEDIATE")
            for key_id, *rest in rows:
                key = self._above.unwrap(key_id, *rest)
                file.execute(
                    "UPDATE dek SET kek = ?, wrapped = ? WHERE id = ?",
                    [version, self._above.wrap(key_id, level, version, key), key_id],
                )
            file.execute("COMMIT")
        for old in before - {version}:
            self._above.drop(level, old)
        return version

    def status(self) -> list[Status]:
        """How it stands, by level."""
        with self._fresh() as file:
            rows = file.execute(
                "SELECT level, sum(retired_at IS NULL), sum(retired_at IS NOT NULL AND wrapped IS NOT NULL),"
                " sum(wrapped IS NULL), group_concat(DISTINCT kek) FROM dek GROUP BY level"
            ).fetchall()
        by_level = {row[0]: row[1:] for row in rows}
        made = []
        for level in (INTERNAL, SECRET):
            live, retired, destroyed, versions = by_level.get(level, (0, 0, 0, ""))
            known = tuple(sorted(int(part) for part in versions.split(",") if part))
            made.append(Status(level, NAMES[self._algorithm], live, retired, destroyed, known))
        return made

    def copy_to(self, target: Path) -> None:
        """A copy of the ring as of now, for a place of its own. The keys above the data keys are not in it."""
        with self._fresh() as file, sqlite3.connect(target) as copy:
            file.backup(copy)
        copy.close()
        target.chmod(0o600)

    def _newest(self, file: sqlite3.Connection, scope: str, level: int) -> tuple[str, Sealer]:
        row = file.execute("SELECT id FROM dek WHERE scope = ? AND retired_at IS NULL", [scope]).fetchone()
        if row is None:
            (count,) = file.execute("SELECT count(*) FROM dek WHERE scope = ?", [scope]).fetchone()
            key_id, version = f"{scope}.{count + 1}", self._above.newest(level)
            key = os.urandom(KEY_BYTES[self._algorithm])
            file.execute(
                "INSERT OR IGNORE INTO dek (id, scope, level, algorithm, kek, wrapped, made_at) VALUES (?,?,?,?,?,?,?)",
                [key_id, scope, level, self._algorithm, version, self._above.wrap(key_id, level, version, key),
                 clock.now().isoformat()],
            )  # fmt: skip
            row = file.execute(
                "SELECT id FROM dek WHERE scope = ? AND retired_at IS NULL", [scope]
            ).fetchone()
        return row[0], self.for_opening(row[0])

    def _change(self, statement: str, key_id: str) -> None:
        with self._fresh() as file:
            file.execute(statement, [clock.now().isoformat(), key_id])
            self._current.clear()
            self._ready.pop(key_id, None)

    @contextmanager
    def _fresh(self) -> Iterator[sqlite3.Connection]:
        """The file, with what is remembered of it forgotten when another process has changed it."""
        with self._file.opened() as (file, changed):
            if changed:
                self._current.clear()
                self._ready.clear()
            yield file
