"""A stream under AES-256-GCM: pieces of a mebibyte, each bound to its place, so that none is lost, moved or cut off."""

import os
from typing import Any, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC: Final = b"sanban-backup/1\n"
PIECE: Final = 1024 * 1024
_SALT = 32


class Spoiled(ValueError):
    """Not a box of ours, another key, or altered; the message says which."""


class _Lock:
    """The cipher of one box, piece after piece."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self.salt, self.count = salt, 0
        self.cipher = AESGCM(HKDF(SHA256(), 32, salt, MAGIC).derive(key))

    def turn(self, *, last: bool) -> tuple[bytes, bytes]:
        """Nonce of the next piece, and what it is bound to."""
        place = self.count.to_bytes(11, "big") + bytes([last])
        self.count += 1
        return place, MAGIC + self.salt + place


class Writer:
    """A file to write into; what comes out at `target` is encrypted. Close it, or the end is missing."""

    def __init__(self, target: BinaryIO, key: bytes) -> None:
        salt = os.urandom(_SALT)
        self._target, self._lock, self._held = target, _Lock(key, salt), bytearray()
        target.write(MAGIC + salt)

    def write(self, data: Any) -> int:
        """Take bytes in."""
        self._held += data
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def close(self) -> None:
        """Write the last piece."""
        self._put(bytes(self._held), last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        nonce, bound = self._lock.turn(last=last)
        body = self._lock.cipher.encrypt(nonce, piece, bound)
        self._target.write(len(body).to_bytes(4, "big") + bytes([last]) + body)


class Reader:
    """A file to read from; Spoiled as soon as a piece does not open."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        head = source.read(len(MAGIC) + _SALT)
        if not head.startswith(MAGIC) or len(head) != len(MAGIC) + _SALT:
            raise Spoiled("不是本系统的备份文件")
        self._source, self._lock = source, _Lock(key, head[len(MAGIC) :])
        self._held, self._ended = bytearray(), False

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or fewer at the end."""
        while not self._ended and (size < 0 or len(self._held) < size):
            self._held += self._next()
        take = len(self._held) if size < 0 else size
        made = bytes(self._held[:take])
        del self._held[:take]
        return made

    def _next(self) -> bytes:
        head = self._source.read(5)
        if len(head) < 5:
            raise Spoiled("备份文件不完整，末尾缺失")
        size, last = int.from_bytes(head[:4], "big"), bool(head[4])
        nonce, bound = self._lock.turn(last=last)
        try:
            piece = self._lock.cipher.decrypt(nonce, self._source.read(size), bound)
        except InvalidTag:
            raise Spoiled("密钥不对，或备份文件被改动") from None
        self._ended = last
        if last and self._source.read(1):
            raise Spoiled("备份文件末尾多出内容")
        return piece
