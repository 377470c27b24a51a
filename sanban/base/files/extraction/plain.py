"""Plain text: the characters of the file as they stand."""

import re

from sanban.base.files.extraction.model import Extracted, Limits, TextBuilder, Unreadable

_BREAK = re.compile(r"\r\n|\r|\n")


def read_plain(data: bytes, encoding: str, limits: Limits) -> Extracted:
    """The file's own text, unchanged (a byte-order mark is not text); every line that is not empty is a segment."""
    text = data.decode(encoding)
    if len(text) > limits.text_chars:
        raise Unreadable("too_large", "text", limit=limits.text_chars)
    if not text.strip():
        raise Unreadable("empty", "no_text")
    builder = TextBuilder(limits.text_chars)
    position, number = 0, 1
    for found in _BREAK.finditer(text):
        builder.add(text[position : found.start()], f"line:{number}")
        builder.add(found.group())
        position, number = found.end(), number + 1
    builder.add(text[position:], f"line:{number}")
    return Extracted(text=builder.text(), kind="txt", map=builder.segments(), encoding=encoding)
