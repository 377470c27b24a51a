"""Word documents: paragraphs and tables in the order of the page.

Inserted text counts, deleted text does not (the document as if all changes were accepted).
Text boxes follow the paragraph they hang on.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from lxml import etree

from sanban.base.files.extraction.model import Extracted, Limits, TextBuilder, Unreadable

_P, _TBL, _TR, _TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_WRAPPERS = frozenset({qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo")})
_GONE = frozenset(
    {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:instrText"), qn("w:delText")}
)
_BOX = qn("w:txbxContent")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GLYPHS = {
    qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-", qn("w:softHyphen"): "",
}  # fmt: skip
_T = qn("w:t")
_BROKEN = (
    PackageNotFoundError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, AttributeError, EOFError,
)  # fmt: skip


def read_word(data: bytes, limits: Limits) -> Extracted:
    """The text of a .docx: one line a paragraph, one line a table row with its cells parted by tabs."""
    _guard_archive(data, limits)
    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except _BROKEN as bad:
        raise Unreadable("broken", "package", where="word/document.xml") from bad
    except etree.XMLSyntaxError as bad:
        if getattr(bad, "code", 0) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from bad
        raise Unreadable("broken", "xml", where=f"word/document.xml:{bad.lineno or 0}") from bad
    reader = _Reader(TextBuilder(limits.text_chars))
    for block in _blocks(body):
        reader.block(block)
    text = reader.builder.text()
    if not text.strip():
        raise Unreadable("image_only", "word") if _has_pictures(body) else Unreadable("empty", "no_text")
    return Extracted(text=text, kind="docx", map=reader.builder.segments())


def _guard_archive(data: bytes, limits: Limits) -> None:
    """A small archive must not unfold into a huge one. The declared size binds: zipfile reads no further."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (
        zipfile.BadZipFile,
        ValueError,
        RuntimeError,
    ) as bad:  # RuntimeError: a kind of archive from later days
        raise Unreadable("broken", "archive") from bad
    if len(entries) > limits.zip_entries:
        raise Unreadable("too_large", "entries", found=len(entries), limit=limits.zip_entries)
    if sum(entry.file_size for entry in entries) > limits.zip_bytes:
        raise Unreadable("too_large", "unfolded", limit=limits.zip_bytes // (1024 * 1024))
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("encrypted", "archive")


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables, also those inside content controls and tracked insertions."""
    stack = [iter(parent)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in (_P, _TBL):
            yield child
        elif child.tag in _WRAPPERS:
            stack.append(iter(child))


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    return (row for row in table.iter(_TR) if _nearest(row, _TBL) is table and not _deleted(row))


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return (cell for cell in row.iter(_TC) if _nearest(cell, _TR) is row)


def _deleted(row: etree._Element) -> bool:
    return row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None


def _nearest(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iterancestors(tag), None)


def _number(element: etree._Element | None, default: int) -> int:
    value = element.get(qn("w:val"), "") if element is not None else ""
    return min(int(value), 1000) if value.isdigit() else default


def _inline(paragraph: etree._Element) -> tuple[str, list[etree._Element]]:
    """The paragraph's own characters, and the text boxes that hang on it."""
    parts: list[str] = []
    boxes: list[etree._Element] = []
    stack = [iter(paragraph)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == _BOX:
            boxes.append(child)
        elif child.tag == _T:
            parts.append(child.text or "")
        elif child.tag in _GLYPHS:
            parts.append(_GLYPHS[child.tag])
        elif child.tag not in _GONE and child.tag != _FALLBACK:
            stack.append(iter(child))
    return "".join(parts), boxes


def _flat(cell: etree._Element) -> str:
    """A cell as one line: its paragraphs (and those of tables and boxes in it) joined by single blanks."""
    words: list[str] = []
    pending = list(_blocks(cell))
    while pending:
        block = pending.pop(0)
        if block.tag == _P:
            line, boxes = _inline(block)
            words.extend(line.split())
            pending[:0] = [inner for box in boxes for inner in _blocks(box)]
        else:
            pending[:0] = [inner for row in _rows(block) for part in _cells(row) for inner in _blocks(part)]
    return " ".join(words)


def _has_pictures(body: etree._Element) -> bool:
    return next(body.iter(qn("w:drawing"), qn("w:pict"), qn("w:object")), None) is not None


class _Reader:
    """Writes blocks into the builder and counts paragraphs, tables and boxes as it goes."""

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self._paragraphs = 0
        self._tables = 0
        self._boxed = 0

    def block(self, block: etree._Element) -> None:
        """One paragraph or table of the body."""
        if block.tag == _TBL:
            self._table(block)
        else:
            self._paragraphs += 1
            self._paragraph(block, f"paragraph:{self._paragraphs}")

    def _paragraph(self, paragraph: etree._Element, source: str) -> None:
        line, boxes = _inline(paragraph)
        self.builder.add(line, source)
        self.builder.add("\n")
        for box in boxes:
            for block in _blocks(box):
                if block.tag == _TBL:
                    self._table(block)
                else:
                    self._boxed += 1
                    self._paragraph(block, f"box:{self._boxed}")

    def _table(self, table: etree._Element) -> None:
        self._tables += 1
        for row_number, row in enumerate(_rows(table), start=1):
            column = 1 + _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
            written = 1
            for cell in _cells(row):
                self.builder.add("\t" * (column - written))
                written = column
                self.builder.add(_flat(cell), f"cell:{self._tables}:{row_number}:{column}")
                column += max(_number(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1), 1)
            self.builder.add("\n")
