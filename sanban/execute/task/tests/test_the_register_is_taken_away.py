"""The register as a workbook and as csv: what is seen, safe to open, and readable again by the import."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from sanban.base import clock
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task.importing import table
from sanban.execute.task.judging import plan
from sanban.execute.task.sheets import read
from sanban.execute.task.sheets_out import safe
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office, assigned

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with clock.freeze(MONDAY):
        yield


def csv_of(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def bytes_of(client: Any, query: str = "") -> bytes:
    return b"".join(client.get(f"/tasks/export.xlsx{query}").streaming_content)


def sheet_of(client: Any, query: str = "") -> Any:
    return load_workbook(io.BytesIO(bytes_of(client, query))).worksheets[0]


def test_the_sheet_has_the_rows_of_the_filter_and_says_what_it_shows(office: Office) -> None:
    whole = assigned(office, title="整治河道", partners=(office.units["roads"],), detail="逐段清淤")
    assigned(office, title="编制方案", parent_id=whole.pk)
    assigned(office, title="修路", lead="roads")
    page = sheet_of(signed_in(office.dispatcher), f"?unit={office.units['water']}&sort=new")
    lines = list(page.iter_rows(values_only=True))
    assert "筛选：牵头单位：水利厅；排序：最新交办" in str(lines[0][0])
    assert "共 2 件　导出：综合办 dispatcher　2026-03-02 09:00" in str(lines[0][0])
    assert page.freeze_panes == "A3"
    assert lines[1][:8] == (
        "编号", "上级编号", "事项名称", "牵头单位", "配合单位", "责任人", "完成时限", "亮灯",
    )  # fmt: skip
    assert [line[:4] for line in lines[2:]] == [
        ("DC-2026-000002", "DC-2026-000001", "编制方案", "水利厅"),
        ("DC-2026-000001", None, "整治河道", "水利厅"),
    ]
    assert lines[3][4:13] == ("交通厅", None, "2026-03-20", "绿灯", "待签收", 0, "内部", "一般", "逐段清淤")


def test_csv_says_the_same(office: Office) -> None:
    assigned(office, title="整治河道")
    lines = csv_of(signed_in(office.dispatcher).get("/tasks/export.csv"))
    assert (lines[1][0], lines[2][0], lines[2][2], len(lines)) == ("编号", "DC-2026-000001", "整治河道", 3)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\u202e=1"])
def test_no_cell_is_run_as_a_formula(text: str) -> None:
    assert not str(safe(text)).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_dangerous_title_leaves_as_text(office: Office) -> None:
    assigned(office, title='=HYPERLINK("http://a","b")')
    client = signed_in(office.dispatcher)
    assert csv_of(client.get("/tasks/export.csv"))[2][2] == '\'=HYPERLINK("http://a","b")'
    page = sheet_of(client)
    assert (page["C3"].data_type, page["C3"].value) == ("s", '\'=HYPERLINK("http://a","b")')


def test_nobody_takes_away_what_he_may_not_see(office: Office) -> None:
    assigned(office, title="整治河道")
    assigned(office, title="修路", lead="roads")
    lines = csv_of(signed_in(office.roads).get("/tasks/export.csv"))
    assert [line[2] for line in lines[2:]] == ["修路"]
    assert "共 1 件" in lines[0][0]


def test_what_was_taken_away_can_be_read_in_again(office: Office) -> None:
    whole = assigned(office, title="整治河道", partners=(office.units["roads"],), urgency=2)
    part = assigned(office, title="编制方案", parent_id=whole.pk, lead="parks", acceptance="方案印发")
    data = bytes_of(signed_in(office.dispatcher))
    made = plan(office.dispatcher, table(read(data, "a.xlsx")), {})
    drafts = {verdict.title: verdict for verdict in made.verdicts}
    assert [verdict.faults for verdict in made.verdicts] == [[], []]
    assert drafts["编制方案"].above is drafts["整治河道"]
    assert (drafts["编制方案"].lead_id, drafts["编制方案"].acceptance) == (part.lead_id, "方案印发")
    assert (drafts["整治河道"].partners, drafts["整治河道"].urgency) == ((office.units["roads"],), 2)
    assert drafts["整治河道"].due_at == FRIDAY_DUE
    assert drafts["整治河道"].due_at - MONDAY > timedelta(days=18)
