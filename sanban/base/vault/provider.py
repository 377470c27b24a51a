"""The keys that encrypt data keys, one line of versions a level. `Provider` is the door for a PKCS#11 module or a
GM/T 0018 device; the default keeps files that only this account may read.

The key of work secrets is never one file: two custodians hold a share each, on media of their own, and the key is both
together. One share says nothing about it.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from sanban.base.vault.ciphers import KEY_BYTES, Spoiled
from sanban.base.vault.keyfiles import read, read_or_make

INTERNAL, SECRET = 1, 2
SHARES: Final = 2


class Locked(Exception):
    """The key of this level is not to be had now: a custodian's share is missing."""


class Provider(Protocol):
    """Where key-encryption keys come from."""

    def newest(self, level: int) -> int: ...
    def key(self, level: int, version: int) -> bytes: ...
    def add(self, level: int) -> int: ...
    def drop(self, level: int, version: int) -> None: ...


class FileKeys:
    """Files `internal-1.kek`; for secrets `secret-1.share` in each custodian's folder. Versions count from 1."""

    def __init__(self, folder: Path, custodians: Sequence[Path], algorithm: int) -> None:
        if len(custodians) != SHARES:
            raise Locked("工作秘密的密钥由两位保管人各持一份，请指定两个存放位置（SANBAN_KEY_SHARES）。")
        self._folder, self._custodians, self._size = folder, tuple(custodians), KEY_BYTES[algorithm]

    def newest(self, level: int) -> int:
        """The newest version of a level; the first is made when there is none. Locked when a share is missing."""
        held = [max(_versions(place.parent, place.name), default=0) for place in self._places(level)]
        if not any(held):
            return self.add(level)
        if len(set(held)) > 1:
            raise Locked(_MISSING)
        return held[0]

    def key(self, level: int, version: int) -> bytes:
        """This version. Locked when a share is missing."""
        try:
            parts = [read(place.with_name(place.name % version)) for place in self._places(level)]
        except FileNotFoundError:
            raise Locked(_MISSING) from None
        made = bytes(len(parts[0]))
        for part in parts:
            if len(part) != len(made):
                raise Spoiled("两份密钥长度不同")
            made = bytes(one ^ other for one, other in zip(made, part, strict=True))
        return made

    def add(self, level: int) -> int:
        """Make the next version; the shares of a secret key are made apart and never joined on a disk."""
        places = self._places(level)
        version = 1 + max((max(_versions(p.parent, p.name), default=0) for p in places), default=0)
        for place in places:
            read_or_make(place.with_name(place.name % version), lambda: os.urandom(self._size))
        return version

    def drop(self, level: int, version: int) -> None:
        """Overwrite and remove a version that encrypts nothing any more."""
        for place in self._places(level):
            gone = place.with_name(place.name % version)
            if gone.exists():
                gone.write_bytes(os.urandom(gone.stat().st_size))
                gone.unlink()

    def _places(self, level: int) -> list[Path]:
        if level == SECRET:
            return [folder / "secret-%d.share" for folder in self._custodians]
        return [self._folder / "internal-%d.kek"]


_MISSING: Final = "工作秘密的密钥未解锁：两位保管人的密钥份额须同时在场。请插入缺少的一份后重试。"


def _versions(folder: Path, pattern: str) -> list[int]:
    before, after = pattern.split("%d")
    names = [path.name for path in folder.glob(pattern.replace("%d", "*"))]
    return [int(part) for name in names if (part := name[len(before) : -len(after)]).isdigit()]
