"""Sealing content for where it lies, and opening it there again: what the ledger and the files call.

Public content is not encrypted; its integrity is the ledger's. Internal content has a key an office and month, a work
secret a key an object (LEDGER.md, 5.9).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from sanban.base.vault.ciphers import AES, SM4
from sanban.base.vault.keyring import Keyring
from sanban.base.vault.provider import INTERNAL, SECRET, FileKeys
from sanban.base.vault.wrapping import Above

PROFILES: Final = {"aes": AES, "sm4": SM4}
RING: Final = "keyring.sqlite3"
BLIND: Final = f"{SECRET}/blind/0"
"""The scope of the key of the blind index."""
BLIND_LENGTH: Final = 32


def keyring() -> Keyring:
    """The keyring of this house."""
    return _keyring(settings.SANBAN_VAR, settings.SANBAN_KEY_SHARES, settings.SANBAN_CIPHER)


@lru_cache(maxsize=8)
def _keyring(home: Path, shares: tuple[Path, ...], profile: str) -> Keyring:
    return Keyring(home / RING, _above(home, shares, profile))


def _above(home: Path, shares: tuple[Path, ...], profile: str) -> Above:
    folder, algorithm = home / "keys", PROFILES[profile]
    custodians = shares or (folder / "custodian-1", folder / "custodian-2")
    return Above(FileKeys(folder, custodians, algorithm), algorithm)


def prepare() -> None:
    """Make the first keys of both levels, before the processes of a house begin. Locked when a share is missing."""
    for level in (INTERNAL, SECRET):
        _above(settings.SANBAN_VAR, settings.SANBAN_KEY_SHARES, settings.SANBAN_CIPHER).newest(level)


def scope_of(level: int, stream: str, object_id: int, office: int | None, at: datetime) -> str:
    """Which key content of this level falls under; empty for public content, which has none."""
    if level >= SECRET:
        return f"{SECRET}/{stream}/{object_id}"
    return f"{INTERNAL}/{office or 0}/{at:%Y%m}" if level == INTERNAL else ""


def seal(scope: str, body: bytes, place: str) -> tuple[str, bytes]:
    """The body as it may lie there: the id of the key, empty for none, and the box. Locked without the key above."""
    if not scope:
        return "", body
    key_id, key = keyring().for_sealing(scope, int(scope[0]))
    return key_id, key.seal(body, place.encode())


def seal_same(scope: str, body: bytes, place: str) -> tuple[str, bytes]:
    """As `seal`, and the same body in the same place gives the same box as long as the scope has the same key."""
    key_id, key = keyring().for_sealing(scope, int(scope[0]))
    return key_id, key.seal_same(body, place.encode())


def blind(words: Iterable[str]) -> list[str]:
    """Marks of words that only this house can make: by them work secrets are found, and nobody reads them."""
    _key_id, key = keyring().for_sealing(BLIND, SECRET)
    return [key.mark(b"word", word.encode()).hex()[:BLIND_LENGTH] for word in words]


def opener() -> Callable[[str, bytes, str], bytes]:
    """`unseal` for many boxes: whether a key was destroyed meanwhile is looked for once."""
    found = keyring().opener()
    return lambda key_id, box, place: found(key_id).open(box, place.encode()) if key_id else box


def unseal(key_id: str, box: bytes, place: str) -> bytes:
    """The body again. Gone when its key was destroyed, Spoiled when it was altered, moved or labelled anew."""
    return keyring().for_opening(key_id).open(box, place.encode()) if key_id else box
