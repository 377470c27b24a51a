"""Ciphers and keyring: what is sealed opens for its place and level, until its key is destroyed."""

import os
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanban.base import clock
from sanban.base.vault import boxes
from sanban.base.vault.ciphers import AES, KEY_BYTES, SM4, Spoiled, sealer
from sanban.base.vault.keyring import Gone, Keyring
from sanban.base.vault.provider import INTERNAL, SECRET, FileKeys, Locked
from sanban.base.vault.ringfile import RingFile

PLACE = "1|ledger_content|task/7|3"


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    """A house with keys of its own."""
    settings.SANBAN_VAR = tmp_path
    boxes.prepare()
    return tmp_path


@given(
    body=st.binary(max_size=600),
    bound=st.binary(max_size=80),
    algorithm=st.sampled_from([AES, SM4]),
    n=st.integers(0),
)
def test_one_changed_byte_or_another_place_does_not_open(body, bound, algorithm, n):
    key = sealer(algorithm, os.urandom(KEY_BYTES[algorithm]))
    box = key.seal(body, bound)
    assert key.open(box, bound) == body
    place = n % len(box)
    altered = box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]
    for other, where in ((altered, bound), (box[:-1], bound), (box, bound + b"x"), (b"", bound)):
        with pytest.raises(Spoiled):
            key.open(other, where)
    with pytest.raises(Spoiled):
        sealer(algorithm, os.urandom(KEY_BYTES[algorithm])).open(box, bound)


def test_public_content_lies_open_and_each_secret_has_a_key_of_its_own():
    at = clock.now()
    assert boxes.seal(boxes.scope_of(0, "task", 7, 5, at), b"open", PLACE) == ("", b"open")
    assert boxes.scope_of(INTERNAL, "task", 7, None, at) == f"1/0/{at:%Y%m}"
    ids = {boxes.seal(boxes.scope_of(SECRET, "task", n, 5, at), b"x", PLACE)[0] for n in (7, 8, 7)}
    assert ids == {"2/task/7.1", "2/task/8.1"}
    assert {one.level: one.live for one in boxes.keyring().status()} == {INTERNAL: 0, SECRET: 2}


def test_a_box_under_another_level_or_in_another_row_does_not_open():
    key_id, box = boxes.seal("1/5/202611", b"value", PLACE)
    assert boxes.unseal(key_id, box, PLACE) == b"value"
    for other in (PLACE.replace("1|", "0|"), PLACE.replace("/7", "/8"), PLACE[:-1] + "4"):
        with pytest.raises(Spoiled):
            boxes.unseal(key_id, box, other)


def test_a_retired_key_opens_and_seals_no_more_and_a_destroyed_one_does_neither(house):
    ring = boxes.keyring()
    first, box = boxes.seal("1/5/202611", b"value", PLACE)
    ring.retire(first)
    second, other = boxes.seal("1/5/202611", b"later", PLACE)
    assert (first, second) == ("1/5/202611.1", "1/5/202611.2")
    assert boxes.unseal(first, box, PLACE) == b"value"
    assert [key_id for key_id, _since in ring.retired()] == [first]
    kept = (
        sqlite3.connect(house / "keyring.sqlite3")
        .execute("SELECT wrapped FROM dek WHERE id = ?", [first])
        .fetchone()[0]
    )
    ring.destroy(first)
    with pytest.raises(Gone):
        boxes.unseal(first, box, PLACE)
    assert boxes.unseal(second, other, PLACE) == b"later" and ring.retired() == []
    assert all(kept not in path.read_bytes() for path in house.glob("keyring.sqlite3*"))


def test_what_another_process_retired_is_known_within_a_second(house, monkeypatch):
    key_id, _box = boxes.seal("1/5/202611", b"value", PLACE)
    code = (
        "from pathlib import Path; from sanban.base.vault.keyring import Keyring;"
        "from sanban.base.vault.provider import FileKeys; from sanban.base.vault.wrapping import Above; p = Path(%r);"
        "Keyring(p / 'keyring.sqlite3', Above(FileKeys(p / 'keys', (p, p / 'x'), 1), 1)).retire(%r)"
    )
    subprocess.run([sys.executable, "-c", code % (str(house), key_id)], check=True)
    monkeypatch.setattr(RingFile, "looked_lately", lambda _self: False)
    assert boxes.seal("1/5/202611", b"later", PLACE)[0] == "1/5/202611.2"


def test_changing_the_key_above_leaves_content_as_it_is_and_the_old_key_goes(house):
    before = [boxes.seal(f"2/task/{n}", b"secret %d" % n, PLACE) for n in range(3)]
    assert boxes.keyring().rotate(SECRET) == 2
    assert sorted(path.name for path in house.rglob("*.share")) == ["secret-2.share", "secret-2.share"]
    again = Keyring(house / "keyring.sqlite3", boxes._above(house, (), "aes"))
    for n, (key_id, box) in enumerate(before):
        assert again.for_opening(key_id).open(box, PLACE.encode()) == b"secret %d" % n
    assert [one.versions for one in again.status()] == [(), (2,)]


def test_neither_custodian_alone_opens_a_secret(house):
    key_id, box = boxes.seal("2/task/7", b"secret", PLACE)
    shares = [house / "keys" / f"custodian-{n}" / "secret-1.share" for n in (1, 2)]
    for share in shares:
        assert share.stat().st_mode & 0o077 == 0
        body = share.read_bytes()
        share.unlink()
        fresh = Keyring(house / "keyring.sqlite3", boxes._above(house, (), "aes"))
        with pytest.raises(Locked):
            fresh.for_opening(key_id)
        with pytest.raises(Locked):
            fresh.for_sealing("2/task/9", SECRET)
        share.write_bytes(os.urandom(len(body)))
        share.chmod(0o600)
        with pytest.raises(Spoiled):
            fresh.for_opening(key_id)
        share.write_bytes(body)
    assert boxes.unseal(key_id, box, PLACE) == b"secret"


def test_a_key_that_others_may_read_is_refused(house):
    (house / "keys" / "internal-1.kek").chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        boxes.seal("1/5/202611", b"x", PLACE)


def test_a_house_that_goes_over_to_sm4_reads_on_and_seals_with_it(settings):
    key_id, box = boxes.seal("1/5/202611", b"before", PLACE)
    boxes.keyring().retire(key_id)
    settings.SANBAN_CIPHER = "sm4"
    later, sealed = boxes.seal("1/5/202611", b"after", PLACE)
    assert (box[1], sealed[1]) == (AES, SM4)
    assert boxes.unseal(key_id, box, PLACE) == b"before" and boxes.unseal(later, sealed, PLACE) == b"after"
    assert boxes.keyring().rotate(INTERNAL) == 3
    assert boxes.unseal(key_id, box, PLACE) == b"before" and boxes.unseal(later, sealed, PLACE) == b"after"


def test_a_secret_key_wants_two_places(house):
    with pytest.raises(Locked, match="两位保管人"):
        FileKeys(house, (house,), AES)
