"""A backup brings the house back, byte for byte and provably; an altered, cut or foreign one leaves it empty."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings as configured
from django.db import connection, connections

from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.tests.sealed import Watch
from sanban.base.ledger.tlog.restoring import next_name
from sanban.desk.compliance import drills
from sanban.site import strongbox
from sanban.site.commands import main
from tests.addresses import furnished

pytestmark = pytest.mark.django_db(transaction=True)
COMMAND = "from sanban.site.cli import main; main()"


@pytest.fixture
def packed(settings, tmp_path, monkeypatch):
    """A furnished, sealed house, and its backup; the key lies apart."""
    folder = tmp_path / "house"
    folder.mkdir()
    watch = Watch(folder, settings)
    furnished()
    watch.seal()
    for alias in configured.DATABASES:
        monkeypatch.setitem(configured.DATABASES[alias], "NAME", connections[alias].settings_dict["NAME"])
    target, key = tmp_path / "house.backup", tmp_path / "backup.key"
    said = CliRunner().invoke(main, ["backup", str(target), "--key-file", str(key)])
    assert said.exit_code == 0, said.output
    assert f"已备份 {LedgerEvent.objects.count()} 条记录" in said.output
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    return target, key


@pytest.fixture
def empty(tmp_path):
    """An empty house with a database of its own; gives its environment."""
    folder = tmp_path / "again"
    folder.mkdir()
    env = {**os.environ, "SANBAN_DATA_DIR": str(folder), "SANBAN_TESTING": "", "PYTHONPATH": str(Path.cwd())}
    env.pop("SANBAN_ORIGIN", None)
    env.pop("SANBAN_WITNESSES", None)
    if connection.vendor == "sqlite":
        env["DATABASE_URL"] = f"sqlite:///{folder / 'sanban.sqlite3'}"
        yield folder, env
        return
    name = "restored"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    env["DATABASE_URL"] = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    yield folder, env
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _run(env, *words):
    return subprocess.run([sys.executable, "-c", COMMAND, *words], env=env, capture_output=True, text=True)


def test_a_house_comes_back_whole_and_goes_on_under_a_new_name(packed, empty):
    (backup, key), (folder, env) = packed, empty
    count = LedgerEvent.objects.count()
    said = _run(
        env, "restore", str(backup), "--key-file", str(key), "--keys", str(backup.with_name("house") / "keys")
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"已恢复 {count} 条记录" in said.stdout
    assert (folder / "origin").read_text() == "province.example/sanban/r2"
    assert said.stdout.count("province.example/sanban/r2/") == 4  # the new keys, for the witnesses to follow
    told = _run(env, "audit")
    assert told.returncode == 0 and "全部相符" in told.stdout, told.stdout + told.stderr
    assert f"台账 {count + 1} 条" in _run(env, "ledger").stdout
    again = _run(env, "restore", str(backup), "--key-file", str(key))
    assert again.returncode == 1 and "不是空的" in again.stderr


def test_what_was_altered_cut_or_locked_by_another_key_is_refused_and_nothing_stays(packed, empty, tmp_path):
    (backup, key), (folder, env) = packed, empty
    body = backup.read_bytes()
    other = tmp_path / "other.key"
    other.write_bytes(b"k" * 32)
    other.chmod(0o600)
    spoiled = tmp_path / "spoiled"
    for made, with_key, says in (
        (body[:-100] + bytes([body[-100] ^ 1]) + body[-99:], key, "被改动"),
        (body[: len(body) // 2], key, "备份读不出来"),
        (body + b"x", key, "多出内容"),
        (b"nothing", key, "不是本系统的备份文件"),
        (body, other, "密钥不对"),
    ):
        spoiled.write_bytes(made)
        said = _run(env, "restore", str(spoiled), "--key-file", str(with_key))
        assert said.returncode == 1 and says in said.stderr, said.stderr
        assert not (folder / "files").exists() and not (folder / "sanban.sqlite3").exists()


def test_a_backup_of_an_edited_house_is_not_restored(packed, empty, tmp_path):
    _packed, (folder, env) = packed, empty
    with connection.cursor() as cursor:
        cursor.execute("UPDATE task_taskitem SET progress = 77")
    target, key = tmp_path / "edited.backup", tmp_path / "backup.key"
    assert CliRunner().invoke(main, ["backup", str(target), "--key-file", str(key)]).exit_code == 0
    bare = _run(env, "restore", str(target), "--key-file", str(key))
    assert bare.returncode == 1 and "缺少内容密钥" in bare.stderr, bare.stderr
    said = _run(
        env, "restore", str(target), "--key-file", str(key), "--keys", str(tmp_path / "house" / "keys")
    )
    assert said.returncode == 1 and "task_taskitem" in said.stderr, said.stderr
    assert not (folder / "sanban.sqlite3").exists() and not (folder / "origin").exists()


def test_a_stream_is_bound_piece_by_piece(tmp_path):
    body = os.urandom(2 * strongbox.PIECE + 17)
    path = tmp_path / "box"
    with path.open("wb") as out:
        box = strongbox.Writer(out, b"k" * 32)
        for start in range(0, len(body), 100_000):
            box.write(body[start : start + 100_000])
        box.close()
    assert strongbox.Reader(path.open("rb"), b"k" * 32).read() == body
    kept = path.read_bytes()
    size = 5 + strongbox.PIECE + 16
    head, first, second, rest = (
        kept[:48],
        kept[48 : 48 + size],
        kept[48 + size : 48 + 2 * size],
        kept[48 + 2 * size :],
    )
    for spoiled in (
        head + second + first + rest,
        head + first + rest,
        head + first + second,
        head + first + first + rest,
    ):
        path.write_bytes(spoiled)
        with pytest.raises(strongbox.Spoiled):
            strongbox.Reader(path.open("rb"), b"k" * 32).read()


def test_names_count_on():
    assert [next_name(name) for name in ("a/sanban", "a/sanban/r2", "a/sanban/r9")] == [
        "a/sanban/r2", "a/sanban/r3", "a/sanban/r10",
    ]  # fmt: skip


def test_the_key_is_never_in_the_backup(packed, tmp_path):
    backup, key = packed
    reader = strongbox.Reader(backup.open("rb"), key.read_bytes())
    body = reader.read()
    keys = [path for path in (tmp_path / "house" / "keys").rglob("*") if path.is_file()]
    assert "internal-1.kek" in {path.name for path in keys}
    for path in keys:
        assert path.read_bytes() not in body


def test_a_backup_is_read_again_and_a_restore_on_trial_leaves_this_house_alone(packed, empty):
    (backup, key), (_folder, env) = packed, empty
    noted = drills.latest(drills.BACKUP)
    assert noted is not None and noted.sha256 == hashlib.sha256(backup.read_bytes()).hexdigest()
    assert drills.latest(drills.REHEARSAL) is None
    count, keys = LedgerEvent.objects.count(), Path(configured.SANBAN_VAR) / "keys"
    words = ["rehearse", str(backup), "--key-file", str(key), "--keys", str(keys)]
    if connection.vendor == "postgresql":
        assert "请用 --database" in CliRunner().invoke(main, words).output
        words += ["--database", env["DATABASE_URL"]]
    said = CliRunner(env={"SANBAN_TESTING": ""}).invoke(main, words)
    assert said.exit_code == 0, said.output
    rehearsed = drills.latest(drills.REHEARSAL)
    assert rehearsed is not None and rehearsed.sha256 == noted.sha256
    assert noted.events == count == LedgerEvent.objects.count() < rehearsed.events


def test_an_altered_backup_fails_on_trial_and_leaves_no_note(packed, tmp_path):
    backup, key = packed
    body = bytearray(backup.read_bytes())
    body[len(body) // 2] ^= 1
    backup.write_bytes(bytes(body))
    keys = str(Path(configured.SANBAN_VAR) / "keys")
    words = ["rehearse", str(backup), "--key-file", str(key), "--keys", keys]
    if connection.vendor == "postgresql":
        words += ["--database", "postgresql://localhost:1/none"]
    said = CliRunner(env={"SANBAN_TESTING": ""}).invoke(main, words)
    assert said.exit_code == 1 and "演练没有成功" in said.output
    assert drills.latest(drills.REHEARSAL) is None
