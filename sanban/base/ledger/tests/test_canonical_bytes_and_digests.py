"""What is hashed: canonical bytes as RFC 8785 has them, and digests that a second program computes the same."""

import base64
import hashlib
from datetime import UTC, date, datetime

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from sanban.base.ledger.envelope import canonical, field_digest, leaf, seal
from sanban.base.ledger.registry import encode

BASIC = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS
VALUES = st.recursive(
    PLAIN,
    lambda part: st.lists(part, max_size=5) | st.dictionaries(st.text(BASIC, max_size=8), part, max_size=5),
    max_leaves=20,
)
SALT = bytes(range(16))
# Computed with two commands of OpenSSL over the bytes salt, 00 05, `title`, `"防汛值守"`:
#   openssl dgst -sha256 -binary | base64      and      openssl dgst -sm3 -binary | base64
TITLE_SHA256 = "jbWGw5DncJSBL6uJ9cZ3Nw4vxYNUV4zZprEv5Kplzg8="
TITLE_SM3 = "Hg0pEDoN7IcOyMh0pRQ9ouZhQ/A9pZN3Mv0sLBjTN+w="


@given(VALUES)
def test_canonical_bytes_are_those_of_the_standard(value):
    assert canonical(encode(value)) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, {"amount": 0.1}, 2**53, [-(2**53)], {"🀄": 1}, b"x", {1, 2}])
def test_what_the_standard_would_write_otherwise_is_refused(value):
    with pytest.raises(TypeError, match="ledger value"):
        encode(value)


def test_instants_and_dates_are_text():
    assert encode(datetime(2026, 3, 2, 1, 30, 0, 7, tzinfo=UTC)) == "2026-03-02T01:30:00.000007Z"
    assert encode(date(2026, 3, 2)) == "2026-03-02"
    assert encode((1, {"a": None})) == [1, {"a": None}]


def test_a_field_digest_is_the_pair_computed_by_another_program():
    assert field_digest("title", SALT, '"防汛值守"'.encode()) == f"{TITLE_SHA256}.{TITLE_SM3}"


def test_the_length_of_the_name_keeps_name_and_value_apart():
    assert field_digest("ab", SALT, b"c") != field_digest("a", SALT, b"bc")


def test_the_envelope_is_sealed_with_its_salt_by_both_hashes():
    body, by_sha256, by_sm3 = seal({"ver": 1, "kind": "x"}, [("b", "2"), ("a", "1")], SALT)
    assert body == b'{"fields":{"a":"1","b":"2"},"kind":"x","ver":1}'
    assert by_sha256 == hashlib.sha256(SALT + body).digest()
    assert by_sm3 == hashlib.new("sm3", SALT + body).digest()
    assert leaf(by_sha256, by_sm3) == b"\x01" + by_sha256 + by_sm3
    assert len(leaf(by_sha256, by_sm3)) == 65


def test_sm3_is_the_national_standards_example():
    """GB/T 32905, annex A: the digest of `abc`."""
    known = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert hashlib.new("sm3", b"abc").hexdigest() == known
    assert base64.b64decode(TITLE_SM3) != base64.b64decode(TITLE_SHA256)
