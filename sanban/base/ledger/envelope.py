"""What is hashed: salted field digests in a canonical envelope (RFC 8785), the envelope in a blind leaf.

Every digest is made twice, SHA-256 and SM3, over the same bytes.
"""

import hashlib
from binascii import b2a_base64
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson

_SM3 = hashlib.new("sm3")
"""Begun once and copied: finding the algorithm by name costs more than hashing a short value."""


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes for values without floats, with keys of the basic plane and integers below 2**53."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def sha256(data: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """SM3 (GB/T 32905), 32 bytes."""
    state = _SM3.copy()
    state.update(data)
    return state.digest()


@lru_cache(maxsize=4096)
def _named(name: str) -> bytes:
    key = name.encode()
    return len(key).to_bytes(2, "big") + key


def field_digest(name: str, salt: bytes, value: bytes) -> str:
    """`base64(SHA-256).base64(SM3)` over 16-byte salt, length of name, name and canonical value."""
    data = salt + _named(name) + value
    first, second = b2a_base64(sha256(data), newline=False), b2a_base64(sm3(data), newline=False)
    return (first + b"." + second).decode()


def seal(
    envelope: dict[str, Any], digests: Iterable[tuple[str, str]], salt: bytes
) -> tuple[bytes, bytes, bytes]:
    """Canonical bytes of the envelope and its two salted commitments."""
    body = canonical({**envelope, "fields": dict(digests)})
    return body, sha256(salt + body), sm3(salt + body)


def leaf(c_sha256: bytes, c_sm3: bytes) -> bytes:
    """The blind 65-byte leaf: version byte and both commitments."""
    return b"\x01" + c_sha256 + c_sm3
