"""What is hashed: salted field digests in a canonical envelope (RFC 8785), the envelope in a blind leaf.

Every digest is made twice, SHA-256 and SM3, over the same bytes.
"""

import base64
import hashlib
import json
from collections.abc import Iterable
from typing import Any


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes for values without floats, with ASCII keys and integers below 2**53."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(data: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """SM3 (GB/T 32905), 32 bytes."""
    return hashlib.new("sm3", data).digest()


def field_digest(name: str, salt: bytes, value: bytes) -> str:
    """`base64(SHA-256).base64(SM3)` over 16-byte salt, length of name, name and canonical value."""
    key = name.encode()
    data = salt + len(key).to_bytes(2, "big") + key + value
    return (base64.b64encode(sha256(data)) + b"." + base64.b64encode(sm3(data))).decode()


def seal(
    envelope: dict[str, Any], digests: Iterable[tuple[str, str]], salt: bytes
) -> tuple[bytes, bytes, bytes]:
    """Canonical bytes of the envelope and its two salted commitments."""
    body = canonical({**envelope, "fields": dict(digests)})
    return body, sha256(salt + body), sm3(salt + body)


def leaf(c_sha256: bytes, c_sm3: bytes) -> bytes:
    """The blind 65-byte leaf: version byte and both commitments."""
    return b"\x01" + c_sha256 + c_sm3
