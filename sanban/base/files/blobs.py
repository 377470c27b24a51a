"""Bytes kept encrypted under their own digest, through Django's storage interface: disk by default, or S3.

`STORAGES["files"]` names another storage; without it the files lie under SANBAN_VAR/files.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

from sanban.base import clock
from sanban.base.access.actor import INTERNAL, SECRET
from sanban.base.vault import boxes
from sanban.base.vault.ciphers import Spoiled
from sanban.base.vault.keyring import Gone

_MAGIC: Final = b"\0box1"


class Damaged(Exception):
    """What the storage gave back is not what was put in."""


@lru_cache(maxsize=4)
def _on_disk(folder: str) -> FileSystemStorage:
    return FileSystemStorage(
        location=folder, file_permissions_mode=0o600, directory_permissions_mode=0o700, base_url=None
    )


def storage() -> Storage:
    """Where the blobs lie."""
    if "files" in settings.STORAGES:
        return storages["files"]
    return _on_disk(str(Path(settings.SANBAN_VAR) / "files"))


def _place(sha256: str, level: int = INTERNAL) -> str:
    shelf = "secret/" if level == SECRET else ""
    return f"{shelf}{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(data: bytes) -> str:
    """Keep these bytes, encrypted; the same bytes are kept once. Returns their SHA-256.

    What level they are of is not known yet: they lie as internal content until `keep_secret`.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if not any(storage().exists(_place(sha256, level)) for level in (INTERNAL, SECRET)):
        _lay(sha256, data, INTERNAL, f"{INTERNAL}/blob/{clock.now():%Y%m}")
    return sha256


def keep_secret(sha256: str) -> None:
    """From now on these bytes lie under a key of their own, which two custodians hold."""
    if sha256 and not storage().exists(_place(sha256, SECRET)):
        _lay(sha256, get(sha256), SECRET, f"{SECRET}/blob/{int(sha256[:15], 16)}")
        storage().delete(_place(sha256))


def _lay(sha256: str, data: bytes, level: int, scope: str) -> None:
    key_id, box = boxes.seal(scope, data, _bound(sha256, level))
    place, shelf = _place(sha256, level), storage()
    kept = shelf.save(place, ContentFile(_MAGIC + bytes([len(key_id)]) + key_id.encode() + box))
    if kept != place:  # another process was faster: its copy stays
        shelf.delete(kept)


def get(sha256: str) -> bytes:
    """The bytes again, checked against their digest. Locked while a custodian's share of a secret's key is missing."""
    level = SECRET if storage().exists(_place(sha256, SECRET)) else INTERNAL
    try:
        with storage().open(_place(sha256, level)) as blob:
            data = _opened(blob.read(), sha256, level)
    except (FileNotFoundError, Spoiled, Gone) as lost:
        raise Damaged(sha256) from lost
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Damaged(sha256)
    return data


def _opened(kept: bytes, sha256: str, level: int) -> bytes:
    """What lies there; houses from before have blobs that lie open."""
    if not kept.startswith(_MAGIC):
        return kept
    start = len(_MAGIC) + 1
    end = start + kept[start - 1]
    return boxes.unseal(kept[start:end].decode(), kept[end:], _bound(sha256, level))


def _bound(sha256: str, level: int) -> str:
    return f"{level}|blob|{sha256}"
