"""Witnesses: C2SP's status codes, one order of heads, and a seal that no log can get for two histories."""

import base64
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.models import (
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerEvent,
    LedgerKey,
    LedgerWitness,
)
from sanban.base.ledger.queries import grade_of
from sanban.base.ledger.tests import units
from sanban.base.ledger.tlog import audit, heads, keys, merkle, notes, sealing, sequencer, signing, trust
from sanban.base.ledger.tlog.merkle import SUITES
from sanban.base.ledger.witness import judge
from sanban.base.ledger.witness.book import Book
from sanban.base.ledger.witness.server import serve

ORIGIN = "a.example/ledger"
SIGNER = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
LEAVES = [bytes([n]) for n in range(40)]


class Tree:
    """A log of its own in memory: heads, and proofs between them."""

    def __init__(self, leaves=LEAVES, origin=ORIGIN, suite="sha256", signer=SIGNER):
        self.leaves, self.origin, self.digest, self.signer = leaves, origin, SUITES[suite], signer

    def read(self, height, index):
        part = self.leaves[index << height : (index + 1) << height]
        return merkle.root_of(self.digest, merkle.grow(self.digest, 0, [], part)[0])

    def note(self, size):
        root = merkle.root_of(self.digest, merkle.peaks_of(self.read, size))
        return notes.sign(notes.Checkpoint(self.origin, size, root).text(), self.origin, self.signer)

    def body(self, old, size, proof=None):
        if proof is None:
            proof = merkle.consistency_proof(self.digest, self.read, old, size) if 0 < old < size else []
        return (
            f"old {old}\n{''.join(base64.b64encode(p).decode() + chr(10) for p in proof)}\n{self.note(size)}"
        )


@pytest.fixture
def book(tmp_path):
    made = Book(tmp_path / "one", "w.example/one")
    made.follow(notes.log_key(ORIGIN, SIGNER))
    return made


def _status(book, body):
    return judge.add_checkpoint(book, body).status


def test_a_head_that_follows_is_signed_and_kept(book):
    tree = Tree()
    for old, size in ((0, 7), (7, 8), (8, 8), (8, 33), (33, 40)):
        answer = judge.add_checkpoint(book, tree.body(old, size))
        assert answer.status == 200
        text = tree.note(size).rpartition("\n\n")[0] + "\n"
        signed = notes.cosigned_by(answer.body, text, [book.key])
        assert signed is not None and abs((signed.at or 0) - clock.now().timestamp()) < 5
        assert judge.latest(book, ORIGIN).body == tree.note(size) + answer.body
    again = Book(book._path.parent)
    assert again.key == book.key and again.head(ORIGIN) == book.head(ORIGIN)


def test_every_refusal_has_its_code_and_leaves_the_head_as_it_was(book):
    tree, other = Tree(), Tree([b"?", *LEAVES[1:]])
    assert _status(book, tree.body(0, 10)) == 200
    before = book.head(ORIGIN)
    proof = merkle.consistency_proof(tree.digest, tree.read, 10, 20)
    stranger = Tree(signer=Ed25519PrivateKey.generate())
    cases = {
        404: [Tree(origin="b.example/ledger").body(0, 5)],
        403: [stranger.body(10, 20), tree.body(10, 20).replace("\n20\n", "\n21\n")],
        400: [tree.body(11, 10), "", "old x\n\nz", tree.body(10, 20).replace("old", "new"),
              "old 010\n\n" + tree.note(20), "old 0\n!!\n\n" + tree.note(20), tree.body(10, 20, [b"x" * 32] * 64)],
        409: [tree.body(0, 20), tree.body(9, 20), other.body(10, 10)],
        422: [tree.body(10, 20, []), tree.body(10, 20, proof[::-1]), other.body(10, 20),
              tree.body(10, 10, [b"x" * 32])],
    }  # fmt: skip
    for status, bodies in cases.items():
        assert [_status(book, body) for body in bodies] == [status] * len(bodies)
    told = judge.add_checkpoint(book, tree.body(0, 20))
    assert (told.body, told.kind) == ("10\n", "text/x.tlog.size")
    assert book.head(ORIGIN) == before


def test_a_log_that_went_back_is_refused(book):
    tree = Tree()
    assert _status(book, tree.body(0, 30)) == 200
    assert judge.add_checkpoint(book, tree.body(0, 20)).body == "30\n"
    assert _status(book, tree.body(20, 20)) == 409


def test_the_twin_tree_is_proven_with_its_own_hash(book):
    twin = Tree(origin=f"{ORIGIN}-sm3", suite="sm3")
    book.follow(notes.log_key(twin.origin, SIGNER))
    assert _status(book, twin.body(0, 5)) == 200 and _status(book, twin.body(5, 40)) == 200
    wrong = Tree(origin=f"{ORIGIN}-sm3", suite="sha256")
    book.drop(notes.log_key(ORIGIN, SIGNER))
    assert _status(book, wrong.body(40, 40)) == 409
    assert _status(book, Tree().body(0, 5)) == 404


def test_two_heads_at_once_are_taken_one_after_the_other(book):
    tree, answers, start = Tree(), [], threading.Barrier(6)
    assert _status(book, tree.body(0, 5)) == 200

    def submit(size):
        start.wait()
        answers.append(_status(book, tree.body(5, size)))

    threads = [threading.Thread(target=submit, args=(size,)) for size in (10, 15, 20, 25, 30, 35)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * 5


@pytest.fixture
def house(settings, tmp_path, db):
    """Our log, and four witnesses that follow it."""
    settings.SANBAN_VAR, settings.SANBAN_ORIGIN = tmp_path, "province.example/sanban"
    books = {name: Book(tmp_path / name, f"w.example/{name}") for name in ("a", "b", "c", "d")}
    for book in books.values():
        signing.know(book.key, "witness", clock.now())
        for key in signing.log_keys():
            book.follow(key)
    return books


def _policy(books, least=3):
    offices = [trust.Witness(name, book.key, f"http://{name}") for name, book in books.items()]
    return trust.read(trust.write(signing.log_keys(), offices, least))


def _ask(books, silent=()):
    def ask(witness, body):
        if witness.name in silent:
            raise TimeoutError("timed out")
        answer = judge.add_checkpoint(books[witness.name], body)
        return answer.status, answer.body

    return ask


@pytest.mark.django_db
def test_three_of_four_seal_a_head_and_two_do_not(house):
    policy, event_id = _policy(house), None
    units.make_unit()
    event_id = LedgerEvent.objects.get().id
    assert grade_of(actor=SYSTEM, event_id=event_id) == "recorded"
    sequencer.integrate()
    assert grade_of(actor=SYSTEM, event_id=event_id) == "integrated"
    assert sealing.seal(policy, _ask(house, silent=("a", "d"))) == 0
    assert grade_of(actor=SYSTEM, event_id=event_id) == "integrated"
    assert sealing.sealed_note("ledger", "sha256") is None
    faults = dict(LedgerWitness.objects.values_list("name", "fault"))
    assert faults == {"a": "TimeoutError: timed out", "b": "", "c": "", "d": "TimeoutError: timed out"}
    assert sealing.seal(policy, _ask(house, silent=("d",))) == 2  # both trees of the log that has grown
    assert grade_of(actor=SYSTEM, event_id=event_id) == "sealed"
    note = sealing.sealed_note("ledger", "sha256")
    assert note is not None
    signed = notes.verified_by(note, [*policy.logs, *policy.keys])[1]
    assert {one.key.name for one in signed[1:]} == {"w.example/a", "w.example/b", "w.example/c"}
    assert sealing.seal(policy, _ask(house)) == 0  # the fourth signs as well, late
    assert LedgerCosignature.objects.filter(suite="sha256").count() == 4
    assert list(audit.examine()) == []


@pytest.mark.django_db
def test_a_witness_that_missed_heads_goes_on_from_what_it_knows(house):
    policy = _policy(house)
    for n, silent in enumerate([(), ("b",), ("b",), ()]):
        units.make_unit(f"u{n}")
        sequencer.integrate()
        assert sealing.seal(policy, _ask(house, silent)) == 2
    LedgerCosignature.objects.filter(witness="w.example/c").delete()  # what it knows is then asked of itself
    units.make_unit("last")
    sequencer.integrate()
    assert sealing.seal(policy, _ask(house)) == 2
    origin = heads.origin_of("ledger")
    assert {book.head(origin).size for book in house.values()} == {5}


@pytest.mark.django_db
def test_a_head_is_signed_anew_after_an_hour_of_quiet(house):
    policy = _policy(house)
    units.make_unit()
    sequencer.integrate()
    sealing.seal(policy, _ask(house))
    first = LedgerCosignature.objects.get(witness="w.example/a", suite="sha256").signed_at
    later = clock.now() + sealing.RENEW_AFTER
    with clock.freeze(later):
        assert sealing.seal(policy, _ask(house)) == 0
    row = LedgerCosignature.objects.get(witness="w.example/a", suite="sha256")
    assert row.signed_at == later.replace(microsecond=0) > first
    assert list(audit.examine()) == []


@pytest.mark.django_db
def test_the_log_and_one_office_cannot_show_two_histories(house):
    """The log signs a second history and one office signs whatever it is shown: no second quorum comes of it."""
    policy = _policy(house)
    for n in range(6):
        units.make_unit(f"u{n}")
    sequencer.integrate()
    assert sealing.seal(policy, _ask(house)) == 2
    private = keys.keys().signing_keys("note-ledger-sha256")[0]
    false = Tree([b"another history"] * 9, origin=heads.origin_of("ledger"), signer=private)
    point = LedgerCheckpoint(log="ledger", suite="sha256", size=9, note=false.note(9), root=b"")
    told = point.note.rpartition("\n\n")[0] + "\n"
    bought = notes.cosign(notes.read_checkpoint(told), house["a"].name, house["a"].private, 1)
    lines = [bought]
    for name in ("b", "c", "d"):
        for old in (0, 6, 9):
            answer = judge.add_checkpoint(house[name], false.body(old, 9))
            assert answer.status in (409, 422)
        lines += [answer.body] if answer.status == 200 else []
    signed = notes.verified_by(point.note + "".join(lines), [*policy.logs, *policy.keys])[1]
    assert sorted(one.key.name for one in signed) == [heads.origin_of("ledger"), "w.example/a"]
    assert not policy.sealed_by(one.key for one in signed)
    weaker = _policy(house, least=2)
    assert not weaker.sealed_by(one.key for one in signed)


@pytest.mark.django_db
def test_the_log_restored_from_an_old_copy_is_found_out(house):
    policy = _policy(house)
    units.make_unit("kept")
    sequencer.integrate()
    for book in house.values():  # they have seen what the old copy does not hold
        with book.turn(heads.origin_of("ledger")) as turn:
            turn.move(50, b"r" * 32, "")
    assert sealing.seal(policy, _ask(house)) == 1  # the twin alone
    faults = set(LedgerWitness.objects.values_list("fault", flat=True))
    assert faults == {""} or faults == {"409: it has signed a head of 50, ours has 1"}
    assert sealing.sealed_note("ledger", "sha256") is None


@pytest.mark.django_db
def test_a_line_of_another_key_or_another_head_is_no_signature(house):
    policy = _policy(house)
    units.make_unit()
    sequencer.integrate()

    def forge(witness, body):
        other = "b" if witness.name != "b" else "c"
        answer = judge.add_checkpoint(house[other], body)
        point = notes.read_checkpoint(judge.read(body).note.rpartition("\n\n")[0] + "\n")
        wrong = notes.Checkpoint(point.origin, point.size + 1, point.root)
        line = notes.cosign(wrong, house["d"].name, house["d"].private, 1)
        return 200, line if witness.name == "d" else answer.body

    assert sealing.seal(policy, forge) == 0
    assert not LedgerCosignature.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_counts_as_a_witness_is_an_event_once(house):
    policy = _policy(house)
    for _n in range(2):
        sealing.note_trust(SYSTEM, policy)
    assert LedgerEvent.objects.filter(kind="ledger.trust_set").count() == 1
    assert LedgerKey.objects.filter(purpose="witness").count() == 4
    sealing.note_trust(SYSTEM, _policy(house, least=4))
    assert LedgerEvent.objects.filter(kind="ledger.trust_set").count() == 2


@pytest.mark.django_db(transaction=True)
def test_heads_are_sealed_over_the_network(house):
    servers = {name: serve(book, "127.0.0.1", 0) for name, book in house.items()}
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in servers.values()]
    for thread in threads:
        thread.start()
    try:
        offices = [
            trust.Witness(name, house[name].key, f"http://127.0.0.1:{server.server_address[1]}")
            for name, server in servers.items()
        ]
        policy, doors = trust.read(trust.write(signing.log_keys(), offices, 3)), sealing.Doors()
        for n in range(3):
            units.make_unit(f"u{n}")
            sequencer.integrate()
            assert sealing.seal(policy, doors) == 2
        servers["a"].shutdown()
        servers["a"].server_close()
        units.make_unit("without a")
        sequencer.integrate()
        doors = sealing.Doors()
        assert sealing.seal(policy, doors) == 2
        assert "refused" in LedgerWitness.objects.get(name="a").fault
    finally:
        for server in servers.values():
            server.shutdown()
            server.server_close()
