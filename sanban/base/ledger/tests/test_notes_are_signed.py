"""Notes and checkpoints against C2SP's published example, and against every way of spoiling one."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sanban.base.ledger.tlog import notes
from sanban.base.ledger.tlog.notes import BadNote, Checkpoint

PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAID = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_published_example_is_verified():
    name, public = notes.read_verifier_key(PETER)
    assert notes.verifier_key(name, public) == PETER
    text, names = notes.verified_by(SAID, {name: public})
    assert names == ["PeterNeumann"] and text.endswith("your problem is.\n")
    with pytest.raises(BadNote):
        notes.verified_by(SAID.replace("think", "thank"), {name: public})


def test_a_checkpoint_is_signed_read_and_refused_when_touched():
    private = Ed25519PrivateKey.generate()
    keys = {"province.example/ledger": private.public_key().public_bytes_raw()}
    head = Checkpoint("province.example/ledger", 12770, b"r" * 32)
    note = notes.sign(head.text(), head.origin, private)
    text, names = notes.verified_by(note, keys)
    assert notes.read_checkpoint(text) == head and names == [head.origin]
    for spoiled in (
        note.replace("12770", "12771"), note[:-1], note.replace("\n\n", "\n"), note.replace("— ", "- "),
        note.replace(head.origin, "another.example/ledger"), head.text(), "",
    ):  # fmt: skip
        with pytest.raises(BadNote):
            notes.verified_by(spoiled, keys)
    with pytest.raises(BadNote):
        notes.verified_by(note, {})
    with pytest.raises(BadNote):
        notes.sign("no newline", head.origin, private)


def test_a_second_signature_stands_beside_the_first_and_unknown_ones_are_passed_over():
    ours, theirs = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    text = Checkpoint("a.example/ledger", 1, b"r" * 32).text()
    both = (
        notes.sign(text, "a.example/ledger", ours) + notes.sign(text, "office", theirs).rpartition("\n\n")[2]
    )
    known = {"a.example/ledger": ours.public_key().public_bytes_raw()}
    assert notes.verified_by(both, known)[1] == ["a.example/ledger"]
    known["office"] = theirs.public_key().public_bytes_raw()
    assert notes.verified_by(both, known)[1] == ["a.example/ledger", "office"]


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
        notes.read_verifier_key(text)
