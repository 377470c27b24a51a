"""Notes and checkpoints against C2SP's published example, and against every way of spoiling one."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from sanban.base.ledger.tlog import notes
from sanban.base.ledger.tlog.notes import BadNote, Checkpoint, Signature

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAID = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_published_example_is_verified():
    key = notes.read_key(PETER)
    assert key.text() == PETER
    text, signed = notes.verified_by(SAID, [key])
    assert signed == [Signature(key, None)] and text.endswith("your problem is.\n")
    with pytest.raises(BadNote):
        notes.verified_by(SAID.replace("think", "thank"), [key])


def test_a_checkpoint_is_signed_read_and_refused_when_touched():
    private = Ed25519PrivateKey.generate()
    key = notes.log_key("province.example/ledger", private)
    head = Checkpoint("province.example/ledger", 12770, b"r" * 32)
    note = notes.sign(head.text(), head.origin, private)
    text, signed = notes.verified_by(note, [key])
    assert notes.read_checkpoint(text) == head and signed == [Signature(key, None)]
    for spoiled in (
        note.replace("12770", "12771"), note[:-1], note.replace("\n\n", "\n"), note.replace("— ", "- "),
        note.replace(head.origin, "another.example/ledger"), head.text(), "",
    ):  # fmt: skip
        with pytest.raises(BadNote):
            notes.verified_by(spoiled, [key])
    with pytest.raises(BadNote):
        notes.verified_by(note, [])
    with pytest.raises(BadNote):
        notes.sign("no newline", head.origin, private)


def test_a_second_signature_stands_beside_the_first_and_unknown_ones_are_passed_over():
    ours, theirs = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    text = Checkpoint("a.example/ledger", 1, b"r" * 32).text()
    both = (
        notes.sign(text, "a.example/ledger", ours) + notes.sign(text, "office", theirs).rpartition("\n\n")[2]
    )
    known = [notes.log_key("a.example/ledger", ours)]
    assert [one.key for one in notes.verified_by(both, known)[1]] == known
    known.append(notes.log_key("office", theirs))
    assert [one.key for one in notes.verified_by(both, known)[1]] == known
    successor = notes.sign(text, "a.example/ledger", theirs, ours)
    assert [one.key for one in notes.verified_by(successor, known[:1])[1]] == known[:1]


def test_a_cosignature_holds_for_one_head_at_one_second_by_one_witness():
    private, point = MLDSA44PrivateKey.generate(), Checkpoint("a.example/ledger", 7, b"r" * 32)
    key, line = (
        notes.witness_key("w.example/one", private),
        notes.cosign(point, "w.example/one", private, 1679315147),
    )
    assert notes.read_key(key.text()) == key
    assert notes.cosigned_by(line, point.text(), [key]) == Signature(key, 1679315147)
    assert notes.cosigned_by(line, point.text(), []) is None
    packed = base64.b64decode(line.split(" ")[2])
    later = notes._line(key, (1679315148).to_bytes(8, "big") + packed[12:])
    for text, said in ((Checkpoint("a.example/ledger", 8, b"r" * 32).text(), line), (point.text(), later)):
        with pytest.raises(BadNote):
            notes.cosigned_by(said, text, [key])


def test_the_published_ed25519_cosignature_form_is_read_as_well():
    private, point = Ed25519PrivateKey.generate(), Checkpoint("a.example/ledger", 7, b"r" * 32)
    key = notes.Key("w.example/two", notes.COSIGN_ED25519, private.public_key().public_bytes_raw())
    told = private.sign(f"cosignature/v1\ntime 1679315147\n{point.text()}".encode())
    line = notes._line(key, (1679315147).to_bytes(8, "big") + told)
    assert notes.cosigned_by(line, point.text(), [key]) == Signature(key, 1679315147)


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", "a\n01\n" + base64.b64encode(b"r" * 32).decode() + "\n", "a\n1\nAAAA\n", "\n1\n\n"],
)
def test_what_is_no_checkpoint_is_not_read(text):
    with pytest.raises(BadNote):
        notes.read_checkpoint(text)


@pytest.mark.parametrize(
    "text", ["", "name", "name+00000000+AAAA", PETER.replace("c74f", "c74e"), PETER[:-4] + "!!!!"]
)
def test_what_is_no_key_is_not_read(text):
    with pytest.raises(BadNote):
        notes.read_key(text)
