"""Reading a table that people hand in: xlsx and csv become plain rows, or the refusal says how to mend the file.

A workbook is read straight from its parts, one pass over the sheet, so that hidden rows, merged cells and formulas
are seen and ten thousand rows stay small in memory.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from lxml import etree

from sanban.base.files.sniff import declared_encoding, sniff, text_encoding
from sanban.base.ledger.errors import Refused

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 60
MOST_BYTES: Final = 20 * 1024 * 1024
MOST_UNFOLDED: Final = 200 * 1024 * 1024
MOST_PARTS: Final = 2_000

Value = str | int | float | date
_BROKEN = (BadZipFile, KeyError, IndexError, ValueError, etree.XMLSyntaxError, OSError, RuntimeError)
"""What reading a damaged workbook raises; RuntimeError comes from a part that is locked or packed in a later way."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_COLUMN = re.compile(r"([A-Z]{1,3})(\d+)")
_DATE_FORMAT = re.compile(r"[ymdhs年月日]", re.I)
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_BUILT_IN_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))


class SheetRefused(Refused):
    """The file as a whole cannot be read; the sentence says what to do with it."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


@dataclass(slots=True)
class SheetRow:
    """One row: its number in the sheet, its cells by column from 0, and what is odd about them."""

    number: int
    cells: dict[int, Value] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    hidden: bool = False


def read(data: bytes, name: str) -> list[SheetRow]:
    """The rows that hold anything, in the order of the sheet."""
    if len(data) > MOST_BYTES:
        raise SheetRefused(
            _("文件“%(name)s”有 %(size)d MB，超过 %(most)d MB 的上限，请分成几个文件。")
            % {"name": name, "size": -(-len(data) // 1048576), "most": MOST_BYTES // 1048576}
        )
    kind = sniff(data, name).kind
    if kind == "xlsx":
        rows = _workbook(data, name)
    elif kind == "txt":
        rows = _csv(data, name)
    else:
        raise SheetRefused(_why_not(kind) % {"name": name})
    if len(rows) > MOST_ROWS + 10:
        raise SheetRefused(
            _("“%(name)s”有 %(rows)d 行，一次最多导入 %(most)d 行，请分成几个文件。")
            % {"name": name, "rows": len(rows), "most": MOST_ROWS}
        )
    if not rows:
        raise SheetRefused(
            _("“%(name)s”里没有任何内容。请检查是否选错文件，或填写后再上传。") % {"name": name}
        )
    return rows


def _why_not(kind: str) -> str:
    sentences = {
        "empty": _("文件“%(name)s”是空的（0 字节）。请检查原文件后重新选择。"),
        "doc": _("文件“%(name)s”是旧版格式（xls、et）。请用 Excel 或 WPS 打开，另存为 xlsx 后再上传。"),
        "encrypted": _("文件“%(name)s”设有打开密码，读不到内容。请取消密码，另存后再上传。"),
    }
    return sentences.get(
        kind, _("文件“%(name)s”不是 Excel 工作簿（xlsx）或 csv 表格。请另存为 xlsx 后再上传。")
    )


def _csv(data: bytes, name: str) -> list[SheetRow]:
    encoding = declared_encoding(data) or text_encoding(data)
    text = data.decode(encoding).lstrip("\ufeff")
    head = text[: text.find("\n")] if "\n" in text else text
    mark = max(",，\t;", key=head.count)
    made = []
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), start=1):
            cells: dict[int, Value] = {
                n: cell.strip() for n, cell in enumerate(line[:MOST_COLUMNS]) if cell.strip()
            }
            if cells:
                made.append(SheetRow(number, cells))
            if len(made) > MOST_ROWS + 10:
                break
    except csv.Error:
        raise SheetRefused(
            _("“%(name)s”第 %(row)d 行附近的引号不成对，读不下去。请另存为 xlsx 后再上传。")
            % {"name": name, "row": len(made) + 1}
        ) from None
    return made


def _workbook(data: bytes, name: str) -> list[SheetRow]:
    try:
        with ZipFile(io.BytesIO(data)) as parts:
            listed = parts.infolist()
            if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > MOST_UNFOLDED:
                raise SheetRefused(
                    _("“%(name)s”解压后过大，不予打开。请把要导入的表格复制到新的工作簿，另存后再上传。")
                    % {"name": name}
                )
            return _Book(parts).rows()
    except _BROKEN:
        raise SheetRefused(
            _("“%(name)s”已损坏，读不下去。请用 Excel 或 WPS 打开，另存为新的 xlsx 后再上传。")
            % {"name": name}
        ) from None


class _Book:
    """One workbook while it is read: shared texts, date styles, the first sheet that is not hidden."""

    def __init__(self, parts: ZipFile) -> None:
        self.parts = parts
        self.names = set(parts.namelist())
        book = self._tree("xl/workbook.xml")
        properties = book.find(f"{_MAIN}workbookPr")
        old_era = properties is not None and properties.get("date1904") in ("1", "true")
        self.era = date(1904, 1, 1) if old_era else date(1899, 12, 30)
        self.texts = list(self._texts())
        self.date_styles = self._date_styles()
        shown = [sheet for sheet in book.iter(f"{_MAIN}sheet") if sheet.get("state", "visible") == "visible"]
        links = {
            link.get("Id"): link.get("Target") or "" for link in self._tree("xl/_rels/workbook.xml.rels")
        }
        target = links[shown[0].get(_LINK)]
        self.place = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def _tree(self, place: str) -> etree._Element:
        return etree.fromstring(
            self.parts.read(place), etree.XMLParser(resolve_entities=False, no_network=True)
        )

    def _texts(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" not in self.names:
            return
        with self.parts.open("xl/sharedStrings.xml") as part:
            for _event, item in etree.iterparse(part, tag=f"{_MAIN}si", resolve_entities=False):
                yield _plain(item)
                item.clear()

    def _date_styles(self) -> frozenset[str]:
        if "xl/styles.xml" not in self.names:
            return frozenset()
        styles = self._tree("xl/styles.xml")
        own = {
            int(form.get("numFmtId") or 0)
            for form in styles.iter(f"{_MAIN}numFmt")
            if _DATE_FORMAT.search(_NOT_FORMAT.sub("", form.get("formatCode") or ""))
        }
        cells = styles.find(f"{_MAIN}cellXfs")
        dated = _BUILT_IN_DATES | own
        return frozenset(
            str(n) for n, form in enumerate(() if cells is None else cells)
            if int(form.get("numFmtId") or 0) in dated
        )  # fmt: skip

    def rows(self) -> list[SheetRow]:
        """Every row with a value, then the marks of merged cells over them."""
        made: dict[int, SheetRow] = {}
        merges: list[str] = []
        wanted = (f"{_MAIN}row", f"{_MAIN}mergeCell")
        with self.parts.open(self.place) as part:
            for _event, item in etree.iterparse(part, tag=wanted, resolve_entities=False):
                if item.tag == wanted[1]:
                    merges.append(item.get("ref") or "")
                    continue
                row = self._row(item, len(made) + 1)
                item.clear()
                if row.cells or row.marks:
                    made[row.number] = row
                if len(made) > MOST_ROWS + 10:
                    break
        for ref in merges:
            _mark_merge(made, ref)
        return list(made.values())

    def _row(self, item: etree._Element, after: int) -> SheetRow:
        row = SheetRow(int(item.get("r") or after), hidden=item.get("hidden") in ("1", "true"))
        column = -1
        for cell in item:
            place = cell.get("r")
            column = _column_of(place) if place else column + 1
            if column >= MOST_COLUMNS:
                break
            value = self._value(cell)
            if cell.find(f"{_MAIN}f") is not None:
                row.marks[column] = "formula"
            elif cell.get("t") == "e":
                row.marks[column] = "error"
            if value != "":
                row.cells[column] = value
        return row

    def _value(self, cell: etree._Element) -> Value:
        kind = cell.get("t")
        if kind == "inlineStr":
            return _plain(cell).strip()
        raw = cell.findtext(f"{_MAIN}v")
        if not raw:
            return ""
        if kind == "s":
            return self.texts[int(raw)].strip()
        if kind in ("str", "e"):
            return str(raw).strip()
        if kind == "d":
            return datetime.fromisoformat(raw.rstrip("Z")).date()
        number = float(raw)
        if cell.get("s") in self.date_styles and 1 <= number < 200_000:
            return self.era + timedelta(days=int(number))
        return int(number) if number.is_integer() else number


def _plain(item: etree._Element) -> str:
    """The text of an item without its phonetic guides."""
    return "".join(
        text.text or ""
        for text in item.iter(f"{_MAIN}t")
        if (above := text.getparent()) is not None and above.tag != f"{_MAIN}rPh"
    )


def _column_of(place: str) -> int:
    number = 0
    for letter in place:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter) - 64
    return number - 1


def _mark_merge(rows: dict[int, SheetRow], ref: str) -> None:
    """Every cell of a merged block but its first reads as empty in the file: mark it, so that it is not guessed."""
    found = _COLUMN.findall(ref)
    if len(found) != 2:
        return
    (left, top), (right, bottom) = found
    first, columns = _column_of(left), range(_column_of(left), min(_column_of(right), MOST_COLUMNS) + 1)
    span = range(int(top), int(bottom) + 1)
    for number in span if len(span) <= len(rows) else [n for n in rows if n in span]:
        for column in columns:
            if number in rows and (number, column) != (int(top), first):
                rows[number].marks.setdefault(column, "merged")


def letters(column: int) -> str:
    """A column as the sheet names it: 0 is A."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
