"""Backup and restore: the database as of one moment, the files, and the last sealed heads, encrypted as one file.

Keys are not in it: who finds a backup opens nothing. The ring of data keys goes beside it as `keyring.box`, one for all
backups in a folder and written anew each time: so a key that was destroyed is missing to the older backups as well, and
what was shredded stays shredded. The keys above the ring are kept by people (`keys`, and the custodians' shares). A
restored house signs under a new name that quotes the last sealed head, because to the witnesses an older state under
the old name is a roll-back, and should be (LEDGER.md, 5.4).
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from django.conf import settings
from django.db import connection, connections

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger import auditing
from sanban.base.ledger.contents import Unread
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.queries import size
from sanban.base.ledger.tlog import restoring, sealing, suites, trust
from sanban.base.vault import boxes
from sanban.base.vault.keyfiles import read_or_make
from sanban.base.vault.provider import Locked
from sanban.desk.compliance import drills
from sanban.desk.evidence.queries import read_faults
from sanban.site import strongbox

Say = Callable[[str], object]
FORMAT: Final = 1
RING_BOX: Final = "keyring.box"
KEPT: Final = ("files", "witnesses.policy", "origin")
"""What of the data folder goes along beside the database; `keys` never does."""


class Failed(Exception):
    """A backup or restore that did not happen; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was written or restored."""

    events: int
    bytes: int
    made_at: str


def key_of(path: Path | None) -> bytes:
    """The backup key: 32 bytes in a file of its own, made when it is missing. Keep a copy away from this machine."""
    return read_or_make(path or settings.SANBAN_VAR / "keys" / "backup.key", lambda: os.urandom(32))


def backup(target: Path, *, key: bytes) -> Outcome:
    """Write an encrypted backup while the house works on. Nothing is left at `target` when it fails."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as scratch:
        folder = Path(scratch)
        dumps = _dump(folder)
        told = _manifest()
        half = folder / "half"
        with half.open("wb") as out:
            box = strongbox.Writer(out, key)
            with tarfile.open(fileobj=cast(BinaryIO, box), mode="w|") as archive:
                _add_bytes(archive, "manifest.json", json.dumps(told, ensure_ascii=False).encode())
                for dump in dumps:
                    archive.add(dump, dump.name)
                for name in KEPT:
                    if (settings.SANBAN_VAR / name).exists():
                        archive.add(settings.SANBAN_VAR / name, name)
            box.close()
            out.flush()
            os.fsync(out.fileno())
        sha256 = _read_again(half, key)
        half.replace(target)
        _pack_ring(folder, target.with_name(RING_BOX), key)
    drills.note(drills.BACKUP, events=told["events"], size=target.stat().st_size, sha256=sha256)
    return Outcome(told["events"], target.stat().st_size, told["made_at"])


def _read_again(made: Path, key: bytes) -> str:
    """Open every piece of what was written; the digest of the file. Failed when one does not open."""
    try:
        with made.open("rb") as packed:
            box = strongbox.Reader(packed, key)
            while box.read(strongbox.PIECE):
                pass
    except strongbox.Spoiled as fault:
        raise Failed(f"写出的备份读不回来：{fault}。请检查磁盘") from fault
    with made.open("rb") as packed:
        return hashlib.file_digest(packed, "sha256").hexdigest()


def _pack_ring(folder: Path, target: Path, key: bytes) -> None:
    """The data keys as of now, in the place of those of the backup before."""
    ring, half = folder / boxes.RING, folder / RING_BOX
    boxes.keyring().copy_to(ring)
    with half.open("wb") as out:
        box = strongbox.Writer(out, key)
        box.write(ring.read_bytes())
        box.close()
    half.replace(target)


def _lay_keys(ring_box: Path, key: bytes, keys: Path | None) -> list[Path]:
    """The ring in its place, and the keys above it from a copy of the old house's; the paths that are new."""
    ring, folder = settings.SANBAN_VAR / boxes.RING, settings.SANBAN_VAR / "keys"
    try:
        with ring_box.open("rb") as packed:
            body = strongbox.Reader(packed, key).read()
    except (strongbox.Spoiled, OSError) as fault:
        raise Failed(f"数据密钥读不出来（{ring_box.name}，应与备份放在一起）：{fault}") from fault
    if keys is None and not list(folder.glob("*.kek")):
        raise Failed("缺少内容密钥。请用 --keys 指定原 keys 文件夹的副本，保管人的两份也须在内。")
    made = [ring]
    ring.touch(0o600)
    ring.write_bytes(body)
    for kept in sorted(keys.rglob("*") if keys else ()):
        if kept.suffix in (".kek", ".share"):
            place = folder / kept.relative_to(keys or kept)
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            place.touch(0o600)
            place.write_bytes(kept.read_bytes())
            made.append(place)
    return made


def _manifest() -> dict[str, Any]:
    heads = {log: sealing.sealed_note(log, suites.SHA256) for log in suites.LOGS}
    return {
        "format": FORMAT, "made_at": clock.now().isoformat(), "vendor": connection.vendor,
        "origin": settings.SANBAN_ORIGIN, "events": size(actor=SYSTEM)["events"], "heads": heads,
    }  # fmt: skip


def _dump(folder: Path) -> list[Path]:
    """The databases as of now, each as one file. On SQLite the read log has a file of its own."""
    if connection.vendor == "postgresql":
        _postgres(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--enable-row-security",
            "--file",
            str(folder / "database"),
        )
        return [folder / "database"]
    made = []
    for name, place in _places().items():
        made.append(folder / name)
        source, copy = sqlite3.connect(f"file:{place}?mode=ro", uri=True), sqlite3.connect(folder / name)
        with copy:
            source.backup(copy)
        copy.close()
        source.close()
    return made


def _places() -> dict[str, Path]:
    """The database files of SQLite, by their name in a backup."""
    names = {"default": "database", "readings": "readings"}
    return {names[alias]: Path(kept["NAME"]) for alias, kept in settings.DATABASES.items()}


def _postgres(program: str, *words: str) -> None:
    """Run one of PostgreSQL's own programs on our database; the password goes by the environment, and
    that it is the machine which asks, so that row security holds nothing back."""
    place = connection.settings_dict
    found = shutil.which(program)
    if found is None:
        raise Failed(f"本机没有 {program}，请安装与服务器同版本的 PostgreSQL 客户端。")
    asked = [found, *words, "--dbname", str(place["NAME"])]
    for option, name in (("--host", "HOST"), ("--port", "PORT"), ("--username", "USER")):
        if place[name]:
            asked += [option, str(place[name])]
    ran = subprocess.run(
        asked, env={
            **os.environ, "PGPASSWORD": str(place["PASSWORD"] or ""), "PGOPTIONS": "-c sanban.system=1",
        }, capture_output=True, text=True,
    )  # fmt: skip
    if ran.returncode:
        raise Failed(f"{program} 失败：{ran.stderr.strip()[-300:]}")


def restore(
    source: Path, *, key: bytes, keys: Path | None, prepare: Callable[[], object], say: Say
) -> Outcome:
    """Bring a backup back into an empty house, look everything over, and go on under a new name.

    `keys` is a copy of the old house's folder of keys, where they are not in place already; `prepare` brings tables
    up to date. Failed, with the house empty again, when one byte does not fit.
    """
    _require_empty()
    with tempfile.TemporaryDirectory(dir=settings.SANBAN_VAR, prefix=".restore-") as scratch:
        folder = Path(scratch)
        try:
            with (
                source.open("rb") as packed,
                tarfile.open(fileobj=cast(BinaryIO, strongbox.Reader(packed, key)), mode="r|") as archive,
            ):
                archive.extractall(folder, filter="data")
            told = json.loads((folder / "manifest.json").read_bytes())
        except (strongbox.Spoiled, tarfile.TarError, OSError, ValueError) as fault:
            raise Failed(f"备份读不出来：{fault}") from fault
        if told.get("format") != FORMAT or told["vendor"] != connection.vendor:
            raise Failed("备份的格式或数据库种类与本机不同，请用同种数据库恢复。")
        moved = _lay_keys(source.with_name(RING_BOX), key, keys)
        moved += _move_in(folder)
        try:
            prepare()
            _check(told, say)
        except Failed:
            _clear(moved)
            raise
    restoring.restart(actor=SYSTEM, made_at=told["made_at"], heads=told["heads"], before=told["origin"])
    return Outcome(told["events"], source.stat().st_size, told["made_at"])


def _require_empty() -> None:
    fresh = connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists()
    tables = [] if fresh else connection.introspection.table_names()
    if "ledger_ledgerevent" in tables and size(actor=SYSTEM)["events"]:
        raise Failed("本机的数据库不是空的。恢复只装入空库：请换一个空的数据目录或数据库。")
    if any((settings.SANBAN_VAR / name).exists() for name in KEPT):
        raise Failed(f"数据目录 {settings.SANBAN_VAR} 里已有文件。请换一个空的数据目录。")


def _move_in(folder: Path) -> list[Path]:
    """Put everything in its place; the paths that are new."""
    connections.close_all()
    made = []
    if connection.vendor == "sqlite":
        for name, place in _places().items():
            for tail in ("", "-wal", "-shm"):
                Path(f"{place}{tail}").unlink(missing_ok=True)
            shutil.move(folder / name, place)
            made.append(place)
    else:
        _postgres("pg_restore", "--no-owner", "--exit-on-error", "--clean", "--if-exists", "--single-transaction",
                  str(folder / "database"))  # fmt: skip
    for name in KEPT:
        if (folder / name).exists():
            shutil.move(folder / name, settings.SANBAN_VAR / name)
            made.append(settings.SANBAN_VAR / name)
    return made


def _clear(moved: list[Path]) -> None:
    connections.close_all()
    for path in moved:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            for tail in ("", "-wal", "-shm"):
                Path(f"{path}{tail}").unlink(missing_ok=True)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")


def _check(told: dict[str, Any], say: Say) -> None:
    """Every byte against the seals, every table against the ledger, and the sealed heads against both."""
    say("正在逐条核对…")
    if size(actor=SYSTEM)["events"] != told["events"]:
        raise Failed("恢复出的记录条数与备份清单不符。")
    try:
        found = auditing.audit(also=read_faults)
    except (Locked, Unread) as shut:
        raise Failed(f"内容无法解密：{shut}。请核对 --keys 指定的是否为该备份所属系统的密钥。") from shut
    if found.faults or found.differences:
        first = (found.faults + found.differences)[0]
        count = len(found.faults) + len(found.differences)
        raise Failed(f"恢复出的数据有 {count} 处不符，例如 {first['table']} {first['row']}。")
    try:
        for log, note in told["heads"].items():
            if note:
                restoring.hold_against(log, note, sealing.trusted() or trust.Trust(quorum="none"))
    except Refused as fault:
        raise Failed(fault.message) from fault


def _add_bytes(archive: tarfile.TarFile, name: str, body: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(body)
    archive.addfile(entry, io.BytesIO(body))
