"""Bytes kept under their own digest, through Django's storage interface: disk by default, S3 by configuration.

`STORAGES["files"]` names another storage; without it the files lie under SANBAN_VAR/files.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages


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


def _place(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(data: bytes) -> str:
    """Keep these bytes; the same bytes are kept once. Returns their SHA-256."""
    sha256 = hashlib.sha256(data).hexdigest()
    place, shelf = _place(sha256), storage()
    if not shelf.exists(place):
        kept = shelf.save(place, ContentFile(data))
        if kept != place:  # another process was faster: its copy stays
            shelf.delete(kept)
    return sha256


def get(sha256: str) -> bytes:
    """The bytes again, checked against their digest."""
    try:
        with storage().open(_place(sha256)) as blob:
            data: bytes = blob.read()
    except FileNotFoundError as lost:
        raise Damaged(sha256) from lost
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Damaged(sha256)
    return data
