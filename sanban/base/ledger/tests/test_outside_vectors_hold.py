"""What others published holds here: SM3, SM4, SM4-GCM, AES-GCM and Merkle proofs, from the files in `vectors`."""

import json
from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sanban.base.ledger.envelope import sha256, sm3
from sanban.base.ledger.tlog.merkle import verify_consistency, verify_inclusion

VECTORS = Path(__file__).parent / "vectors"
ROUNDS = 1_000_000


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


def test_proofs_of_another_log_hold_and_altered_ones_do_not():
    told = _read("merkle")
    one, two = told["inclusion"], told["consistency"]
    proof = [b64decode(line) for line in one["proof"]]
    leaf, root = b64decode(one["leafHash"]), b64decode(one["root"])
    assert verify_inclusion(sha256, leaf, one["leafIdx"], one["treeSize"], proof, root)
    assert not verify_inclusion(sha256, leaf, one["leafIdx"] - 1, one["treeSize"], proof, root)
    assert not verify_inclusion(sha256, leaf, one["leafIdx"], one["treeSize"], proof[:-1], root)
    proof = [b64decode(line) for line in two["proof"]]
    first, second = b64decode(two["root1"]), b64decode(two["root2"])
    assert verify_consistency(sha256, two["size1"], two["size2"], proof, first, second)
    assert not verify_consistency(sha256, two["size1"], two["size2"], proof, second, first)
    assert not verify_consistency(sha256, two["size1"], two["size2"], proof[::-1], first, second)
