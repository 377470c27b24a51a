"""The house's signing keys, by purpose, each in a file of its own that only the operator's account may read.

A purpose has one key at a time and, for thirty days after a change, the one before it: both sign, so that whoever
knows only the old one can follow (LEDGER.md, 5.6). What keys there were is in the ledger and in `LedgerKey`, for ever.
"""

import hashlib
import os
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from sanban.base.ledger.tlog import notes, sm2
from sanban.base.vault.ciphers import KEY_BYTES, SM4, Sealer, Spoiled, sealer
from sanban.base.vault.keyfiles import read_or_make

BOTH_SIGN_FOR: Final = timedelta(days=30)
_ENDINGS: Final = {notes.ED25519: "pem", notes.SM2: "sm2"}
_SALT: Final = 16


def note_purpose(log: str, suite: str) -> str:
    """The purpose of the key that signs one tree of a log: no two trees share a key."""
    return f"note-{log}-{suite}"


class KeyProvider(Protocol):
    """Where signing keys live: files here, a device elsewhere. The newest key of a purpose comes first."""

    def signing_keys(self, purpose: str, first: str = notes.ED25519) -> Sequence[notes.PrivateKey]: ...
    def add_key(self, purpose: str, suite: str = notes.ED25519) -> notes.PrivateKey: ...


class FileKeys:
    """Keys as files (mode 0600) in a folder: `<purpose>.<n>.pem` of Ed25519, `<purpose>.<n>.sm2` of SM2.

    With SANBAN_KEY_PASSPHRASE set the files are encrypted. Missing when a key is SM2 and the extra is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def signing_keys(self, purpose: str, first: str = notes.ED25519) -> list[notes.PrivateKey]:
        """All keys of this purpose, newest first; when there is none, one of the suite `first` is made.

        PermissionError when others may read a file of one.
        """
        there = self._there(purpose) or [(1, first)]
        return [self._key(purpose, number, suite) for number, suite in reversed(there)]

    def add_key(self, purpose: str, suite: str = notes.ED25519) -> notes.PrivateKey:
        """A new key of this purpose beside those there are."""
        last = max((number for number, _suite in self._there(purpose)), default=0)
        return self._key(purpose, last + 1, suite)

    def _there(self, purpose: str) -> list[tuple[int, str]]:
        """Number and suite of each key of a purpose, oldest first."""
        suites = {ending: suite for suite, ending in _ENDINGS.items()}
        names = (path.name.split(".") for path in self.folder.glob(f"{purpose}.*.*"))
        return sorted(
            (int(part[1]), suites[part[2]])
            for part in names
            if len(part) == 3 and part[1].isdecimal() and part[2] in suites
        )

    def _key(self, purpose: str, number: int, suite: str) -> notes.PrivateKey:
        path = self.folder / f"{purpose}.{number}.{_ENDINGS[suite]}"
        secret = os.environ.get("SANBAN_KEY_PASSPHRASE", "").encode()
        return _sm2(path, secret) if suite == notes.SM2 else _ed25519(path, secret or None)


def _ed25519(path: Path, secret: bytes | None) -> Ed25519PrivateKey:
    guard: KeySerializationEncryption = BestAvailableEncryption(secret) if secret else NoEncryption()
    body = read_or_make(
        path,
        lambda: Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, guard),
    )
    key = load_pem_private_key(body, password=secret)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path.name} is not an Ed25519 key")
    return key


def _sm2(path: Path, secret: bytes) -> sm2.PrivateKey:
    """The bytes of the key; with a passphrase a salt, and the key sealed by SM4-GCM under what scrypt makes of both."""

    def make() -> bytes:
        key, salt = sm2.PrivateKey.generate().private_bytes_raw(), os.urandom(_SALT)
        return salt + _under(secret, salt).seal(key, path.name.encode()) if secret else key

    if not sm2.ready():
        raise sm2.Missing(sm2.MEND)
    body = read_or_make(path, make)
    if len(body) != sm2.PRIVATE_BYTES:
        try:
            body = _under(secret, body[:_SALT]).open(body[_SALT:], path.name.encode())
        except Spoiled as spoiled:
            raise ValueError(f"{path.name} does not open with SANBAN_KEY_PASSPHRASE") from spoiled
    return sm2.PrivateKey.from_bytes(body)


@lru_cache(maxsize=8)
def _under(secret: bytes, salt: bytes) -> Sealer:
    """Kept, because it is slow by intent and heads are signed every second."""
    made = hashlib.scrypt(secret, salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=KEY_BYTES[SM4])
    return sealer(SM4, made)


def keys() -> KeyProvider:
    """The keys of this house."""
    return FileKeys(settings.SANBAN_VAR / "keys")
