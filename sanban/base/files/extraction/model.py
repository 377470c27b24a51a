"""What a reader gives back, the bounds it works within, and how it says no."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one file may cost; beyond any of these figures it is refused, never cut short."""

    file_bytes: int = 50 * MIB
    text_chars: int = 5_000_000
    pages: int = 3_000
    zip_entries: int = 5_000
    zip_bytes: int = 300 * MIB
    cpu_seconds: int = 20
    wall_seconds: int = 30
    memory_bytes: int = 1024 * MIB


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters start (inclusive) to end (exclusive) of the text come from this one place of the file.

    `source` is one of `line:N`, `page:N`, `paragraph:N`, `box:N` (the Nth paragraph inside text boxes),
    `cell:TABLE:ROW:COLUMN` (all from 1, the column counted on the table's grid) and `node:PATH`.
    """

    start: int
    end: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """The canonical text of a file, and the map from its characters back to the file.

    `gaps` names the places where nothing could be read (a scanned page among typed ones).
    """

    text: str
    kind: str
    map: tuple[Segment, ...]
    encoding: str = ""
    pages: int = 0
    gaps: tuple[str, ...] = ()

    def source_at(self, offset: int) -> str:
        """The place the character at this offset comes from; empty for a separator the reader put in."""
        low, high = 0, len(self.map)
        while low < high:
            middle = (low + high) // 2
            if self.map[middle].end <= offset:
                low = middle + 1
            else:
                high = middle
        if low < len(self.map) and self.map[low].start <= offset:
            return self.map[low].source
        return ""


class Unreadable(Exception):
    """A reader's refusal: a code, the reason within it, and the facts for the sentence shown."""

    def __init__(self, code: str, reason: str = "", **facts: str | int) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason
        self.facts = facts


class TextBuilder:
    """Joins pieces into one text while noting where each piece begins and ends."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[str] = []
        self._segments: list[Segment] = []
        self._length = 0

    @property
    def length(self) -> int:
        """Characters written so far."""
        return self._length

    def add(self, piece: str, source: str = "") -> None:
        """Write a piece; a piece without a source is a separator of the reader's own."""
        if not piece:
            return
        start, self._length = self._length, self._length + len(piece)
        if self._length > self._limit:
            raise Unreadable("too_large", "text", limit=self._limit)
        self._parts.append(piece)
        if source:
            self._segments.append(Segment(start, self._length, source))

    def ends_line(self) -> bool:
        """Whether the next piece would stand at the beginning of a line."""
        return not self._parts or self._parts[-1].endswith("\n")

    def text(self) -> str:
        """Everything written."""
        return "".join(self._parts)

    def segments(self) -> tuple[Segment, ...]:
        """The map, in the order of the text."""
        return tuple(self._segments)
