"""The child process: a file on standard input, hard limits, the answer in JSON on standard output.

python -m sanban.base.files.extraction.worker KIND ENCODING LIMITS
"""

import json
import resource
import sys
from typing import Any

from sanban.base.files.extraction.model import MIB, Extracted, Limits, Unreadable
from sanban.base.files.extraction.paged import read_paged
from sanban.base.files.extraction.web import read_web
from sanban.base.files.extraction.word import read_word


def bind(limits: Limits) -> None:
    """Give this process its bounds; from here on the operating system keeps them."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 * MIB, 256 * MIB))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(kind: str, encoding: str, data: bytes, limits: Limits) -> Extracted:
    """Hand the bytes to the reader of their kind."""
    if kind == "docx":
        return read_word(data, limits)
    if kind == "pdf":
        return read_paged(data, limits)
    return read_web(data, encoding, limits)


def answer(kind: str, encoding: str, data: bytes, limits: Limits) -> dict[str, Any]:
    """What the parent gets to know: the text with its map, or the refusal."""
    try:
        found = read(kind, encoding, data, limits)
    except Unreadable as no:
        return {"code": no.code, "reason": no.reason, "facts": no.facts}
    except MemoryError:
        return {"code": "too_large", "reason": "memory", "facts": {}}
    return {
        "text": found.text,
        "kind": found.kind,
        "map": [[segment.start, segment.end, segment.source] for segment in found.map],
        "encoding": found.encoding,
        "pages": found.pages,
        "gaps": list(found.gaps),
    }


def main() -> None:
    """One file in, one answer out."""
    kind, encoding, bounds = sys.argv[1:4]
    limits = Limits(**json.loads(bounds))
    bind(limits)
    json.dump(answer(kind, encoding, sys.stdin.buffer.read(), limits), sys.stdout)


if __name__ == "__main__":
    main()
