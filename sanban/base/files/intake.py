"""Taking bytes in, before any act: check, read, digest, store. Slow work, so it is done outside transactions.

received = receive(data, name)                                  # may raise ExtractionRefused
file_id = actions.upload(actor=actor, received=received, level=1)
sweep.scan_version(version_id=...)                              # or leave it to the clock
"""

import hashlib
import json
import zlib
from dataclasses import dataclass

from django.conf import settings

from sanban.base.files import blobs
from sanban.base.files.extract import DEFAULT_LIMITS, Extracted, ExtractionRefused, Limits, Segment, extract
from sanban.base.files.extraction.model import MIB
from sanban.base.files.rules import READABLE, safe_name, secret_mark
from sanban.base.files.sniff import MEDIA_TYPES, sniff

_KEPT_WITHOUT_TEXT = frozenset(
    {"empty/no_text", "image_only/", "image_only/pdf", "image_only/word", "image_only/web"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that was taken in and stored, and what is known of it."""

    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    sm3: str
    encoding: str
    pages: int
    gaps: tuple[str, ...]
    text_state: str
    text_length: int
    text_sha256: str


def limits() -> Limits:
    """The bounds in force: the house's, or a smaller or larger file by SANBAN_FILE_MAX_MB."""
    most = getattr(settings, "SANBAN_FILE_MAX_MB", 0)
    return Limits(file_bytes=int(most) * MIB) if most else DEFAULT_LIMITS


def receive(data: bytes, name: str, *, need_text: bool = False) -> Received:
    """Check, read and store a file. Empty, over-large, encrypted, broken and foreign files are refused always;
    pictures and scans only where the text is needed (`need_text`), for as evidence they are welcome."""
    name = safe_name(name)
    found = sniff(data, name)
    text, text_state = _read(data, name, found.kind, need_text)
    mark = secret_mark(text.text) if text else ""
    if mark:
        raise ExtractionRefused("unsupported", "secret_mark", name=name, found=mark)
    return Received(
        name=name,
        kind=found.kind,
        media_type=found.media_type,
        size=len(data),
        sha256=blobs.put(data),
        sm3=hashlib.new("sm3", data).hexdigest(),
        encoding=found.encoding,
        pages=text.pages if text else 0,
        gaps=text.gaps if text else (),
        text_state=text_state,
        text_length=len(text.text) if text else 0,
        text_sha256=blobs.put(pack(text)) if text else "",
    )


def _read(data: bytes, name: str, kind: str, need_text: bool) -> tuple[Extracted | None, str]:
    try:
        return extract(data, name, limits=limits()), READABLE
    except ExtractionRefused as no:
        reason = f"{no.code}/{no.reason}"
        storable = reason in _KEPT_WITHOUT_TEXT or (no.code == "unsupported" and kind in MEDIA_TYPES)
        if need_text or not storable:
            raise
        return None, reason


def pack(text: Extracted) -> bytes:
    """Text and map as they are stored: compact, and the same bytes for the same text."""
    body = {
        "text": text.text,
        "kind": text.kind,
        "map": [[segment.start, segment.end, segment.source] for segment in text.map],
        "encoding": text.encoding,
        "pages": text.pages,
        "gaps": list(text.gaps),
    }
    return zlib.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack(blob: bytes) -> Extracted:
    """Text and map again."""
    body = json.loads(zlib.decompress(blob))
    return Extracted(
        text=body["text"],
        kind=body["kind"],
        map=tuple(Segment(start, end, source) for start, end, source in body["map"]),
        encoding=body["encoding"],
        pages=body["pages"],
        gaps=tuple(body["gaps"]),
    )
