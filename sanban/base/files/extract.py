"""Text out of files: the one function the other rooms use, in bounded time and memory."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from typing import IO, Any

from sanban.base.files.extraction.model import DEFAULT_LIMITS, MIB, Extracted, Limits, Segment, Unreadable
from sanban.base.files.extraction.plain import read_plain
from sanban.base.files.refusals import ExtractionRefused
from sanban.base.files.sniff import TEXT_KINDS, Sniffed, sniff

__all__ = ["DEFAULT_LIMITS", "Extracted", "ExtractionRefused", "Limits", "Segment", "check_size", "extract"]

_WORKER = "sanban.base.files.extraction.worker"
_NAMED_FORMATS = frozenset({"doc", "ofd", "unknown", "zip"})


def extract(data: bytes, filename: str, *, limits: Limits = DEFAULT_LIMITS) -> Extracted:
    """The canonical text of a txt, html, docx or pdf file, with the map of its characters to their places.

    A plain text file is its own text, unchanged. Raises ExtractionRefused for every file that gives no text.
    """
    try:
        check_size(data, limits)
        found = sniff(data, filename)
        if found.kind == "encrypted":
            raise Unreadable("encrypted")
        if found.kind not in TEXT_KINDS:
            raise _unsupported(found)
        if found.kind == "txt":
            return read_plain(data, found.encoding, limits)
        return _in_child(data, found, limits)
    except Unreadable as no:
        raise ExtractionRefused(no.code, no.reason, **{**no.facts, "name": filename}) from no


def check_size(data: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
    """An empty file and one above the limit are turned away before anything reads them."""
    if not data:
        raise Unreadable("empty")
    if len(data) > limits.file_bytes:
        size = -(-len(data) // MIB)
        raise Unreadable("too_large", size=size, limit=limits.file_bytes // MIB)


def _unsupported(found: Sniffed) -> Unreadable:
    if found.kind in {"png", "jpg"}:
        return Unreadable("image_only")
    return Unreadable("unsupported", found.kind if found.kind in _NAMED_FORMATS else "", found=found.kind)


def _in_child(data: bytes, found: Sniffed, limits: Limits) -> Extracted:
    """Read in a process of its own: a hostile file can spoil nothing but that process."""
    command = [sys.executable, "-m", _WORKER, found.kind, found.encoding, json.dumps(asdict(limits))]
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as result:
        source.write(data)
        source.seek(0)
        try:
            done = subprocess.run(
                command, stdin=source, stdout=result, stderr=subprocess.DEVNULL,
                env=_bare_environment(), timeout=limits.wall_seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            raise Unreadable("too_large", "time", seconds=limits.wall_seconds) from late
        return _understood(done.returncode, result, limits)


def _bare_environment() -> dict[str, str]:
    """Only what Python needs to start: no database address, no key reaches the process that reads the file."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(entry or os.getcwd() for entry in sys.path),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _understood(returncode: int, result: IO[bytes], limits: Limits) -> Extracted:
    """The child's answer. A child stopped for its time is a file too large; one that fell, a file broken."""
    if returncode in (-24, -9):
        raise Unreadable("too_large", "time", seconds=limits.cpu_seconds)
    result.seek(0)
    try:
        answer: dict[str, Any] = json.load(result)
    except ValueError as bad:
        raise Unreadable("broken") from bad
    if "code" in answer:
        raise Unreadable(answer["code"], answer["reason"], **answer["facts"])
    return Extracted(
        text=answer["text"],
        kind=answer["kind"],
        map=tuple(Segment(start, end, source) for start, end, source in answer["map"]),
        encoding=answer["encoding"],
        pages=answer["pages"],
        gaps=tuple(answer["gaps"]),
    )
