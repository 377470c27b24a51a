"""SM2: another library and our offline verifier agree with it, not one byte of its line may differ, and the key of the
SM3 tree changes over to it as keys change."""

import base64
import json
from datetime import timedelta

import gmalg
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.bundle import verify
from sanban.base.ledger.envelope import sha256
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.models import LedgerCheckpoint, LedgerEvent, LedgerKey
from sanban.base.ledger.tests import units
from sanban.base.ledger.tlog import audit, keys, notes, sequencer, signing, sm2, trust
from sanban.base.ledger.tlog.notes import BadNote, Checkpoint, Signature

NAME = "province.example/ledger-sm3"
HEAD = Checkpoint(NAME, 12770, b"r" * 32)


@pytest.fixture(scope="module")
def private():
    return sm2.PrivateKey.generate()


@pytest.fixture
def house(settings, tmp_path):
    settings.SANBAN_VAR, settings.SANBAN_ORIGIN = tmp_path, "province.example/sanban"
    return settings


def _holds_offline(public, signature, message):
    try:
        verify.check_sm2(public, signature, message)
    except InvalidSignature:
        return False
    return True


def test_what_one_library_signs_the_other_and_our_verifier_accept(private):
    other = gmalg.SM2(private.secret, sm2.USER)  # finds the point of the secret number itself
    for text in (b"", b"a", HEAD.text().encode(), bytes(1000)):
        ours, theirs = private.sign(text), b"".join(other.sign(text))
        assert len(ours) == len(theirs) == 64 and ours != private.sign(text)
        assert other.verify(text, ours[:32], ours[32:]) and not other.verify(
            text + b"x", ours[:32], ours[32:]
        )
        for signature in (ours, theirs):
            assert private.public_key().holds(signature, text)
            assert _holds_offline(private.point, signature, text)
            assert not private.public_key().holds(signature, text + b"x")
            assert not _holds_offline(private.point, signature, text + b"x")


def test_a_key_of_sm2_is_of_the_kind_that_c2sp_leaves_to_others(private):
    key = notes.log_key(NAME, private)
    assert (key.kind, len(key.public)) == (b"\xffoid/1.2.156.10197.1.501", 65)
    assert key.id == sha256(f"{NAME}\n".encode() + key.kind + private.point)[:4]
    assert notes.read_key(key.text()) == key
    read = verify.read_key(key.text())
    assert (read.name, read.kind, read.public, read.id) == (key.name, key.kind, key.public, key.id)
    bare = base64.b64encode(b"\xff" + private.point).decode()
    other = sha256(f"{NAME}\n".encode() + b"\xff" + private.point)[:4].hex()
    for text in (key.text().replace("+", "+0", 1), f"{NAME}+{other}+{bare}"):
        with pytest.raises(BadNote):
            notes.read_key(text)
        with pytest.raises(verify.Broken):
            verify.read_key(text)


def _judged(note, key):
    """What both readers of notes say: whether the note holds."""
    policy = verify.Policy(logs=[verify.read_key(key.text())])
    said = []
    for judge in (lambda: notes.verified_by(note, [key]), lambda: verify.signed(note, policy)):
        try:
            judge()
        except (BadNote, verify.Broken, ValueError):
            said.append(False)
        else:
            said.append(True)
    assert said[0] == said[1]
    return said[0]


def test_not_one_byte_of_the_line_may_differ(private):
    key = notes.log_key(NAME, private)
    note = notes.sign(HEAD.text(), NAME, private)
    text, signed = notes.verified_by(note, [key])
    assert notes.read_checkpoint(text) == HEAD and signed == [Signature(key, None)]
    assert _judged(note, key)
    line = note.rpartition("\n\n")[2]
    packed = base64.b64decode(line.split(" ")[2])
    assert len(packed) == 4 + 64
    for place in range(len(packed)):
        spoiled = bytes([*packed[:place], packed[place] ^ (1 << place % 8), *packed[place + 1 :]])
        body = base64.b64encode(spoiled).decode()
        assert not _judged(f"{HEAD.text()}\n— {NAME} {body}\n", key), place
    for size in (0, 3, 4, 5, 36, 67):
        assert not _judged(f"{HEAD.text()}\n— {NAME} {base64.b64encode(packed[:size]).decode()}\n", key)
    assert not _judged(f"{HEAD.text()}\n— {NAME} {base64.b64encode(packed + bytes(1)).decode()}\n", key)
    assert not _judged(note.replace("12770", "12771"), key)
    assert not _judged(note.replace(f"— {NAME}", "— another.example/ledger-sm3"), key)


def test_numbers_out_of_range_and_points_off_the_curve_sign_nothing(private):
    text, sound = b"text", private.sign(b"text")
    high = verify.N.to_bytes(32, "big")
    for signature in (
        bytes(64), bytes(32) + sound[32:], sound[:32] + bytes(32), high + sound[32:], sound[:32] + high,
        b"\xff" * 64, sound[:32] + (verify.N - int.from_bytes(sound[:32], "big")).to_bytes(32, "big"),
    ):  # fmt: skip
        assert not private.public_key().holds(signature, text)
        assert not _holds_offline(private.point, signature, text)
    outside = (verify.P + 1).to_bytes(32, "big")
    for point in (
        b"\x04" + bytes(64), b"\x06" + private.point[1:], private.point[:-1] + bytes([private.point[-1] ^ 1]),
        b"\x04" + outside + private.point[33:], private.point[:1] + private.point[33:] + private.point[1:33],
    ):  # fmt: skip
        assert not sm2.PublicKey(point).holds(sound, text)
        assert not _holds_offline(point, sound, text)


@pytest.mark.parametrize("secret", ["", "correct horse"])
def test_its_key_lies_in_a_file_that_one_account_reads(tmp_path, monkeypatch, secret):
    monkeypatch.setenv("SANBAN_KEY_PASSPHRASE", secret)
    held = keys.FileKeys(tmp_path / "keys")
    (first,) = held.signing_keys("note-x-sm3")
    second = held.add_key("note-x-sm3", notes.SM2)
    path = tmp_path / "keys" / "note-x-sm3.2.sm2"
    assert path.stat().st_mode & 0o777 == 0o600
    assert isinstance(second, sm2.PrivateKey) and isinstance(first, Ed25519PrivateKey)
    assert (second.secret in path.read_bytes()) == (not secret)
    third = held.add_key("note-x-sm3")
    assert [one.private_bytes_raw() for one in held.signing_keys("note-x-sm3")] == [
        third.private_bytes_raw(), second.private_bytes_raw(), first.private_bytes_raw(),
    ]  # fmt: skip
    (fresh,) = held.signing_keys("note-y-sm3", notes.SM2)
    assert held.signing_keys("note-y-sm3") == [fresh]
    if secret:
        monkeypatch.setenv("SANBAN_KEY_PASSPHRASE", "another")
        with pytest.raises(ValueError, match=r"note-y-sm3\.1\.sm2 does not open"):
            held.signing_keys("note-y-sm3")
    path.chmod(0o644)
    monkeypatch.setenv("SANBAN_KEY_PASSPHRASE", secret)
    with pytest.raises(PermissionError, match="chmod 600"):
        held.signing_keys("note-x-sm3")


def _suites(log, suite):
    """What the newest head of a tree is signed with."""
    point = LedgerCheckpoint.objects.filter(log=log, suite=suite).order_by("-size").first()
    assert point is not None
    return [notes.SUITES[one.key.kind] for one in notes.verified_by(point.note, signing.known_keys())[1]]


@pytest.mark.django_db
def test_a_new_house_signs_its_sm3_trees_with_it_from_the_first_head_on(house):
    house.SANBAN_SM3_KEY = "sm2"
    units.make_unit()
    sequencer.integrate()
    assert (_suites("ledger", "sm3"), _suites("ledger", "sha256")) == (["sm2"], ["ed25519"])
    row = LedgerKey.objects.get(suite="sm2", purpose="note-ledger-sm3")
    assert (row.name, len(bytes(row.public))) == ("province.example/sanban/ledger-sm3", 65)
    assert list(audit.examine()) == []
    point = LedgerCheckpoint.objects.get(log="ledger", suite="sm3")
    note, cut = point.note, point.note.rindex(" ") + 20
    spoiled = f"{note[:cut]}{'A' if note[cut] != 'A' else 'B'}{note[cut + 1 :]}"
    LedgerCheckpoint.objects.filter(pk=point.pk).update(note=spoiled)
    (fault,) = audit.examine()
    assert (fault.table, fault.row) == ("ledger_checkpoint", "ledger/sm3/1")


@pytest.mark.django_db
def test_the_key_changes_over_and_both_sign_for_thirty_days(house):
    now = clock.now()
    units.make_unit("first")
    sequencer.integrate()
    assert _suites("ledger", "sm3") == ["ed25519"]
    before = signing.known_keys()
    house.SANBAN_SM3_KEY = "sm2"
    units.make_unit("still")
    sequencer.integrate()
    assert _suites("ledger", "sm3") == ["ed25519"]  # a key that there is stays until it is changed
    with clock.freeze(now):
        new = signing.rotate(SYSTEM, log="ledger", suite="sm3")
        units.make_unit("both")
        sequencer.integrate()
    assert _suites("ledger", "sm3") == ["sm2", "ed25519"] and _suites("ledger", "sha256") == ["ed25519"]
    event = LedgerEvent.objects.get(kind="ledger.key_announced")
    told = {name: json.loads(value.body or b"") for name, value in units.kept(event.id).items()}
    assert told["key"] == new.text() and new.kind == notes.LOG_SM2
    old = notes.read_key(told["before"])
    assert old.kind == notes.LOG
    by_old, by_new = (base64.b64decode(told[name]) for name in ("by_before", "by_key"))
    Ed25519PublicKey.from_public_bytes(old.public).verify(by_old, told["key"].encode())
    assert sm2.PublicKey(new.public).holds(by_new, told["before"].encode())
    row = LedgerKey.objects.get(key_id=new.short)
    assert (row.suite, bytes(row.public), row.announced_by_event) == ("sm2", new.public, event.id)
    assert LedgerKey.objects.get(key_id=old.short).valid_to == now + timedelta(days=30)
    point = LedgerCheckpoint.objects.filter(log="ledger", suite="sm3").order_by("-size").first()
    assert point is not None
    assert [one.key for one in notes.verified_by(point.note, before)[1]] == [
        old
    ]  # who knows the old key only
    with clock.freeze(now + timedelta(days=29)):
        units.make_unit("late")
        sequencer.integrate()
        assert _suites("ledger", "sm3") == ["sm2", "ed25519"]
    with clock.freeze(now + timedelta(days=31)):
        units.make_unit("later")
        sequencer.integrate()
        assert _suites("ledger", "sm3") == ["sm2"]
    assert list(audit.examine()) == []


@pytest.mark.django_db
def test_a_trust_policy_names_the_key_among_the_logs_alone(house):
    house.SANBAN_SM3_KEY = "sm2"
    logs = signing.log_keys()
    assert [key.kind for key in logs] == [notes.LOG, notes.LOG_SM2] * 2
    text = f"log {logs[1].text()}\nquorum none\n"
    assert trust.read(text).logs == [logs[1]] and verify.read_policy(text).logs[0].public == logs[1].public
    with pytest.raises(trust.BadPolicy, match="not the key of another witness"):
        trust.read(f"witness W {logs[1].text()}\nquorum W\n")


@pytest.mark.django_db(transaction=True)
def test_without_the_extra_no_key_changes_and_the_other_trees_are_signed(house, monkeypatch):
    units.make_unit()
    sequencer.integrate()
    house.SANBAN_SM3_KEY = "sm2"
    monkeypatch.setattr(sm2, "gmssl_pyx", None)
    files = sorted(path.name for path in (house.SANBAN_VAR / "keys").iterdir())
    with pytest.raises(sm2.Missing, match=r"bin/setup sm2（或 pip install gmssl-pyx）"):
        signing.rotate(SYSTEM, log="ledger", suite="sm3")
    assert sorted(path.name for path in (house.SANBAN_VAR / "keys").iterdir()) == files
    assert not LedgerEvent.objects.filter(kind="ledger.key_announced").exists()
    assert not LedgerKey.objects.filter(suite="sm2").exists()
    assert signing.rotate(SYSTEM, log="ledger", suite="sha256").kind == notes.LOG
    with pytest.raises(Refused):
        units.refuse(SYSTEM, unit_id=units.make_unit("other"))
    with pytest.raises(sm2.Missing, match="gmssl-pyx"):  # the access log has its first leaf and no key yet
        sequencer.integrate()
    assert _suites("access", "sha256") == ["ed25519"] and _suites("ledger", "sm3") == ["ed25519"]
    assert not LedgerCheckpoint.objects.filter(log="access", suite="sm3").exists()
