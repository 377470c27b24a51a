"""The sequencer: every event once, in trees that prove it, under writers who hesitate and sequencers who race."""

import base64
import json
import random
import threading
import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DatabaseError, connection, transaction

from sanban.base import clock
from sanban.base.ledger.envelope import leaf
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.models import (
    LedgerCheckpoint,
    LedgerEvent,
    LedgerHead,
    LedgerKey,
    LedgerLeaf,
    LedgerPending,
    LedgerTile,
)
from sanban.base.ledger.tests import units
from sanban.base.ledger.tlog import heads, keys, merkle, notes, sequencer, signing, tiles
from sanban.base.ledger.tlog.merkle import SUITES


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.SANBAN_VAR = tmp_path
    settings.SANBAN_ORIGIN = "province.example/sanban"


def _leaves(log):
    rows = LedgerLeaf.objects.filter(log=log).order_by("idx").values_list("idx", "event_id")
    events = LedgerEvent.objects.in_bulk([event_id for _idx, event_id in rows])
    assert [idx for idx, _id in rows] == list(range(len(rows)))
    return [leaf(bytes(events[key].c_sha256), bytes(events[key].c_sm3)) for _idx, key in rows]


def _true_root(suite, leaves):
    digest = SUITES[suite]
    return merkle.root_of(digest, merkle.grow(digest, 0, [], leaves)[0])


def _whole(log="ledger"):
    """The stored trees are the trees of the events, whole and proven."""
    leaves = _leaves(log)
    for suite, digest in SUITES.items():
        size, peaks = heads.head(log, suite)
        assert (size, merkle.root_of(digest, peaks)) == (len(leaves), _true_root(suite, leaves))
        for index in {0, size // 2, size - 1}:
            proof = heads.inclusion(log, suite, index, size)
            made = merkle.leaf_hash(digest, leaves[index])
            assert merkle.verify_inclusion(digest, made, index, size, proof, merkle.root_of(digest, peaks))
    return leaves


@pytest.mark.django_db
def test_what_waits_is_placed_once_and_proven_in_both_trees():
    ids = [units.make_unit(f"u{n}") for n in range(5)]
    assert sequencer.integrate() == 5 and sequencer.integrate() == 0
    assert not LedgerPending.objects.exists()
    assert len(_whole()) == 5
    units.name_many(units.TRIER, unit_ids=ids)
    assert sequencer.integrate(most=3, batches=1) == 3 and LedgerPending.objects.count() == 2
    assert sequencer.integrate(most=3) == 2
    assert len(_whole()) == 10
    event = LedgerEvent.objects.order_by("id").last()
    assert event is not None and heads.place_of(event.id) == ("ledger", 9)


@pytest.mark.django_db
def test_trees_of_many_tiles_prove_every_step(django_assert_num_queries):
    leaves = [bytes([n % 256, n // 256]) for n in range(1400)]
    sizes: list[int] = []
    for step in (1, 255, 1, 300, 211, 600, 32):
        sequencer.extend("ledger", leaves[sum(sizes) : sum(sizes) + step])
        sizes.append(step)
    size, digest = sum(sizes), SUITES["sm3"]
    assert [(row.level, row.n, row.width) for row in LedgerTile.objects.filter(suite="sm3").order_by("level", "n")] == [
        *[(0, n, 256) for n in range(5)], (0, 5, 120), (1, 0, 5),
    ]  # fmt: skip
    root = _true_root("sm3", leaves)
    with django_assert_num_queries(3):
        proof = heads.inclusion("ledger", "sm3", 777, size)
    assert merkle.verify_inclusion(digest, merkle.leaf_hash(digest, leaves[777]), 777, size, proof, root)
    for first in (1, 256, 257, 768, 1399, 1400):
        path = heads.consistency("ledger", "sm3", first, size)
        assert merkle.verify_consistency(digest, first, size, path, _true_root("sm3", leaves[:first]), root)
    with pytest.raises(LookupError):
        tiles.Nodes("ledger", "sm3").read(0, size)


@pytest.mark.django_db(transaction=True)
def test_refusals_have_a_log_of_their_own():
    unit_id = units.make_unit()
    with pytest.raises(Refused):
        units.refuse(units.TRIER, unit_id=unit_id)
    assert sequencer.integrate() == 2
    assert len(_whole("ledger")) == 1 and len(_whole("access")) == 1
    origins = sorted(
        note.partition("\n")[0] for note in LedgerCheckpoint.objects.values_list("note", flat=True)
    )
    house = "province.example/sanban"
    assert origins == [f"{house}/access", f"{house}/access-sm3", f"{house}/ledger", f"{house}/ledger-sm3"]


@pytest.mark.django_db
def test_each_head_is_signed_once_in_both_trees_by_keys_that_are_kept():
    units.make_unit()
    sequencer.integrate()
    assert signing.sign_heads() == []
    known = signing.known_keys()
    assert sorted(key.name for key in known) == [
        "province.example/sanban/ledger",
        "province.example/sanban/ledger-sm3",
    ]
    for point in LedgerCheckpoint.objects.all():
        text, signed = notes.verified_by(point.note, known)
        origin = f"province.example/sanban/ledger{'-sm3' * (point.suite == 'sm3')}"
        assert [one.key.name for one in signed] == [origin]
        assert notes.read_checkpoint(text) == notes.Checkpoint(origin, 1, bytes(point.root))
        assert point.sealed_at is None
    assert LedgerKey.objects.get(name__endswith="-sm3").purpose == keys.note_purpose("ledger", "sm3")
    units.make_unit("more")
    sequencer.integrate()
    assert LedgerCheckpoint.objects.count() == 4 and LedgerKey.objects.count() == 2


@pytest.mark.django_db
def test_an_old_key_signs_beside_the_new_for_thirty_days():
    units.make_unit()
    sequencer.integrate()
    (old,) = [key for key in signing.known_keys() if key.name.endswith("/ledger")]
    new = signing.rotate(units.TRIER, log="ledger", suite="sha256")
    event = LedgerEvent.objects.get(kind="ledger.key_announced")
    assert LedgerKey.objects.get(key_id=new.short).announced_by_event == event.id
    sequencer.integrate()
    assert _signers_of_the_newest() == [new, old]
    told = {name: json.loads(value.body or b"") for name, value in units.kept(event.id).items()}
    for signed, by, name in ((new, old, "by_before"), (old, new, "by_key")):
        Ed25519PublicKey.from_public_bytes(by.public).verify(
            base64.b64decode(told[name]), signed.text().encode()
        )
    with clock.freeze(clock.now() + keys.BOTH_SIGN_FOR + timedelta(minutes=1)):
        units.make_unit("later")
        sequencer.integrate()
    assert _signers_of_the_newest() == [new]


def _signers_of_the_newest():
    point = LedgerCheckpoint.objects.filter(log="ledger", suite="sha256").order_by("-size").first()
    assert point is not None
    return [one.key for one in notes.verified_by(point.note, signing.known_keys())[1]]


@pytest.mark.parametrize("secret", ["", "correct horse"])
def test_a_key_that_others_may_read_signs_nothing(tmp_path, monkeypatch, secret):
    monkeypatch.setenv("SANBAN_KEY_PASSPHRASE", secret)
    house = keys.FileKeys(tmp_path / "keys")
    (first,) = house.signing_keys("note-x")
    path = tmp_path / "keys" / "note-x.1.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (b"ENCRYPTED" in path.read_bytes()) == bool(secret)
    second = house.add_key("note-x")
    assert [key.private_bytes_raw() for key in house.signing_keys("note-x")] == [
        second.private_bytes_raw(), first.private_bytes_raw(),
    ]  # fmt: skip
    path.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        house.signing_keys("note-x")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_ledgerleaf SET idx = idx + 1", "DELETE FROM ledger_ledgerleaf"]
)
def test_a_place_is_never_changed(statement):
    units.make_unit()
    sequencer.integrate()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_breaks_leaves_nothing_and_is_done_again(monkeypatch):
    units.make_unit()
    sequencer.integrate()
    units.make_unit("second")

    def broken(*_given):
        raise DatabaseError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(tiles, "add_nodes", broken)
        with pytest.raises(DatabaseError):
            sequencer.integrate()
    assert (LedgerLeaf.objects.count(), LedgerHead.objects.filter(size=1).count()) == (1, 2)
    assert LedgerPending.objects.count() == 1
    assert sequencer.integrate() == 1
    assert len(_whole()) == 2


@pytest.mark.django_db(transaction=True)
def test_hesitant_writers_and_racing_sequencers_lose_nothing_and_double_nothing():
    base, stop, faults = [units.make_unit(f"u{n}") for n in range(4)], threading.Event(), []

    def write(n):
        chance = random.Random(n)
        for version in range(1, 11):
            with transaction.atomic():
                units.name_once(units.TRIER, unit_id=base[n], version=version, alias=f"{n}/{version}")
                time.sleep(chance.random() / 200)

    def sequence():
        while not stop.is_set():
            sequencer.integrate(most=7, batches=2)
            time.sleep(0.002)

    def guarded(run, *given):
        try:
            run(*given)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    writers = [threading.Thread(target=guarded, args=(write, n)) for n in range(4)]
    hands = [threading.Thread(target=guarded, args=(sequence,)) for _n in range(2)]
    for thread in [*writers, *hands]:
        thread.start()
    for thread in writers:
        thread.join(timeout=60)
    stop.set()
    for thread in hands:
        thread.join(timeout=30)
    assert faults == []
    while sequencer.integrate():
        pass
    assert not LedgerPending.objects.exists()
    assert len(_whole()) == LedgerEvent.objects.count() == 4 + 4 * 10


@pytest.mark.parametrize(("n", "path"), [(0, "000"), (5, "005"), (273, "273"), (1234067, "x001/x234/067")])
def test_tiles_are_addressed_as_the_specification_says(n, path):
    assert tiles.path_of(n) == path
