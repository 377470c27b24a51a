"""The house's signing keys, by purpose, each in a file of its own that only the operator's account may read.

A purpose has one key at a time and, for thirty days after a change, the one before it: both sign, so that whoever
knows only the old one can follow (LEDGER.md, 5.6). What keys there were is in the ledger and in `LedgerKey`, for ever.
"""

import os
from collections.abc import Sequence
from datetime import timedelta
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

from sanban.base.vault.keyfiles import read_or_make

BOTH_SIGN_FOR: Final = timedelta(days=30)


def note_purpose(log: str, suite: str) -> str:
    """The purpose of the key that signs one tree of a log: no two trees share a key."""
    return f"note-{log}-{suite}"


class KeyProvider(Protocol):
    """Where signing keys live: files here, a device elsewhere. The newest key of a purpose comes first."""

    def signing_keys(self, purpose: str) -> Sequence[Ed25519PrivateKey]: ...
    def add_key(self, purpose: str) -> Ed25519PrivateKey: ...


class FileKeys:
    """Keys as PEM files (mode 0600, `<purpose>.<n>.pem`) in a folder; the first of a purpose is made when asked for.

    With SANBAN_KEY_PASSPHRASE set the files are encrypted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def signing_keys(self, purpose: str) -> list[Ed25519PrivateKey]:
        """All keys of this purpose, newest first. PermissionError when others may read a file of one."""
        numbers = self._numbers(purpose) or [1]
        return [self._key(purpose, n) for n in reversed(numbers)]

    def add_key(self, purpose: str) -> Ed25519PrivateKey:
        """A new key of this purpose beside those there are."""
        return self._key(purpose, max(self._numbers(purpose), default=0) + 1)

    def _numbers(self, purpose: str) -> list[int]:
        names = (path.name.split(".") for path in self.folder.glob(f"{purpose}.*.pem"))
        return sorted(int(parts[1]) for parts in names if len(parts) == 3 and parts[1].isdecimal())

    def _key(self, purpose: str, number: int) -> Ed25519PrivateKey:
        path = self.folder / f"{purpose}.{number}.pem"
        secret = os.environ.get("SANBAN_KEY_PASSPHRASE", "").encode() or None
        guard: KeySerializationEncryption = BestAvailableEncryption(secret) if secret else NoEncryption()
        body = read_or_make(
            path,
            lambda: Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, guard),
        )
        key = load_pem_private_key(body, password=secret)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{path.name} is not an Ed25519 key")
        return key


def keys() -> KeyProvider:
    """The keys of this house."""
    return FileKeys(settings.SANBAN_VAR / "keys")
