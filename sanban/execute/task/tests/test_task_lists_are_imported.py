"""A sheet becomes a tree of tasks: a verdict for every row first, one act at the end."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions as people
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task.importing import Plan, table
from sanban.execute.task.judging import plan
from sanban.execute.task.models import TaskItem
from sanban.execute.task.sheets import SheetRefused, read
from sanban.execute.task.tests.office import MONDAY, Office, assigned
from sanban.execute.task.tests.pages import HEADS, sheet

pytestmark = pytest.mark.django_db
DUE = "2026-06-30"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> Any:
    settings.SANBAN_VAR = tmp_path
    settings.SANBAN_CLAMAV = ""
    with clock.freeze(MONDAY):
        yield


def dry_run(
    office: Office,
    *rows: tuple[Any, ...],
    heads: tuple[str, ...] = HEADS,
    answers: dict[str, str] | None = None,
) -> Plan:
    return plan(office.dispatcher, table(read(sheet(rows, heads), "a.xlsx")), answers or {})


def faults(made: Plan) -> list[tuple[int, str, str]]:
    return [(verdict.number, *fault) for verdict in made.verdicts for fault in verdict.faults]


def hand_in(client: Client, data: bytes, name: str = "清单.xlsx") -> Any:
    return client.post("/tasks/import/", {"file": SimpleUploadedFile(name, data)})


def test_own_numbers_make_a_tree_and_one_act_assigns_it(office: Office) -> None:
    data = sheet([
        ("1.1", "编制方案", "交通厅", "", "2026年5月底", "roads"),
        ("1", "整治河道", "水利厅", "交通厅、园林局", DUE, ""),
        ("1.1.1", "现场踏勘", "园林局", "", "2026/4/30", ""),
    ])  # fmt: skip
    client = signed_in(office.dispatcher)
    answer = hand_in(client, data)
    page = client.get(answer.url)
    assert "确认导入 3 行" in page.content.decode()
    assert TaskItem.objects.count() == 0
    done: Any = client.post(answer.url, {"confirm": "1"})
    assert (done.status_code, done.url) == (302, "/tasks/?sort=new")
    rows = TaskItem.objects.order_by("number").values_list(
        "title", "parent__title", "lead__short", "owner__name"
    )
    assert list(rows) == [
        ("整治河道", None, "水利厅", None),
        ("编制方案", "整治河道", "交通厅", "roads"),
        ("现场踏勘", "编制方案", "园林局", None),
    ]
    assert LedgerEvent.objects.filter(kind="task.task_assigned").count() == 3
    assert clock.local(TaskItem.objects.get(title="编制方案").due_at).date() == date(2026, 5, 31)


def test_a_list_confirmed_twice_is_asked_about_and_not_doubled(office: Office) -> None:
    client = signed_in(office.dispatcher)
    place = hand_in(client, sheet([("1", "整治河道", "水利厅", "", DUE, "")])).url
    assert client.post(place, {"confirm": "1"}).status_code == 302
    again = client.post(place, {"confirm": "1"})
    assert again.status_code == 422
    assert "台账里已有同名、同一牵头单位的在办事项（例如 DC-2026-000001）" in again.content.decode()
    assert TaskItem.objects.count() == 1


def test_every_fault_names_row_column_and_cure(office: Office) -> None:
    made = dry_run(
        office,
        ("1", "", "水利厅", "", DUE, ""),
        ("2", "甲", "铁路局", "", DUE, ""),
        ("3", "乙", "水利厅", "", "尽快", ""),
        ("4", "丙", "水利厅", "", "2026-01-05", ""),
        ("5", "丁", "水利厅", "", DUE, "张三"),
        ("9.1", "戊", "水利厅", "", DUE, ""),
        ("2", "己", "水利厅、交通厅", "", DUE, ""),
        ("6", "庚", "水利厅", "", "2026-05-30", ""),
        ("6.1", "辛", "水利厅", "", DUE, ""),
    )
    assert faults(made) == [
        (2, "事项名称", "没有填写，请补上事项名称。"),
        (3, "牵头单位", "单位名录里没有“铁路局”，请写全称或简称。"),
        (4, "完成时限", "看不懂“尽快”是哪一天，请写成 2026-12-31 这样的日期。"),
        (5, "完成时限", "2026-01-05 已经过去，请改为今后的日期。"),
        (6, "责任人", "“张三”不是水利厅的在岗人员，请核对姓名或留空。"),
        (7, "序号", "“9.1”的上级“9”不在表中，请补上该行或改序号。"),
        (8, "牵头单位", "牵头单位只能有一个，其余请移到“配合单位”。"),
        (8, "序号", "序号“2”与第 3 行重复。"),
        (10, "完成时限", "晚于上级（第 9 行）的时限 2026-05-30，请提前。"),
    ]


def test_a_name_in_doubt_is_asked_once_and_the_answer_settles_all_its_rows(office: Office) -> None:
    rows = [("1", "甲", "水利", "", DUE, ""), ("2", "乙", "水利", "", DUE, "")]
    open_one = dry_run(office, *rows)
    (question,) = open_one.questions
    assert (question.words, question.rows) == ("“水利”指的是哪个单位？", [2, 3])
    assert question.options == [(str(office.units["water"]), "水利厅"), ("skip", "这些行不导入")]
    assert (open_one.count("doubt"), open_one.settled) == (2, False)
    settled = dry_run(office, *rows, answers={question.key: str(office.units["water"])})
    assert [verdict.lead_id for verdict in settled.verdicts] == [office.units["water"]] * 2
    left = dry_run(office, *rows, answers={question.key: "skip"})
    assert (left.count("out"), left.settled, left.drafts(office.dispatcher, {})) == (2, True, [])
    forged = dry_run(office, *rows, answers={question.key: str(office.units["roads"])})
    assert forged.count("doubt") == 2


def test_a_class_of_units_becomes_a_whole_with_a_part_for_each(office: Office) -> None:
    members = [office.units[code] for code in ("water", "roads")]
    people.create_unit_class(SYSTEM, name="各厅局", aliases=(), definite=True, member_ids=members)
    made = dry_run(
        office, ("1", "报送总结", "各厅局", "", DUE, ""), ("1.1", "汇总", "园林局", "各厅局", DUE, "")
    )
    drafts = made.drafts(office.dispatcher, {unit: name for name, unit in office.units.items()})
    assert [(d.title, d.lead_id, d.parent_key) for d in drafts] == [
        ("报送总结", office.dispatcher.unit_id, ""),
        ("报送总结（water）", office.units["water"], "r2"),
        ("报送总结（roads）", office.units["roads"], "r2"),
        ("汇总", office.units["parks"], "r2"),
    ]
    assert drafts[3].partners == tuple(members)


def test_parents_by_row_by_title_and_under_a_task_that_stands(office: Office) -> None:
    whole = assigned(office, title="全省河湖")
    heads = ("上级", "事项名称", "牵头单位", "完成时限")
    made = dry_run(
        office, ("", "甲", "水利厅", DUE), ("第2行", "乙", "水利厅", DUE), ("乙", "丙", "水利厅", DUE),
        (whole.number, "丁", "水利厅", "2026-03-20"), (whole.number, "戊", "水利厅", DUE), ("77", "己", "水利厅", DUE),
        heads=heads,
    )  # fmt: skip
    above = [(v.title, v.above.title if v.above else "", v.parent_id) for v in made.verdicts]
    assert above == [
        ("甲", "", None), ("乙", "甲", None), ("丙", "乙", None), ("丁", "", whole.pk), ("戊", "", whole.pk),
        ("己", "", None),
    ]  # fmt: skip
    assert faults(made) == [
        (6, "完成时限", "晚于上级 DC-2026-000001 的时限 2026-03-20，请提前。"),
        (7, "上级序号", "第 77 行不是事项，请核对行号。"),
    ]


def test_rows_that_contain_each_other_are_blamed_and_nothing_hangs(office: Office) -> None:
    heads = ("序号", "上级序号", "事项名称", "牵头单位", "完成时限")
    made = dry_run(office, ("a", "b", "甲", "水利厅", DUE), ("b", "a", "乙", "水利厅", DUE), heads=heads)
    assert ("上级序号", "第 2 行和它的上级互为上下级，请改正。") in made.verdicts[0].faults
    assert made.count("good") == 0


def test_formulas_merged_cells_and_hidden_rows_are_not_guessed(office: Office) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(HEADS))
    page.append(["1", "甲", "水利厅", "", DUE, ""])
    page.append(["2", "乙", "水利厅", "", "=TODAY()", ""])
    page.append(["3", "丙", "水利厅", "", DUE, ""])
    page.append(["4", "丁", "水利厅", "", DUE, ""])
    page.merge_cells("C4:C5")
    page.row_dimensions[2].hidden = True
    made_of = io.BytesIO()
    book.save(made_of)
    made = plan(office.dispatcher, table(read(made_of.getvalue(), "a.xlsx")), {})
    assert [question.words for question in made.questions] == ["表中隐藏的行是否导入？"]
    assert faults(made) == [
        (3, "完成时限", "“完成时限”（E3 格）是公式，请复制后“选择性粘贴为数值”。"),
        (3, "完成时限", "没有填写，请写明日期。"),
        (5, "牵头单位", "“牵头单位”（C5 格）是合并单元格，请取消合并并逐行填写。"),
        (5, "牵头单位", "没有填写，请写一个牵头单位。"),
    ]


def test_csv_is_read_in_both_encodings_of_the_office(office: Office) -> None:
    text = "事项名称,牵头单位,完成时限\r\n整治河道,水利厅,2026年6月30日\r\n"
    for encoding in ("utf-8-sig", "gb18030"):
        made = plan(office.dispatcher, table(read(text.encode(encoding), "a.csv")), {})
        assert [(v.title, v.state) for v in made.verdicts] == [("整治河道", "good")]


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", b" " * (201 * 1024 * 1024))
    return made.getvalue()


def patched(data: bytes, *, at: int, value: int) -> bytes:
    """The workbook with one byte changed in the head and in the listing of each of its parts."""
    made = bytearray(data)
    for mark, place in ((b"PK\x03\x04", at), (b"PK\x01\x02", at + 2)):
        found = made.find(mark)
        while found >= 0:
            made[found + place] = value
            found = made.find(mark, found + 4)
    return bytes(made)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (patched(sheet([]), at=6, value=1), "已损坏"),
        (patched(sheet([]), at=4, value=99), "已损坏"),
        (b"", "是空的（0 字节）"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版格式（xls、et）"),
        (b"PK\x03\x04 xl/workbook broken", "已损坏"),
        (b"%PDF-1.7 x", "不是 Excel 工作簿"),
        (sheet([], heads=("名目", "谁")), "缺少列：事项名称、牵头单位、完成时限"),
        (sheet([]), "表头下面没有任何事项"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_cure(data: bytes, said: str) -> None:
    with pytest.raises(SheetRefused) as refusal:
        table(read(data, "清单.xlsx"))
    assert said in refusal.value.message


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    with pytest.raises(SheetRefused, match="解压后过大"):
        read(bomb(), "清单.xlsx")


def test_nobody_reads_or_confirms_another_persons_list(office: Office) -> None:
    place = hand_in(signed_in(office.dispatcher), sheet([("1", "甲", "水利厅", "", DUE, "")])).url
    assert signed_in(office.supervisor).post(place, {"confirm": "1"}).status_code == 404
    assert signed_in(office.stranger).get("/tasks/import/").status_code == 403
    assert TaskItem.objects.count() == 0


def test_faulty_rows_hold_the_list_back_until_they_are_left_out(office: Office) -> None:
    client = signed_in(office.dispatcher)
    place = hand_in(client, sheet([("1", "甲", "水利厅", "", DUE, ""), ("2", "乙", "某局", "", DUE, "")])).url
    held = client.post(place, {"confirm": "1"})
    assert (held.status_code, TaskItem.objects.count()) == (422, 0)
    assert client.post(place, {"confirm": "1", "leave_out": "1"}).status_code == 302
    assert list(TaskItem.objects.values_list("title", flat=True)) == ["甲"]


def test_the_template_is_read_back_and_its_verdicts_come_as_a_sheet(office: Office) -> None:
    client = signed_in(office.dispatcher)
    blank = client.get("/tasks/import/template.xlsx").content
    assert [row.number for row in table(read(blank, "a.xlsx")).rows] == [2, 3]
    assert len(load_workbook(io.BytesIO(blank))["任务"].data_validations.dataValidation) == 3
    place = hand_in(client, sheet([("1", "=1+1", "某局", "", DUE, "")])).url
    said = client.get(f"{place}verdicts.xlsx")
    lines = list(load_workbook(io.BytesIO(said.getvalue())).worksheets[0].iter_rows(values_only=True))
    assert lines[2][:2] == (2, "需改")


def test_a_draft_that_the_act_refuses_is_said_and_writes_nothing(office: Office, monkeypatch: Any) -> None:
    client = signed_in(office.dispatcher)
    place = hand_in(client, sheet([("1", "甲", "水利厅", "", DUE, "")])).url

    def refuse(*_args: object, **_named: object) -> None:
        raise Refused("时限超出已发布的工作日历。")

    monkeypatch.setattr("sanban.execute.task.actions.assigning.places", refuse)
    answer = client.post(place, {"confirm": "1"})
    assert (answer.status_code, TaskItem.objects.count()) == (422, 0)
    assert "时限超出已发布的工作日历。" in answer.content.decode()
