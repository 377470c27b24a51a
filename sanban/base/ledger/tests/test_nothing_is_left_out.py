"""Heads of all objects, noted daily: a bundle without its last version is found out, and absence is proven."""

import io
import json
import zipfile
from datetime import timedelta

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger import noted as streams
from sanban.base.ledger.bundle import verify
from sanban.base.ledger.bundle.pack import pack
from sanban.base.ledger.envelope import sha256
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.tests import units
from sanban.base.ledger.tests.sealed import Watch
from sanban.base.ledger.tlog import merkle

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit_id(settings, tmp_path):
    """A unit of three versions among others; the heads are noted and sealed."""
    watch = Watch(tmp_path, settings)
    made = units.make_unit("water")
    for version in (1, 2):
        units.name_once(units.TRIER, unit_id=made, version=version)
        units.make_unit(f"u{version}")
    watch.seal()
    assert streams.note_heads(SYSTEM) is True
    watch.seal()
    return made


def _files(body):
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _judge(tmp_path, files):
    told = json.loads(files["manifest.json"])
    told["files"] = {name: sha256(body).hex() for name, body in files.items() if name != "manifest.json"}
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in {**files, "manifest.json": json.dumps(told).encode()}.items():
            archive.writestr(name, body)
    return verify.main([str(path)])


def test_the_heads_are_noted_once_a_day_and_only_when_something_happened(unit_id):
    assert streams.note_heads(SYSTEM) is False
    with clock.freeze(clock.now() + timedelta(days=1, minutes=1)):
        assert streams.note_heads(SYSTEM) is False
        units.make_unit("new")
        units.make_unit("newer")
        assert streams.note_heads(SYSTEM) is False
    assert LedgerEvent.objects.filter(kind="ledger.heads_noted").count() == 1
    noted = streams.latest().event
    found = streams.entries_at(noted.size)
    assert (noted.count, noted.root_sha256) == (len(found), streams.root_of(found, "sha256").hex())
    assert [one.ver for one in found if one.object_id == str(unit_id)] == [3]


def test_a_bundle_says_that_no_version_was_left_out(unit_id, tmp_path, capsys):
    files = _files(pack(actor=SYSTEM, streams=[("unit", unit_id)]).body)
    assert _judge(tmp_path, files) == 0
    assert "当日之后的新版本" in capsys.readouterr().out
    lines = files["events.jsonl"].decode().splitlines()
    last = next(n for n, line in enumerate(lines) if json.loads(json.loads(line)["envelope"])["ver"] == 3)
    cut = "\n".join([*lines[:last], *lines[last + 1 :], ""]).encode()
    assert _judge(tmp_path, {**files, "events.jsonl": cut}) == 1
    assert "缺少第 3 版" in capsys.readouterr().err
    bare = {name: body for name, body in files.items() if name != "heads.json"}
    assert _judge(tmp_path, bare) == 0
    assert "是否遗漏了更新的版本" in capsys.readouterr().out


@pytest.mark.parametrize("object_id", [1, 5 * 10**15, 9 * 10**15])
def test_that_there_was_no_such_object_is_proven(unit_id, tmp_path, object_id):
    files = _files(pack(actor=SYSTEM, streams=[("unit", object_id)]).body)
    assert _judge(tmp_path, files) == 0
    told = json.loads(files["heads.json"])
    assert told["of"][0][:2] == ["unit", str(object_id)] and told["of"][0][2]
    for wrong in ([], told["of"][0][2][:-1] if len(told["of"][0][2]) > 1 else []):
        spoiled = {**told, "of": [["unit", str(object_id), wrong]]}
        assert _judge(tmp_path, {**files, "heads.json": json.dumps(spoiled).encode()}) == 1


def test_one_that_was_there_is_not_denied(unit_id, tmp_path):
    files = _files(pack(actor=SYSTEM, streams=[("unit", unit_id)]).body)
    told = json.loads(files["heads.json"])
    place = told["of"][0][2][0]["at"]
    found = streams.entries_at(streams.latest().event.size)
    digest = merkle.SUITES["sha256"]
    around = [streams._proof(digest, found, n) for n in (place - 1, place + 1) if 0 <= n < len(found)]
    spoiled = {**told, "of": [["unit", str(unit_id), around]]}
    note = [x for x in files["events.jsonl"].decode().splitlines() if "heads_noted" in x]
    denied = {**files, "heads.json": json.dumps(spoiled).encode(), "events.jsonl": f"{note[0]}\n".encode()}
    assert _judge(tmp_path, denied) == 1
