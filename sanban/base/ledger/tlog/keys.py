"""The log's signing key, in a file of its own that only the operator's account may read."""

import os
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

NOTE: Final = "log-note"
"""The purpose of the key that signs checkpoints."""


class KeyProvider(Protocol):
    """Where signing keys live: a file here, a device elsewhere."""

    def signing_key(self, purpose: str) -> Ed25519PrivateKey: ...


class FileKeys:
    """Keys as PEM files (mode 0600) in a folder; one that is missing is made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def signing_key(self, purpose: str) -> Ed25519PrivateKey:
        """The key of this purpose. PermissionError when others may read its file."""
        path = self.folder / f"{purpose}.pem"
        if not path.exists():
            self._make(path)
        if path.stat().st_mode & 0o077:
            raise PermissionError(f"{path.name} may be read by others: chmod 600")
        key = load_pem_private_key(path.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{path.name} is not an Ed25519 key")
        return key

    def _make(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        body = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(body)
        except FileExistsError:
            return  # another process was first


def keys() -> KeyProvider:
    """The keys of this house."""
    return FileKeys(settings.SANBAN_VAR / "keys")
