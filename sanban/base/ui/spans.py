"""Text with highlighted findings: the left pane of the reader."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

FOCUS = mark_safe(' tabindex="0"')


class Span(NamedTuple):
    """A finding: characters `start` to `end` of the text, its colour class and its reading for the ear."""

    start: int
    end: int
    kind: str = ""
    label: str = ""


def marked(text: str, found: Iterable[Span]) -> SafeString:
    """Cut the text where findings begin and end; each covered piece is a `mark` that knows its offsets.

    Offsets count characters of the text as given. Findings may overlap: the later one gives the colour.
    """
    usable = [s for s in found if 0 <= s.start < s.end <= len(text)]
    cuts = sorted({0, len(text), *(s.start for s in usable), *(s.end for s in usable)})
    pieces: list[tuple[str]] = []
    for start, end in pairwise(cuts):
        cover = [s for s in usable if s.start <= start and end <= s.end]
        piece = text[start:end]
        if not cover:
            pieces.append((piece,))
            continue
        top = cover[-1]
        kind = format_html(' class="{}"', top.kind) if top.kind else ""
        label = format_html(' title="{}"', top.label) if top.label else ""
        focus = FOCUS if any(s.start == start for s in cover) else ""
        pieces.append(
            (format_html('<mark data-span="{}-{}"{}{}{}>{}</mark>', start, end, kind, label, focus, piece),)
        )
    return format_html_join("", "{}", pieces)
