"""When a backup was last made and read again, and when one was last restored on trial: notes of the machine.

They lie beside the database and not in it: what tells of backups must not come back out of one.
"""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from sanban.base import clock

BACKUP, REHEARSAL = "backup", "rehearsal"
_FILE: Final = "drills.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One backup or rehearsal: when, of how many events, how many bytes, and the digest of the file."""

    at: datetime
    events: int
    bytes: int
    sha256: str


def note(kind: str, *, events: int, size: int, sha256: str) -> None:
    """Keep this as the latest of its kind."""
    known = _read()
    made = Drill(at=clock.now(), events=events, bytes=size, sha256=sha256)
    known[kind] = {**asdict(made), "at": made.at.isoformat()}
    half = _path().with_suffix(".half")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(known, file)
    half.replace(_path())


def latest(kind: str) -> Drill | None:
    """The latest of its kind; none when there was none, or the note cannot be read."""
    said = _read().get(kind)
    try:
        return Drill(**{**said, "at": datetime.fromisoformat(said["at"])}) if said else None  # type: ignore[arg-type]
    except (TypeError, KeyError, ValueError):
        return None


def _path() -> Path:
    return Path(settings.SANBAN_VAR) / _FILE


def _read() -> dict[str, dict[str, str | int]]:
    try:
        said = json.loads(_path().read_text())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
