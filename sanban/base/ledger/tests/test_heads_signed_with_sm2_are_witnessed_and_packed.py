"""A witness checks SM2 or says that it cannot; a bundle of a house that signs with it verifies offline."""

import base64
import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.bundle import verify
from sanban.base.ledger.bundle.pack import pack
from sanban.base.ledger.envelope import sha256
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.models import LedgerCosignature, LedgerWitness
from sanban.base.ledger.tests import units
from sanban.base.ledger.tests.sealed import Watch
from sanban.base.ledger.tlog import audit, merkle, notes, sealing, sequencer, signing, sm2, trust
from sanban.base.ledger.tlog.merkle import SUITES
from sanban.base.ledger.witness import commands, judge
from sanban.base.ledger.witness.book import Book

ORIGIN = "a.example/ledger-sm3"
LEAVES = [bytes([n]) for n in range(9)]


@pytest.fixture(scope="module")
def signer():
    return sm2.PrivateKey.generate()


@pytest.fixture
def book(tmp_path, signer):
    made = Book(tmp_path / "one", "w.example/one")
    made.follow(notes.log_key(ORIGIN, signer))
    return made


def _note(size, *privates):
    peaks, _gained = merkle.grow(SUITES["sm3"], 0, [], LEAVES[:size])
    return notes.sign(
        notes.Checkpoint(ORIGIN, size, merkle.root_of(SUITES["sm3"], peaks)).text(), ORIGIN, *privates
    )


def _spoil(note, place=70):
    """Another byte in the last line of a note."""
    top, _blank, body = note.rpartition(" ")
    packed = bytearray(base64.b64decode(body))
    packed[place % len(packed)] ^= 1
    return f"{top} {base64.b64encode(packed).decode()}\n"


def test_a_witness_signs_what_it_could_check(book, signer):
    good = _note(5, signer)
    for bad in (_spoil(good), _spoil(good, 4), _note(5, sm2.PrivateKey.generate())):
        answer = judge.add_checkpoint(book, f"old 0\n\n{bad}")
        assert (answer.status, book.head(ORIGIN)) == (403, None)
    answer = judge.add_checkpoint(book, f"old 0\n\n{good}")
    assert answer.status == 200
    signed = notes.cosigned_by(answer.body, good.rpartition("\n\n")[0] + "\n", [book.key])
    assert signed is not None and book.head(ORIGIN).size == 5


def test_a_witness_without_the_extra_says_so_and_signs_nothing(book, signer, monkeypatch):
    other = Ed25519PrivateKey.generate()
    book.follow(notes.log_key(ORIGIN, other))
    notes_of_three = (_note(5, signer), _note(5, signer, other), _note(5, other, signer))
    monkeypatch.setattr(sm2, "gmssl_pyx", None)
    for note in notes_of_three:
        answer = judge.add_checkpoint(book, f"old 0\n\n{note}")
        assert (answer.status, answer.body) == (
            403,
            f"the signature of {ORIGIN} is SM2, which cannot be checked here: pip install gmssl-pyx\n",
        )
    assert book.head(ORIGIN) is None
    assert judge.add_checkpoint(book, f"old 0\n\n{_note(5, other)}").status == 200


def test_a_witness_without_the_extra_does_not_begin_to_follow_such_a_key(tmp_path, signer, monkeypatch):
    folder, key = str(tmp_path / "w"), notes.log_key(ORIGIN, signer).text()
    assert CliRunner().invoke(commands.init, ["--folder", folder, "--name", "w.example/w"]).exit_code == 0
    monkeypatch.setattr(sm2, "gmssl_pyx", None)
    said = CliRunner().invoke(commands.follow, ["--folder", folder, key])
    assert (said.exit_code, said.output) == (1, f"Error: {ORIGIN} signs with SM2. {sm2.MEND}\n")
    assert Book(tmp_path / "w").followed() == {}
    monkeypatch.undo()
    assert CliRunner().invoke(commands.follow, ["--folder", folder, key]).output == f"{ORIGIN}  1\n"
    monkeypatch.setattr(sm2, "gmssl_pyx", None)
    assert CliRunner().invoke(commands.follow, ["--folder", folder, key, "--drop"]).output == ""


@pytest.fixture
def watch(settings, tmp_path, db):
    settings.SANBAN_SM3_KEY = "sm2"
    return Watch(tmp_path, settings)


@pytest.fixture
def story(watch):
    """A unit with four versions, sealed; its stream."""
    unit_id = units.make_unit("water")
    for version in range(1, 4):
        units.name_once(units.TRIER, unit_id=unit_id, version=version, alias=f"别名{version}")
    watch.seal()
    return ("unit", unit_id)


def _judge(tmp_path, files):
    """Exit code of the verifier for these files, under a list that fits them."""
    told = json.loads(files["manifest.json"])
    told["files"] = {name: sha256(body).hex() for name, body in files.items() if name != "manifest.json"}
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as archive:
        for name, body in (files | {"manifest.json": json.dumps(told).encode()}).items():
            archive.writestr(name, body)
    return verify.main([str(tmp_path / "bundle.zip")])


def _files(body):
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _lines(files):
    """The SM3 head of a bundle, and the line of our key below it."""
    told = json.loads(files["sm3-ledger.json"])
    text, _gap, lines = told["note"].rpartition("\n\n")
    mine = next(line for line in lines.split("\n") if line.startswith(f"— {text.split(chr(10))[0]} "))
    return told, mine


def _with(files, told, **changed):
    return {**files, "sm3-ledger.json": json.dumps({**told, **changed}).encode()}


@pytest.mark.django_db
def test_a_bundle_verifies_in_a_process_that_has_no_sm2_of_its_own(story, tmp_path):
    made = pack(actor=SYSTEM, streams=[story])
    (tmp_path / "bundle.zip").write_bytes(made.body)
    (tmp_path / "verify.py").write_bytes(_files(made.body)["verify.py"])
    blocked = "import sys; sys.modules['gmssl_pyx'] = sys.modules['gmalg'] = None; import verify"
    ran = subprocess.run(
        [sys.executable, "-c", f"{blocked}; sys.exit(verify.main(['bundle.zip']))"],
        cwd=tmp_path, env={}, capture_output=True, text=True,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "结论：全部相符" in ran.stdout and "/ledger-sm3  4 条" in ran.stdout


@pytest.mark.django_db
def test_a_bundle_whose_sm2_line_was_altered_taken_or_put_elsewhere_fails(story, tmp_path):
    files = _files(pack(actor=SYSTEM, streams=[story]).body)
    told, mine = _lines(files)
    assert _judge(tmp_path, files) == 0
    kept = f"{mine}\n"
    for place in (4, 20, 36, 50, 67):
        altered = told["note"].replace(kept, _spoil(kept, place))
        assert _judge(tmp_path, _with(files, told, note=altered)) == 1, place
    assert _judge(tmp_path, _with(files, told, note=told["note"].replace(kept, ""))) == 1
    other = sm2.PrivateKey.generate()
    forged = notes.sign(told["note"].rpartition("\n\n")[0] + "\n", mine.split(" ")[1], other)
    replaced = told["note"].replace(kept, forged.rpartition("\n\n")[2])
    assert _judge(tmp_path, _with(files, told, note=replaced)) == 1
    policy = files["policy.txt"].decode().split("\n")
    for line in [one for one in policy if one.startswith("log ") and "ledger-sm3" in one]:
        policy.remove(line)
    assert _judge(tmp_path, {**files, "policy.txt": "\n".join(policy).encode()}) == 1


@pytest.mark.django_db
def test_the_change_of_keys_is_followed_by_witnesses_and_readers(settings, tmp_path):
    watch = Watch(tmp_path, settings)
    now, unit_id = clock.now(), units.make_unit("water")
    watch.seal()
    settings.SANBAN_SM3_KEY = "sm2"
    with clock.freeze(now):
        new = signing.rotate(SYSTEM, log="ledger", suite="sm3")
        units.name_once(units.TRIER, unit_id=unit_id, version=1, alias="换钥当日")
        watch.seal()  # the witnesses know the old key only, and its line is enough
    assert sealing.sealed_note("ledger", "sm3", 3) is not None
    both = _files(pack(actor=SYSTEM, streams=[("unit", unit_id)]).body)
    assert _judge(tmp_path, both) == 0
    for book in watch.books.values():
        book.follow(new)
    policy = sealing.trusted()
    assert policy is not None
    policy.logs.append(new)
    sealing.policy_path().write_text(trust.text_of(policy, urls=True))
    with clock.freeze(now + timedelta(days=31)):
        units.name_once(units.TRIER, unit_id=unit_id, version=2, alias="旧钥到期之后")
        watch.seal()
    after = _files(pack(actor=SYSTEM, streams=[("unit", unit_id)]).body)
    told, _mine = _lines(after)
    signed = [one.key for one in notes.verified_by(told["note"], signing.known_keys())[1]]
    assert [key.short for key in signed if key.kind in notes.LOGS] == [new.short]
    assert _judge(tmp_path, after) == 0
    stale = "\n".join(line for line in after["policy.txt"].decode().split("\n") if new.text() not in line)
    assert _judge(tmp_path, {**after, "policy.txt": stale.encode()}) == 1
    assert list(audit.examine()) == []


@pytest.mark.django_db
def test_a_head_that_witnesses_cannot_check_is_not_sealed_and_they_are_named(story, watch, monkeypatch):
    unit_id = units.make_unit("next")
    sequencer.integrate()
    policy, before = sealing.trusted(), LedgerCosignature.objects.filter(suite="sm3").count()
    assert policy is not None
    monkeypatch.setattr(sm2, "gmssl_pyx", None)
    assert sealing.seal(policy, watch.ask) == 1  # the SHA-256 tree alone
    assert LedgerCosignature.objects.filter(suite="sm3").count() == before
    assert sealing.sealed_note("ledger", "sm3", 5) is None
    faults = set(LedgerWitness.objects.values_list("fault", flat=True))
    name = "province.example/sanban/ledger-sm3"
    assert faults == {
        f"403: the signature of {name} is SM2, which cannot be checked here: pip install gmssl-pyx"
    }
    with pytest.raises(Refused, match="尚未封存"):
        pack(actor=SYSTEM, streams=[("unit", unit_id)])
