"""The file of the keyring: one connection a process, shared by its threads, which sees what other processes change."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOOK_EVERY: Final = 1.0
"""Seconds after which it is looked whether another process changed the ring: keys are destroyed a minute after they
were retired, so nothing is sealed with one that goes."""
_BEGIN: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "CREATE TABLE IF NOT EXISTS dek (id TEXT PRIMARY KEY, scope TEXT NOT NULL, level INTEGER NOT NULL,"
    " algorithm INTEGER NOT NULL, kek INTEGER NOT NULL, wrapped BLOB, made_at TEXT NOT NULL, retired_at TEXT,"
    " destroyed_at TEXT)",
    "CREATE UNIQUE INDEX IF NOT EXISTS dek_scope ON dek (scope) WHERE retired_at IS NULL",
)


class RingFile:
    """The keyring on the disk, readable by this account alone."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, threading.RLock()
        self._file: sqlite3.Connection | None = None
        self._process, self._state, self._looked = 0, -1, 0.0

    def looked_lately(self) -> bool:
        """Whether what is remembered of the file is as fresh as it needs to be."""
        return time.monotonic() - self._looked < LOOK_EVERY

    @contextmanager
    def opened(self) -> Iterator[tuple[sqlite3.Connection, bool]]:
        """The connection, for one thread at a time, and whether the file is another than when it was looked at last."""
        with self._lock:
            file = self._file
            if file is None or self._process != os.getpid():
                file, self._looked = self._open(), 0.0
            changed = False
            if not self.looked_lately():
                self._looked = time.monotonic()
                (state,) = file.execute("PRAGMA data_version").fetchone()
                changed, self._state = state != self._state, state
            yield file, changed

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._path.exists():
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))
        file = sqlite3.connect(self._path, timeout=20, isolation_level=None, check_same_thread=False)
        for line in _BEGIN:
            file.execute(line)
        self._file, self._process, self._state = file, os.getpid(), -1
        return file
