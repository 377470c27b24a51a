"""What a file is, judged by its content; the name only decides what the content leaves open."""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import filetype

TEXT_KINDS: Final = frozenset({"txt", "html", "docx", "pdf"})
"""Kinds whose text can be read."""

MEDIA_TYPES: Final[dict[str, str]] = {
    "txt": "text/plain",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "png": "image/png",
    "jpg": "image/jpeg",
}
"""Kinds that may be stored; everything else is turned away."""

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ZIP_MARKS = (
    (b"word/document", "docx"),
    (b"xl/workbook", "xlsx"),
    (b"ppt/presentation", "pptx"),
    (b"OFD.xml", "ofd"),
)
_HTML_HEAD = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_TAG = re.compile(r"</?(?:html|head|body|div|p|table|span|meta|h[1-6])\b[^>]*>", re.I)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{2,20})", re.I)
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f\ufffe\uffff]")
_EXPECTED = re.compile(
    "[\t\n\r\x20-\x7e\u00b7\u00d7\u2010-\u2027\u2030\u203b\u2460-\u24ff\u2500-\u25ff\u3000-\u303f"
    "\u4e00-\u9fff\uff00-\uffef]"
)
_FREQUENT = re.compile("[，。、：；（）的一和在工作年月日\na-z ]")
_SAMPLE = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """The kind found by content: one of MEDIA_TYPES, `doc`, `encrypted`, `zip`, `empty` or a foreign kind.

    For text and web pages `encoding` says how the bytes were understood.
    """

    kind: str
    encoding: str = ""

    @property
    def media_type(self) -> str:
        """The media type to serve the file as; unknown kinds are plain bytes."""
        return MEDIA_TYPES.get(self.kind, "application/octet-stream")


def sniff(data: bytes, filename: str) -> Sniffed:
    """Name the kind of a file from its bytes."""
    if not data:
        return Sniffed(kind="empty")
    if b"%PDF-" in data[:1024]:
        return Sniffed(kind="pdf")
    if data.startswith(_OLE_MAGIC):
        return Sniffed(kind="encrypted" if _ENCRYPTED_PACKAGE in data else "doc")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Sniffed(kind=next((kind for mark, kind in _ZIP_MARKS if mark in data), "zip"))
    encoding = declared_encoding(data) or text_encoding(data)
    if encoding:
        return Sniffed(kind=_kind_of_text(data, encoding, filename), encoding=encoding)
    guessed = filetype.guess(data[:8192])
    return Sniffed(kind=str(guessed.extension) if guessed else "unknown")


def _kind_of_text(data: bytes, encoding: str, filename: str) -> str:
    head = data[:8192].decode(encoding, "ignore").lstrip("\ufeff")
    if _HTML_HEAD.match(head):
        return "html"
    if PurePath(filename).suffix.lower() in {".html", ".htm"} and _HTML_TAG.search(head):
        return "html"
    return "txt"


def declared_encoding(data: bytes) -> str:
    """The encoding a byte-order mark or a web page's own `meta` line declares, when the bytes bear it out."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return name if _is_text(data, name) else ""
    found = _META_CHARSET.search(data[:4096])
    if not found:
        return ""
    name = found.group(1).decode("ascii").lower()
    if name in {"gb2312", "gbk", "gb18030"}:
        name = "gb18030"
    try:
        return name if _is_text(data, name) else ""
    except LookupError:
        return ""


def text_encoding(data: bytes) -> str:
    """The encoding in which these bytes are readable text: UTF-8 when they are valid, else the likelier of
    GB 18030 and UTF-16 without a mark; empty when they are no text at all."""
    if _is_text(data, "utf-8"):
        return "utf-8"
    scored = [(_likeness(data, name), name) for name in ("gb18030", "utf-16-le", "utf-16-be")]
    score, best = max(scored, key=lambda pair: pair[0])
    return best if score >= 0.9 and _is_text(data, best) else ""


def _is_text(data: bytes, encoding: str) -> bool:
    try:
        text = data.decode(encoding)
    except UnicodeError:
        return False
    return _CONTROL.search(text.rstrip("\x1a")) is None


def _likeness(data: bytes, encoding: str) -> float:
    """Share of characters a Chinese office text is made of, lifted a little by its commonest ones."""
    if encoding.startswith("utf-16") and len(data) % 2:
        return 0.0
    text = data[:_SAMPLE].decode(encoding, "replace")
    if not text:
        return 0.0
    return len(_EXPECTED.findall(text)) / len(text) + len(_FREQUENT.findall(text)) / len(text) / 10
