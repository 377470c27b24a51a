"""Bundles: packed once sealed, verified by their own verifier and another's, redacted or erased, in vain altered."""

import base64
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tlog_scales import signing as scales_signing
from tlog_scales import tlog as scales

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger import erasing
from sanban.base.ledger.bundle import verify
from sanban.base.ledger.bundle.making import make_bundle
from sanban.base.ledger.bundle.pack import pack
from sanban.base.ledger.envelope import leaf, sha256, sm3
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.tests import units
from sanban.base.ledger.tests.sealed import Watch
from sanban.base.ledger.tlog import audit, heads, sealing, sequencer, signing

SECURITY = replace(units.TRIER, roles=frozenset({"security"}))
pytestmark = pytest.mark.django_db


@pytest.fixture
def watch(settings, tmp_path):
    return Watch(tmp_path, settings)


@pytest.fixture
def story(watch):
    """A unit with nine versions among other units, sealed; its stream."""
    unit_id = units.make_unit("water")
    for version in range(1, 9):
        units.name_once(units.TRIER, unit_id=unit_id, version=version, alias=f"别名{version}")
        units.make_unit(f"other{version}")
    watch.seal()
    return ("unit", unit_id)


def _judge(tmp_path, body, *more):
    path = tmp_path / "bundle.zip"
    path.write_bytes(body)
    return verify.main([str(path), *more])


def _files(body):
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _again(files):
    """The archive with a list that fits what is in it: who alters a bundle alters its list as well."""
    told = json.loads(files["manifest.json"])
    told["files"] = {name: sha256(body).hex() for name, body in files.items() if name != "manifest.json"}
    files = {**files, "manifest.json": json.dumps(told).encode()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def test_a_bundle_is_verified_in_a_process_that_has_nothing_of_ours(story, tmp_path):
    made = pack(actor=SYSTEM, streams=[story])
    assert made.events == 9
    (tmp_path / "bundle.zip").write_bytes(made.body)
    (tmp_path / "verify.py").write_bytes(_files(made.body)["verify.py"])
    ran = subprocess.run(
        [sys.executable, "-I", "verify.py", "bundle.zip"],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "事件 9 条" in ran.stdout and "全部相符" in ran.stdout and "未核验" in ran.stdout
    assert _files(made.body)["timeline.txt"].decode().count("别名") == 16


def test_anothers_verifier_agrees_on_every_proof(story):
    files = _files(pack(actor=SYSTEM, streams=[story]).body)
    keys = [
        line.split()[-1]
        for line in files["policy.txt"].decode().split("\n")
        if line.startswith(("log", "witness"))
    ]
    known = scales_signing.VkeySet(*(scales_signing.Vkey.from_string(key) for key in keys))
    for line in files["events.jsonl"].decode().splitlines():
        one = json.loads(line)
        top, _gap, note = files[f"proofs/{one['id']}.tlog-proof"].decode().partition("\n\n")
        point = scales.Checkpoint.from_text(note)
        assert len(known.verify(point.signatures, point)) == 5
        salted = base64.b64decode(one["salt"]) + one["envelope"].encode()
        proof = scales.InclusionProof(
            one["index"], point.size, [base64.b64decode(x) for x in top.split("\n")[2:]]
        )
        proof.check(sha256(b"\0" + leaf(sha256(salted), sm3(salted))), point.root_hash)


def test_redacted_fields_stay_out_and_the_rest_still_holds(story, tmp_path):
    made = pack(actor=SYSTEM, streams=[story], redact={"alias"})
    assert _judge(tmp_path, made.body) == 0
    files = _files(made.body)
    assert "别名" not in files["events.jsonl"].decode() and "［已遮盖］" in files["timeline.txt"].decode()


def test_erased_values_are_gone_and_the_order_is_part_of_the_evidence(story, watch, tmp_path):
    event = LedgerEvent.objects.get(stream_id=story[1], ver=3)
    erasing.erase(
        SECURITY,
        event_id=event.id,
        names=["alias"],
        ground="个人信息保护法第四十七条",
        authority="办〔2026〕7号",
    )
    gone = units.kept(event.id)["alias"]
    assert (gone.body, gone.salt) == (None, None) and gone.erased_by is not None
    watch.seal()
    made = pack(actor=SYSTEM, streams=[story])
    assert made.events == 10 and _judge(tmp_path, made.body) == 0
    files = _files(made.body)
    assert (
        "别名2" not in files["events.jsonl"].decode() and "［已依法删除］" in files["timeline.txt"].decode()
    )
    assert list(audit.examine()) == []
    hidden = dict(files)
    lines = [line for line in files["events.jsonl"].decode().splitlines() if "field_erased" not in line]
    hidden["events.jsonl"] = "\n".join([*lines, ""]).encode()
    assert _judge(tmp_path, _again(hidden)) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_erased_without_ground_authority_and_right_nor_under_a_hold(story):
    event = LedgerEvent.objects.get(stream_id=story[1], ver=3)
    good: dict[str, Any] = {
        "event_id": event.id,
        "names": ["alias"],
        "ground": "第四十七条",
        "authority": "7号",
    }
    erasing.hold(stream="unit", object_id=story[1], ground="dispute", ground_id=5, since=clock.now())
    with pytest.raises(Refused, match="dispute/5"):
        erasing.erase(SECURITY, **good)
    erasing.release(ground="dispute", ground_id=5, at=clock.now())
    with pytest.raises(Denied):
        erasing.erase(units.TRIER, **good)
    wrongs: list[dict[str, Any]] = [
        {"ground": " "},
        {"authority": ""},
        {"names": []},
        {"names": ["alias", "x"]},
    ]
    for wrong in wrongs:
        with pytest.raises(Refused):
            erasing.erase(SECURITY, **{**good, **wrong})
    assert units.kept(event.id)["alias"].body is not None
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 6
    assert not LedgerEvent.objects.filter(kind="ledger.field_erased").exists()
    erasing.erase(SECURITY, **good)
    with pytest.raises(Refused, match="alias"):
        erasing.erase(SECURITY, **good)


def _altered(files):
    """Every way of changing a bundle we could think of, each with what it means."""
    lines = files["events.jsonl"].decode().splitlines()

    def events(changed):
        return {**files, "events.jsonl": "\n".join([*changed, ""]).encode()}

    def told(number, change):
        one = json.loads(lines[number])
        change(one)
        return events([*lines[:number], json.dumps(one, ensure_ascii=False), *lines[number + 1 :]])

    def value(one):
        one["fields"]["alias"]["value"] = '"别人"'

    def envelope(one):
        one["envelope"] = one["envelope"].replace('"office":"7"', '"office":"8"')

    def spaced(one):
        one["envelope"] = one["envelope"].replace(":", ": ", 1)

    def dropped(one):
        del one["fields"]["alias"]

    def erased(one):
        one["fields"]["alias"] = {"erased_by": "0" * 32}

    def moved(one):
        one["index"] += 1

    yield "a value", told(2, value)
    yield "an envelope", told(2, envelope)
    yield "its form", told(2, spaced)
    yield "a field", told(2, dropped)
    yield "an erasure that nobody ordered", told(2, erased)
    yield "a place", told(2, moved)
    yield "the last version", events(lines[:0])
    yield "a version in between", events(lines[:4] + lines[5:])
    yield "an order", events([lines[1], lines[0], *lines[2:]])
    yield "an event twice", events([*lines, lines[-1]])
    key = next(name for name in files if name.endswith(".tlog-proof"))
    proof = files[key].decode()
    yield "a proof", {**files, key: proof.replace("\nindex ", "\nindex 1", 1).encode()}
    yield "a signature", {**files, key: f"{proof[:-2000]}BBBB{proof[-1996:]}".encode()}
    yield "witnesses", {**files, key: "\n".join([*proof.split("\n")[:-4], ""]).encode()}
    twin = json.loads(files["sm3-ledger.json"])
    twin["proofs"] = {name: path[::-1] for name, path in twin["proofs"].items()}
    yield "the twin", {**files, "sm3-ledger.json": json.dumps(twin).encode()}


def test_whatever_is_altered_is_found(story, tmp_path):
    files = _files(pack(actor=SYSTEM, streams=[story]).body)
    assert _judge(tmp_path, _again(files)) == 0
    for what, altered in _altered(files):
        assert _judge(tmp_path, _again(altered)) == 1, what
    broken = dict(files)
    broken["timeline.txt"] += b"more"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in broken.items():
            archive.writestr(name, body)
    assert _judge(tmp_path, out.getvalue()) == 1
    assert _judge(tmp_path, b"no archive") == 2
    assert verify.main([str(tmp_path / "nowhere.zip")]) == 2


def test_a_policy_and_a_head_of_ones_own_are_held_against_the_bundle(story, watch, tmp_path):
    kept = sealing.sealed_note("ledger", "sha256")
    assert kept is not None
    (tmp_path / "head.txt").write_text(kept)
    size = int(kept.split("\n")[1])
    units.name_once(units.TRIER, unit_id=story[1], version=9, alias="后来")
    watch.seal()
    since = pack(actor=SYSTEM, streams=[story], since=size).body
    head, policy = ("--head", str(tmp_path / "head.txt")), ("--policy", str(tmp_path / "policy.txt"))
    assert _judge(tmp_path, since, *head) == 0
    assert _judge(tmp_path, pack(actor=SYSTEM, streams=[story]).body, *head) == 1
    (tmp_path / "policy.txt").write_bytes(_files(since)["policy.txt"])
    assert _judge(tmp_path, since, *policy) == 0
    foreign = (
        _files(since)["policy.txt"].decode().replace("offices 3 general-office", "offices 4 general-office")
    )
    (tmp_path / "policy.txt").write_text(foreign)
    assert _judge(tmp_path, since, *policy) == 0  # all four had signed
    lines = [line for line in foreign.split("\n") if not line.startswith("log ")]
    (tmp_path / "policy.txt").write_text("\n".join(lines))
    assert _judge(tmp_path, since, *policy) == 1  # signed by no log that this reader trusts


def test_what_is_not_sealed_yet_is_not_packed(watch):
    unit_id = units.make_unit("new")
    for _step in range(2):
        with pytest.raises(Refused, match="再试"):
            pack(actor=SYSTEM, streams=[("unit", unit_id)])
        sequencer.integrate()
    watch.seal()
    assert pack(actor=SYSTEM, streams=[("unit", unit_id)]).events == 1
    with pytest.raises(Refused, match="没有任何台账记录"):
        pack(actor=SYSTEM, streams=[("unit", 1)])


@pytest.mark.django_db(transaction=True)
def test_making_one_is_recorded_and_above_ones_clearance_refused(story):
    low = replace(units.TRIER, clearance=0)
    with pytest.raises(Denied):
        make_bundle(low, subject=story, streams=[story])
    made = make_bundle(units.TRIER, subject=story, streams=[story], purpose="争议 5 号", redact=["alias"])
    event = LedgerEvent.objects.get(kind="ledger.bundle_made")
    told = {name: json.loads(value.body or b"") for name, value in units.kept(event.id).items()}
    assert told["sha256"] == sha256(made.body).hex() == made.sha256
    assert (told["events"], told["purpose"], told["redacted"], told["of_id"]) == (
        9,
        "争议 5 号",
        ["alias"],
        story[1],
    )
    assert event.stream_type == "access"
    assert [row.kind for row in LedgerEvent.objects.filter(stream_type="access").order_by("id")] == [
        "access.act_refused", "ledger.bundle_made",
    ]  # fmt: skip


def test_a_bundle_made_after_a_change_of_keys_verifies_with_both(story, watch, tmp_path):
    signing.rotate(SYSTEM, log="ledger", suite="sha256")
    assert _judge(tmp_path, pack(actor=SYSTEM, streams=[story]).body) == 0
    with clock.freeze(clock.now() + timedelta(days=1)):
        units.name_once(units.TRIER, unit_id=story[1], version=9, alias="换钥之后")
        watch.seal()
    made = pack(actor=SYSTEM, streams=[story])
    assert made.events == 10 and _judge(tmp_path, made.body) == 0
    assert heads.sealed_sizes()["ledger"] > 18
