"""A restore on trial: the backup comes back in a folder of its own, is looked over there, and is thrown away."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

from sanban.desk.compliance import drills
from sanban.site.backup import Failed

COMMAND = "from sanban.site.cli import main; main()"


def rehearse(source: Path, *, key_file: Path, keys: Path, database: str = "") -> int:
    """Restore this backup elsewhere, in a process of its own; how many events came back. Failed when anything differs.

    On PostgreSQL `database` names an empty database of its own; it is filled and left for the operator to drop.
    """
    if connection.vendor == "postgresql" and not database:
        raise Failed("请用 --database 给出一个空的 PostgreSQL 库，演练不碰正在使用的库")
    with tempfile.TemporaryDirectory(prefix="sanban-rehearsal-") as scratch:
        words = ["restore", str(source), "--key-file", str(key_file), "--keys", str(keys)]
        own = ("DATABASE_URL", "SANBAN_WITNESSES", "SANBAN_ROLE")
        apart = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        apart |= {"SANBAN_DATA_DIR": scratch, "SANBAN_ORIGIN": f"{settings.SANBAN_ORIGIN}/rehearsal"}
        ran = subprocess.run(
            [sys.executable, "-c", COMMAND, *words], capture_output=True, text=True, cwd=settings.BASE_DIR,
            env=apart | ({"DATABASE_URL": database} if database else {}),
        )  # fmt: skip
        if ran.returncode:
            raise Failed((ran.stderr or ran.stdout).strip()[-400:])
        counted = subprocess.run(
            [sys.executable, "-c", COMMAND, "ledger", "--json"], capture_output=True, text=True,
            cwd=settings.BASE_DIR, env=apart | ({"DATABASE_URL": database} if database else {}), check=True,
        )  # fmt: skip
    events = int(json.loads(counted.stdout)["events"])
    with source.open("rb") as packed:
        sha256 = hashlib.file_digest(packed, "sha256").hexdigest()
    drills.note(drills.REHEARSAL, events=events, size=source.stat().st_size, sha256=sha256)
    return events
