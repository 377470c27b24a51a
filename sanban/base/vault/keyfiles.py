"""Secrets as files that only one account of the machine may read."""

import os
from collections.abc import Callable
from pathlib import Path


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """The secret in this file; one that is missing is made, and is on the disk when this returns."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            pass  # another process was first
    return read(path)


def read(path: Path) -> bytes:
    """The secret in this file. FileNotFoundError without it.

    PermissionError when others may read the file: who can read a signing key can sign in its name.
    """
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path.name} may be read by others: chmod 600")
    return path.read_bytes()
