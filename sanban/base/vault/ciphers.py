"""The two authenticated ciphers: AES-256-GCM, and SM4-GCM for houses under the 国密 profile (GB/T 32907, RFC 8998).

A box is version, algorithm, a 12-byte random nonce, and the encrypted body with its 16-byte tag. What it is bound to
(level, table, object, field, version) is not in it: in another place, or under another level, it does not open.
Where the same body in the same place must always give the same box, the nonce is made of both (`seal_same`).
"""

import hmac
import os
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION: Final = 1
AES, SM4 = 1, 2
NAMES: Final = {AES: "AES-256-GCM", SM4: "SM4-GCM"}
KEY_BYTES: Final = {AES: 32, SM4: 16}
_NONCE, _TAG = 12, 16


class Spoiled(ValueError):
    """A box that does not open: altered, moved to another place or level, or of another key."""


class Sealer(Protocol):
    """A key ready for use."""

    algorithm: int

    def seal(self, body: bytes, bound: bytes) -> bytes: ...
    def seal_same(self, body: bytes, bound: bytes) -> bytes: ...
    def open(self, box: bytes, bound: bytes) -> bytes: ...
    def mark(self, purpose: bytes, data: bytes) -> bytes: ...


class _Marker:
    """What is made of a key besides boxes: marks, under a key of their own that is derived from it."""

    _digest = "sha256"

    def __init__(self, key: bytes) -> None:
        self._marking = hmac.digest(key, b"sanban marks 1", self._digest)

    def mark(self, purpose: bytes, data: bytes) -> bytes:
        """HMAC of the data for this purpose, 32 bytes."""
        return hmac.digest(self._marking, bytes([len(purpose)]) + purpose + data, self._digest)

    def _nonce_of(self, body: bytes, bound: bytes) -> bytes:
        return self.mark(b"nonce", len(bound).to_bytes(4, "big") + bound + body)[:_NONCE]


class AesSealer(_Marker):
    """AES-256-GCM."""

    algorithm = AES
    _head = bytes([VERSION, AES])

    def __init__(self, key: bytes) -> None:
        super().__init__(key)
        self._key = AESGCM(key)

    def seal(self, body: bytes, bound: bytes) -> bytes:
        """The box of a body in its place."""
        return self._sealed(os.urandom(_NONCE), body, bound)

    def seal_same(self, body: bytes, bound: bytes) -> bytes:
        """The box that this body in this place always has."""
        return self._sealed(self._nonce_of(body, bound), body, bound)

    def _sealed(self, nonce: bytes, body: bytes, bound: bytes) -> bytes:
        return self._head + nonce + self._key.encrypt(nonce, body, bound)

    def open(self, box: bytes, bound: bytes) -> bytes:
        """The body again. Spoiled when anything differs."""
        nonce, body = _parts(box, self._head)
        try:
            return self._key.decrypt(nonce, body, bound)
        except InvalidTag:
            raise Spoiled("does not open in this place") from None


class Sm4Sealer(_Marker):
    """SM4-GCM, 128-bit key; its marks are HMAC-SM3."""

    algorithm = SM4
    _head = bytes([VERSION, SM4])
    _digest = "sm3"

    def __init__(self, key: bytes) -> None:
        super().__init__(key)
        self._key = algorithms.SM4(key)

    def seal(self, body: bytes, bound: bytes) -> bytes:
        """The box of a body in its place."""
        return self._sealed(os.urandom(_NONCE), body, bound)

    def seal_same(self, body: bytes, bound: bytes) -> bytes:
        """The box that this body in this place always has."""
        return self._sealed(self._nonce_of(body, bound), body, bound)

    def _sealed(self, nonce: bytes, body: bytes, bound: bytes) -> bytes:
        work = Cipher(self._key, modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(bound)
        return self._head + nonce + work.update(body) + work.finalize() + work.tag

    def open(self, box: bytes, bound: bytes) -> bytes:
        """The body again. Spoiled when anything differs."""
        nonce, body = _parts(box, self._head)
        work = Cipher(self._key, modes.GCM(nonce, body[-_TAG:])).decryptor()
        work.authenticate_additional_data(bound)
        try:
            return work.update(body[:-_TAG]) + work.finalize()
        except InvalidTag:
            raise Spoiled("does not open in this place") from None


def sealer(algorithm: int, key: bytes) -> Sealer:
    """The cipher of this number with this key. Spoiled for a number or a length that there is not."""
    if len(key) != KEY_BYTES.get(algorithm):
        raise Spoiled("no such algorithm, or a key of another length")
    return AesSealer(key) if algorithm == AES else Sm4Sealer(key)


def _parts(box: bytes, head: bytes) -> tuple[bytes, bytes]:
    if box[:2] != head or len(box) < 2 + _NONCE + _TAG:
        raise Spoiled("is not a box of this cipher")
    return box[2 : 2 + _NONCE], box[2 + _NONCE :]
