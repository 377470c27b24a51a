"""Sheets that people take away: the template of a task list, the verdicts of one, and the register as it is seen."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Final

from django.utils.translation import gettext as _

from sanban.base.deferred import Deferred

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS: Final = {
    "序号": 8, "上级序号": 10, "事项名称": 44, "牵头单位": 20, "配合单位": 30, "完成时限": 14, "责任人": 12,
    "内容": 40, "验收标准": 40, "密级": 8, "紧急程度": 10,
}  # fmt: skip
_EXCEL, _CELLS, _STYLES = Deferred("openpyxl"), Deferred("openpyxl.cell"), Deferred("openpyxl.styles")
_UTILS, _VALIDATION = Deferred("openpyxl.utils"), Deferred("openpyxl.worksheet.datavalidation")
_HEAD_COLOUR: Final = "E9F0F9"


def _head_fill() -> Any:
    return _STYLES.PatternFill("solid", fgColor=_HEAD_COLOUR)


def safe(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it; the rest stays."""
    if isinstance(value, str):
        text = "".join(mark for mark in value if mark in "\n\t" or mark >= " ")
        return f"'{text}" if text.startswith(_RISKY) else text
    return value


def csv_lines(lines: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A csv file piece by piece, with the mark by which Excel knows UTF-8."""
    yield "\ufeff"
    for line in lines:
        piece = io.StringIO()
        csv.writer(piece).writerow([safe(value) for value in line])
        yield piece.getvalue()


def workbook(
    title: str, above: str, heads: Sequence[str], lines: Iterable[Sequence[Any]], mark: str = ""
) -> IO[bytes]:
    """A workbook written row by row to a file on disk: what it shows in the first line, then a frozen header; the
    mark stands at the foot of every printed page."""
    book = _EXCEL.Workbook(write_only=True)
    sheet = book.create_sheet(title[:30])
    for n, head in enumerate(heads, start=1):
        sheet.column_dimensions[_UTILS.get_column_letter(n)].width = _WIDTHS.get(head, 14)
    sheet.freeze_panes = "A3"
    if mark:
        sheet.oddFooter.center.text = mark.replace("&", "&&")
    sheet.append([safe(above)])
    sheet.append([_head(sheet, head) for head in heads])
    for line in lines:
        sheet.append([safe(value) for value in line])
    made = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(made)
    made.seek(0)
    return made


def _head(sheet: Any, text: str) -> Any:
    cell = _CELLS.WriteOnlyCell(sheet, value=text)
    cell.font, cell.fill = _STYLES.Font(bold=True), _head_fill()
    return cell


def template(units: Sequence[str], example: Sequence[Sequence[Any]]) -> bytes:
    """The template of a task list: header, drop-downs for unit, level and urgency, notes and the names of units."""
    book = _EXCEL.Workbook()
    sheet = book.active
    if sheet is None:
        sheet = book.create_sheet()
    sheet.title = "任务"
    heads = list(_WIDTHS)
    for line in (heads, *example):
        sheet.append(list(line))
    for n, head in enumerate(heads, start=1):
        cell = sheet.cell(1, n)
        cell.font, cell.fill = _STYLES.Font(bold=True), _head_fill()
        sheet.column_dimensions[_UTILS.get_column_letter(n)].width = _WIDTHS[head]
        if head in ("序号", "上级序号", "完成时限"):
            for row in range(2, 502):
                sheet.cell(row, n).number_format = "@"
    sheet.freeze_panes = "A2"
    named = book.create_sheet("单位名录")
    for name in units:
        named.append([safe(name)])
    named.column_dimensions["A"].width = 40
    _drop_down(sheet, "D", f"单位名录!$A$1:$A${max(1, len(units))}", strict=False)
    _drop_down(sheet, "J", '"公开,内部,工作秘密"', strict=True)
    _drop_down(sheet, "K", '"一般,紧急,特急"', strict=True)
    _notes(book.create_sheet("填写说明"))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _drop_down(sheet: Any, column: str, source: str, *, strict: bool) -> None:
    rule = _VALIDATION.DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=strict)
    rule.add(f"{column}2:{column}20001")
    sheet.add_data_validation(rule)


def _notes(sheet: Any) -> None:
    lines = (
        _("必填三列：事项名称、牵头单位、完成时限。其余各列可以留空，也可以删去。"),
        _("上下级：序号写 1、1.1、1.1.2 即可；也可在“上级序号”里写上级的序号、行号（如“第3行”）或事项编号。"),
        _("牵头单位：一个，全称、简称、别名都行；写“各市州人民政府”一类统称时，自动按单位分成子项。"),
        _("配合单位：多个之间用顿号或逗号分开。"),
        _("完成时限：2026-12-31、2026年12月底、12月31日、第三季度末都认得；子项不得晚于上级。"),
        _("责任人：牵头单位在岗人员的姓名。"),
        _("密级：公开、内部（默认）、秘密；国家秘密不得填写。"),
        _("不要用公式、合并单元格；上传后先看结论，确认之前不写入任何事项。"),
    )
    for line in lines:
        sheet.append([line])
    sheet.column_dimensions["A"].width = 100
    for row in sheet.iter_rows():
        row[0].alignment = _STYLES.Alignment(wrap_text=True, vertical="top")
