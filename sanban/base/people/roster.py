"""Reading a list of people from an Excel workbook: rows and headings, nothing else."""

from dataclasses import asdict, dataclass
from typing import IO, Any, Final
from zipfile import BadZipFile

from django.utils.translation import gettext as _

from sanban.base.deferred import Deferred

_EXCEL, _FAULTS = Deferred("openpyxl"), Deferred("openpyxl.utils.exceptions")
MOST_ROWS: Final = 5000
LARGEST: Final = 2 * 1024 * 1024
HEADINGS: Final = {
    "登录名": "login", "姓名": "name", "单位": "unit", "职务": "post", "角色": "roles",
    "邮箱": "email", "手机": "mobile",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list as it was written; `number` is the row in the sheet."""

    number: int
    login: str = ""
    name: str = ""
    unit: str = ""
    post: str = ""
    roles: str = ""
    email: str = ""
    mobile: str = ""

    def plain(self) -> dict[str, Any]:
        """As a dictionary, for keeping between the dry run and the act."""
        return asdict(self)


def read(file: IO[bytes]) -> list[Row]:
    """The rows of the first sheet. Raises ValueError with a sentence for the user."""
    try:
        book = _EXCEL.load_workbook(file, read_only=True, data_only=True)
        lines = book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 2)
        head = [str(cell or "").strip() for cell in next(lines, ())]
        missing = [name for name in ("登录名", "姓名", "单位") if name not in head]
        if missing:
            raise ValueError(_("第一行缺少列“%(names)s”，请补上后重新上传。") % {"names": "、".join(missing)})
        return _rows(head, lines)
    except (BadZipFile, _FAULTS.InvalidFileException, KeyError, OSError, IndexError) as error:
        raise ValueError(_("文件不是 Excel 工作簿（.xlsx），请另存为 .xlsx 后重新上传。")) from error


def _rows(head: list[str], lines: Any) -> list[Row]:
    made = []
    for number, line in enumerate(lines, start=2):
        texts = ["" if cell is None else str(cell).strip() for cell in line]
        if not any(texts):
            continue
        values = {HEADINGS[h]: text for h, text in zip(head, texts, strict=False) if h in HEADINGS}
        made.append(Row(number=number, **values))
    if len(made) > MOST_ROWS:
        raise ValueError(_("一次最多登记 %(most)d 人，请分成几个文件。") % {"most": MOST_ROWS})
    return made
