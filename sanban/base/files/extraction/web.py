"""Web pages: the words a reader sees, one line a block, table cells parted by tabs."""

import re

from lxml import etree
from lxml import html as lxml_html

from sanban.base.files.extraction.model import Extracted, Limits, TextBuilder, Unreadable

_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl",
        "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "html", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
        "tfoot", "thead", "tr", "ul",
    }
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_SILENT = frozenset(
    {
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "object",
        "iframe",
        "svg",
        "select",
        "textarea",
        "button",
    }
)
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)


def read_web(data: bytes, encoding: str, limits: Limits) -> Extracted:
    """The visible text of a web page; every run of text points at the element it stands in."""
    source = data.decode(encoding).lstrip("\ufeff")
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(source.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as bad:
        raise Unreadable("broken", "markup") from bad
    page = _Page(TextBuilder(limits.text_chars), root.getroottree())
    page.walk(root)
    text = page.builder.text()
    if not text.strip():
        has_picture = next(root.iter("img", "canvas", "svg"), None) is not None
        raise Unreadable("image_only", "web") if has_picture else Unreadable("empty", "no_text")
    return Extracted(text=text, kind="html", map=page.builder.segments(), encoding=encoding)


class _Page:
    """Writes the runs of the page line by line; blanks collapse as a browser would collapse them."""

    def __init__(self, builder: TextBuilder, tree: "etree._ElementTree") -> None:
        self.builder = builder
        self._tree = tree
        self._owners: list[etree._Element] = []
        self._row_open = False
        self._blank = True
        self._paths: dict[etree._Element, str] = {}

    def walk(self, root: etree._Element) -> None:
        """Visit every element without recursion: a page may be nested as deep as it likes."""
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if self._silent(element):
                    walker.skip_subtree()
                    continue
                self._open(element)
                self._say(element.text)
            else:
                if not self._silent(element):
                    self._close(element)
                self._say(element.tail)
        self._end_line()

    def _silent(self, element: etree._Element) -> bool:
        return (
            element.tag in _SILENT
            or element.get("hidden") is not None
            or bool(_HIDDEN.search(element.get("style") or ""))
        )

    def _open(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "br":
            self._break()
        elif tag in _CELLS:
            if self._row_open:
                self.builder.add("\t")
            self._row_open, self._blank = True, True
            self._owners.append(element)
        elif tag in _BLOCKS:
            self._break()
            self._owners.append(element)

    def _close(self, element: etree._Element) -> None:
        if element.tag in _CELLS or element.tag in _BLOCKS:
            if element.tag not in _CELLS:
                self._break()
            self._owners.pop()

    def _break(self) -> None:
        """A line ends, except inside a table cell: there a row stays one line."""
        if not any(owner.tag in _CELLS for owner in self._owners):
            self._end_line()
        elif not self._blank:
            self.builder.add(" ")
            self._blank = True

    def _end_line(self) -> None:
        if self._row_open or not self.builder.ends_line():
            self.builder.add("\n")
        self._row_open, self._blank = False, True

    def _say(self, words: str | None) -> None:
        if not words or not self._owners:
            return
        owner = self._owners[-1]
        if owner.tag == "pre":
            self.builder.add(words, self._path(owner))
            self._blank = words[-1:].isspace()
            return
        line = _BLANKS.sub(" ", words)
        if self._blank:
            line = line.lstrip(" ")
        if line:
            self.builder.add(line, self._path(owner))
            self._blank = line.endswith(" ")

    def _path(self, element: etree._Element) -> str:
        if element not in self._paths:
            self._paths[element] = f"node:{self._tree.getpath(element)}"
        return self._paths[element]
