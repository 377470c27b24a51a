"""What others published holds here: SM2, SM3, SM4, AES-GCM, notes and Merkle proofs, from the files in `vectors`.

Merkle proofs are judged twice, by the log's own reader and by the offline verifier of the bundles.
"""

import itertools
import json
from base64 import b64decode, b64encode
from pathlib import Path

import gmalg
import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sanban.base.ledger.bundle import verify
from sanban.base.ledger.envelope import sha256, sm3
from sanban.base.ledger.tests.test_the_tree_proves import LEAVES
from sanban.base.ledger.tlog import notes, sm2
from sanban.base.ledger.tlog.merkle import verify_consistency, verify_inclusion

VECTORS = Path(__file__).parent / "vectors"
ROUNDS = 1_000_000
GARBAGE = b64encode(b"g" * 32).decode()


def _read(name):
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def _bytes(test, *names):
    return [bytes.fromhex(test[name]) for name in names]


@pytest.mark.parametrize("test", _read("sm")["sm3"])
def test_sm3_gives_the_digests_of_the_standard(test):
    message, digest = _bytes(test, "message", "digest")
    assert sm3(message) == digest


def test_sm4_gives_the_block_of_the_standard_once_and_after_a_million_rounds():
    key, block, once, million = _bytes(_read("sm")["sm4"], "key", "plain", "once", "million")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    block = encryptor.update(block)
    assert block == once
    for _ in range(ROUNDS - 1):
        block = encryptor.update(block)
    assert block == million


def test_sm4_gcm_gives_the_tag_of_the_rfc_and_takes_no_other():
    key, iv, aad, msg, ct, tag = _bytes(_read("sm")["sm4_gcm"], "key", "iv", "aad", "msg", "ct", "tag")
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(iv)).encryptor()
    encryptor.authenticate_additional_data(aad)
    assert encryptor.update(msg) + encryptor.finalize() == ct
    assert encryptor.tag == tag
    for given, plain in ((tag, msg), (bytes([tag[0] ^ 1]) + tag[1:], None)):
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(iv, given)).decryptor()
        decryptor.authenticate_additional_data(aad)
        opened = decryptor.update(ct)
        if plain is None:
            with pytest.raises(InvalidTag):
                decryptor.finalize()
        else:
            assert opened + decryptor.finalize() == plain


@pytest.mark.parametrize("test", _read("aes_gcm")["tests"], ids=lambda test: str(test["tcId"]))
def test_aes_gcm_opens_what_is_whole_and_nothing_else(test):
    key, iv, aad, msg, ct, tag = _bytes(test, "key", "iv", "aad", "msg", "ct", "tag")
    if test["result"] == "valid":
        assert AESGCM(key).encrypt(iv, msg, aad) == ct + tag
        assert AESGCM(key).decrypt(iv, ct + tag, aad) == msg
    else:
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(iv, ct + tag, aad)


def test_sm2_signs_and_verifies_the_example_of_the_standard():
    """The other library makes the very signature of the standard from its random number; ours and our offline verifier
    accept it, and no other."""
    told = _read("sm")["sm2"]
    secret, x, y, z, e, k, r, s = _bytes(told, "secret", "x", "y", "z", "e", "k", "r", "s")
    user, message, point = told["user"].encode(), told["message"].encode(), b"\x04" + x + y
    assert user == sm2.USER
    a, curve = verify.P - 3, (verify.B, verify.GX, verify.GY)
    named = (8 * len(user)).to_bytes(2, "big") + user
    assert sm3(named + b"".join(one.to_bytes(32, "big") for one in (a, *curve)) + x + y) == z
    assert sm3(z + message) == e
    assert verify.times(int.from_bytes(secret, "big"), (verify.GX, verify.GY)) == (
        int.from_bytes(x, "big"), int.from_bytes(y, "big"),
    )  # fmt: skip
    assert verify.times(verify.N, (verify.GX, verify.GY)) is None
    number = int.from_bytes(k, "big")
    assert gmalg.SM2(secret, user, point, rnd_fn=lambda _bits: number).sign(message) == (r, s)
    key = sm2.PublicKey(point)
    assert (
        key.holds(r + s, message) and not key.holds(s + r, message) and not key.holds(r + s, message + b".")
    )
    verify.check_sm2(point, r + s, message)
    for signature, text in ((s + r, message), (r + s, message + b".")):
        with pytest.raises(InvalidSignature):
            verify.check_sm2(point, signature, text)
    own = sm2.PrivateKey(secret, point).sign(message)
    assert own != r + s and key.holds(own, message)


def _included(test, proof, leaf):
    """What the log's reader and the offline verifier say of a proof: they must say the same."""
    path, root = [b64decode(one) for one in proof], b64decode(test["root"])
    said = verify_inclusion(sha256, sha256(b"\0" + leaf), test["leafIdx"], test["treeSize"], path, root)
    head = verify.Head("", test["treeSize"], root)
    assert verify.included(sha256, leaf, test["leafIdx"], head, proof) is said
    return said


def _consistent(test, proof):
    path, first, second = (
        [b64decode(one) for one in proof],
        b64decode(test["root1"]),
        b64decode(test["root2"]),
    )
    said = verify_consistency(sha256, test["size1"], test["size2"], path, first, second)
    old, new = verify.Head("", test["size1"], first), verify.Head("", test["size2"], second)
    assert verify.consistent(sha256, old, new, path) is said
    return said


def _spoiled(proof, root):
    """The published ways of spoiling a proof: cut, grown at either end, put in another order, one bit turned."""
    yield from (proof + [GARBAGE], [GARBAGE] + proof, proof + [root], [root] + proof, proof + [""])
    if proof:
        yield from (proof[:-1], proof[1:], [])
        yield from (proof[:place] + [GARBAGE] + proof[place + 1 :] for place in range(len(proof)))
        for place, bit in itertools.product(range(len(proof)), (0, 4, 255)):
            turned = int.from_bytes(b64decode(proof[place]), "big") ^ (1 << bit)
            body = b64encode(turned.to_bytes(32, "big")).decode()
            yield proof[:place] + [body] + proof[place + 1 :]


@pytest.mark.parametrize(
    "test", _read("merkle")["inclusion"], ids=lambda one: f"{one['leafIdx']}/{one['treeSize']}"
)
def test_a_published_inclusion_holds_in_its_place_alone(test):
    leaf, proof, index, size = LEAVES[test["leafIdx"]], test["proof"], test["leafIdx"], test["treeSize"]
    assert b64encode(sha256(b"\0" + leaf)).decode() == test["leafHash"]
    assert _included(test, proof, leaf)
    for altered in _spoiled(proof, test["root"]):
        assert not _included(test, altered, leaf), altered
    for change in (
        {"leafIdx": index + 1}, {"leafIdx": index - 1}, {"leafIdx": index ^ 2}, {"treeSize": size * 2},
        {"treeSize": size // 2}, {"treeSize": 0}, {"root": GARBAGE}, {"root": ""},
    ):  # fmt: skip
        assert not _included({**test, **change}, proof, leaf), change
    assert not _included(test, proof, leaf + b"x")


@pytest.mark.parametrize(
    "test", _read("merkle")["consistency"], ids=lambda one: f"{one['size1']}/{one['size2']}"
)
def test_a_published_consistency_holds_between_its_heads_alone(test):
    proof, first, second = test["proof"], test["size1"], test["size2"]
    assert _consistent(test, proof)
    for altered in _spoiled(proof, test["root1"]):
        assert not _consistent(test, altered), altered
    changes = [
        {"size1": 0}, {"size1": first + 1}, {"size1": first - 1}, {"size2": second * 2}, {"size2": second // 2},
        {"root2": GARBAGE}, {"root1": GARBAGE}, {"size1": second + 1},
    ]  # fmt: skip
    changes += [{"root1": test["root2"], "root2": test["root1"]}] if test["root1"] != test["root2"] else []
    for change in changes:
        assert not _consistent({**test, **change}, proof), change
    assert not _consistent({**test, "size1": 0, "size2": 0}, [])


def test_the_examples_of_c2sp_are_read_as_they_are_written():
    told = _read("notes")
    text, signed = notes.verified_by(told["signed_note"]["note"], [], nobody=True)
    assert (text.split("\n\n")[1], signed) == (told["signed_note"]["last"], [])
    text, _signed = notes.verified_by(told["tlog_cosignature"]["note"], [], nobody=True)
    point = notes.read_checkpoint(text)
    assert (point.size, point.text()) == (told["tlog_cosignature"]["size"], text)
    line = told["tlog_cosignature"]["note"].split("\n")[-2]
    assert int.from_bytes(b64decode(line.split(" ")[2])[4:12], "big") == told["tlog_cosignature"]["at"]


def test_keys_that_others_published_are_read_and_those_they_refuse_are_refused():
    told = _read("notes")["keys"]
    for text, kind in zip(told["valid"], (notes.LOG, notes.COSIGN_ED25519), strict=True):
        assert notes.read_key(text).text() == text
        key = verify.read_key(text)
        assert (key.kind, len(key.public)) == (kind, 32)
    for text in told["invalid"]:
        with pytest.raises(notes.BadNote):
            notes.read_key(text)
        with pytest.raises((verify.Broken, ValueError)):
            verify.read_key(text)


def test_a_cosignature_that_another_witness_made_is_over_the_bytes_that_we_sign():
    """Its span begins at leaf 8, where a head's begins at 0: all else in the message is ours."""
    told = _read("notes")["mldsa"]
    key = notes.read_key(told["key"])
    packed = b64decode(told["line"].split(" ")[2])
    stamp, signature = packed[4:12], packed[12:]
    assert (key.kind, packed[:4], stamp) == (notes.COSIGN_MLDSA, key.id, bytes(8))
    point = notes.Checkpoint(told["origin"], told["end"], b64decode(told["root"]))
    whole = notes._cosigned(point, key.name, stamp)
    part = whole[:-48] + told["start"].to_bytes(8, "big") + whole[-40:]
    MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, part)
    assert whole[-48:-40] == bytes(8)
    with pytest.raises(InvalidSignature):
        MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, whole)
