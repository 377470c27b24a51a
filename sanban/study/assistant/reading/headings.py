"""Heading grammar: a stack machine that turns numbered lines into a tree; restarts and skips are allowed and
noted."""

import re
from dataclasses import dataclass, field
from typing import Final

from .model import Role
from .signs import NUMERAL, number

_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_KINDS: Final[tuple[tuple[str, int, re.Pattern[str]], ...]] = (
    ("part", 10, re.compile(rf"第({NUMERAL}{{1,4}}|[0-9]{{1,3}})(?:编|篇|部分)(?=[\s、：]|[一-鿿])")),
    ("chapter", 20, re.compile(rf"第\s*({NUMERAL}{{1,4}}|[0-9]{{1,3}})\s*章")),
    ("section", 30, re.compile(rf"第\s*({NUMERAL}{{1,4}}|[0-9]{{1,3}})\s*节")),
    ("article", 50, re.compile(rf"第\s*({NUMERAL}{{1,5}}|[0-9]{{1,3}})\s*条(?!款|例|规定|的)")),
    ("comma", 40, re.compile(rf"({NUMERAL}{{1,4}})\s*[、.]")),
    ("bracket", 60, re.compile(rf"（\s*({NUMERAL}{{1,4}})\s*）[、.]?")),
    ("decimal4", 58, re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2}){2}\.([0-9]{1,2})[.、]?\s*(?=[一-鿿“《])")),
    ("decimal3", 56, re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.([0-9]{1,2})[.、]?\s*(?=[一-鿿“《])")),
    ("decimal2", 54, re.compile(r"[0-9]{1,2}\.([0-9]{1,2})[.、]?\s+(?=[一-鿿“《])")),
    ("decimal1", 52, re.compile(r"([0-9]{1,2})\s+(?=[一-鿿]{2,16}\s*(?:\n|$))")),
    ("arabic", 70, re.compile(r"([0-9]{1,3})\s*(?:[、]|\.(?![0-9]))")),
    ("arabic_bracket", 80, re.compile(r"（?\s*([0-9]{1,2})\s*）[、.]?")),
    ("circled", 90, re.compile(rf"([{_CIRCLED}])")),
    ("dash", 100, re.compile(r"(——|—|--|•|·|●|■|◆)(?=\S)")),
)
DECIMALS: Final = ("decimal1", "decimal2", "decimal3", "decimal4")
_SENTENCE_END: Final = re.compile(r"[。；！？]")
_TITLE_LENGTH: Final = 45
ROOT: Final = "root"
PLAIN: Final = "plain"


@dataclass(slots=True)
class Line:
    """A line without its blanks at both ends."""

    start: int
    end: int


@dataclass(slots=True)
class Node:
    """A heading with what stands under it. `body` begins after the title; `paragraphs` are its own lines below."""

    kind: str
    rank: int
    ordinal: int
    label: str
    start: int
    end: int
    body: int
    title: str = ""
    role: Role = "measure"
    note: str = ""
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)
    paragraphs: list[Line] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The labels from the top, joined by a stroke."""
        above = self.parent.path if self.parent else ""
        return f"{above}/{self.label}" if above and self.label else above or self.label

    @property
    def level(self) -> int:
        """How deep the heading stands; the paper itself is 0."""
        return self.parent.level + 1 if self.parent else 0


def lines_of(view: str, start: int = 0, end: int | None = None) -> list[Line]:
    """All lines that are not blank, trimmed, between two offsets."""
    stop = len(view) if end is None else end
    found: list[Line] = []
    position = start
    while position < stop:
        newline = view.find("\n", position, stop)
        newline = stop if newline < 0 else newline
        left, right = position, newline
        while left < right and view[left].isspace():
            left += 1
        while right > left and view[right - 1].isspace():
            right -= 1
        if left < right:
            found.append(Line(left, right))
        position = newline + 1
    return found


def _ordinal(kind: str, written: str) -> int:
    if kind == "circled":
        return _CIRCLED.index(written) + 1
    return 0 if kind == "dash" else number(written) or 0


def heading_at(view: str, line: Line) -> Node | None:
    """The heading a line begins with, or None for an ordinary paragraph."""
    for kind, rank, pattern in _KINDS:
        match = pattern.match(view, line.start, line.end)
        if match is None:
            continue
        title_end = _title_end(view, match.end(), line.end)
        label = match.group(1) + "." if kind == "arabic" else re.sub(r"\s", "", match.group()).rstrip("、.")
        title = view[match.end() : title_end].strip(" 。：")
        return Node(kind, rank, _ordinal(kind, match.group(1)), label, line.start, line.end, title_end, title)
    return None


def _title_end(view: str, start: int, end: int) -> int:
    """Where the title of a heading line ends: at its first full stop when that comes early, else nowhere."""
    stop = _SENTENCE_END.search(view, start, end)
    if stop is None:
        return end if end - start <= _TITLE_LENGTH else start
    if stop.start() - start <= _TITLE_LENGTH:
        return stop.end()
    return start


class Outline:
    """The stack machine: feed it lines in order, read the tree from `root`."""

    def __init__(self, start: int, label: str = "") -> None:
        """Begin a tree at an offset; a label names the part in every path below it."""
        self.root = Node(ROOT, 0, 0, label, start, start, start)
        self._stack = [self.root]

    def feed(self, view: str, line: Line, plain: Node | None = None) -> None:
        """Put one line into the tree: as a heading when it is one, else under the heading that is open."""
        node = plain or heading_at(view, line)
        if node is None:
            self._stack[-1].paragraphs.append(line)
        else:
            self._open(node)
        for open_node in self._stack:
            open_node.end = line.end

    def _open(self, node: Node) -> None:
        kinds = [open_node.kind for open_node in self._stack]
        if node.kind in kinds:
            previous = self._stack[kinds.index(node.kind)]
            del self._stack[kinds.index(node.kind) :]
            node.note = _order_note(previous.ordinal, node)
        elif node.ordinal != 1 or node.rank <= 58:
            while len(self._stack) > 1 and self._stack[-1].rank >= node.rank:
                self._stack.pop()
            node.note = "skip" if node.ordinal > 1 else ""
        node.parent = self._stack[-1]
        node.parent.children.append(node)
        self._stack.append(node)


def _order_note(previous: int, node: Node) -> str:
    if node.kind == "dash" or node.ordinal == previous + 1:
        return ""
    return "restart" if node.ordinal <= previous else "skip"
