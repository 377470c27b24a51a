"""Pages in tests: a signed-in browser for one of the cast, and sheets made by hand."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

HEADS = ("序号", "事项名称", "牵头单位", "配合单位", "完成时限", "责任人")


def sheet(rows: Iterable[Sequence[Any]], heads: Sequence[str] = HEADS) -> bytes:
    """A workbook of these rows under these heads."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(heads))
    for row in rows:
        page.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
