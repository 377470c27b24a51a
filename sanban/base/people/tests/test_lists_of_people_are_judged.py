"""A workbook of people gets a verdict for every row, and is registered whole or not at all."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from sanban.base.access.actor import SYSTEM
from sanban.base.people import actions, queries
from sanban.base.people.drafts import UnitDraft
from sanban.base.people.models import Person
from sanban.base.people.roster import HEADINGS, Row
from sanban.base.people.tests.browsers import signed_in
from sanban.base.people.tests.office import open_office

pytestmark = pytest.mark.django_db
GOOD = {
    "login": "he-xia",
    "name": "何霞",
    "unit": "水利厅",
    "roles": "承办人、联络员",
    "email": "he@example.org",
}


def _verdict(*rows: dict[str, str]) -> list[str]:
    made = [Row(number=n, **row) for n, row in enumerate(rows, 2)]
    return [fault for _row, _draft, fault in queries.judge(actor=SYSTEM, rows=made)]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, ""),
        ({"unit": "water"}, ""),
        ({"roles": ""}, ""),
        ({"login": ""}, "缺少登录名或姓名。"),
        ({"name": ""}, "缺少登录名或姓名。"),
        ({"login": "何霞"}, "登录名 何霞 只能用字母、数字、连字符和下划线。"),
        ({"login": "OFFICER"}, "登录名 OFFICER 已被使用，请换一个。"),
        ({"unit": "水务厅"}, "没有单位“水务厅”，请写全称或编码。"),
        ({"roles": "承办人、县长"}, "没有角色“县长”，请从角色表中选。"),
        ({"roles": "审计管理员"}, "管理员角色须在登记之后由安全管理员单独授予。"),
        ({"email": "he.example.org"}, "邮箱“he.example.org”不是有效的地址。"),
        ({"mobile": "1" * 21}, "“1111111111…”太长，最多 20 字。"),
        ({"name": "长" * 61}, "“长长长长长长长长长长…”太长，最多 60 字。"),
    ],
)
def test_each_row_is_judged_with_what_to_mend(change, fault):
    open_office()
    assert _verdict(GOOD | change) == [fault]


def test_the_second_of_two_with_one_login_is_the_faulty_one():
    open_office()
    assert _verdict(GOOD, GOOD | {"login": "He-Xia"}) == ["", "登录名 He-Xia 已被使用，请换一个。"]


def test_a_name_that_several_units_have_must_be_given_by_code():
    office = open_office()
    drafts = [
        UnitDraft(code=f"o{n}", name="办公室", short="办", kind="division", parent_code=code)
        for n, code in enumerate(("off", "water"))
    ]
    actions.create_units(SYSTEM, units=drafts)
    assert _verdict(GOOD | {"unit": "办公室"}) == ["有 2 个单位叫“办公室”，请改写编码。"]
    (verdict,) = queries.judge(actor=SYSTEM, rows=[Row(number=2, **(GOOD | {"unit": "o1"}))])
    assert verdict[1] is not None and verdict[1].unit_id not in office.units.values()


def _book(*rows: dict[str, str], head: list[str] | None = None) -> SimpleUploadedFile:
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(head or list(HEADINGS))
    for row in rows:
        sheet.append([row.get(field, "") for field in HEADINGS.values()])
    book.save(out)
    return SimpleUploadedFile("people.xlsx", out.getvalue())


def test_a_list_is_first_shown_and_then_registered_in_one_act():
    open_office()
    client, before = signed_in("admin"), Person.objects.count()
    page = client.post("/people/import/", {"file": _book(GOOD, GOOD | {"login": "li-na", "name": "李娜"})})
    assert page.status_code == 200 and Person.objects.count() == before
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', page.content.decode())
    assert kept is not None
    assert client.post("/people/import/", {"kept": kept[1], "confirm": "1"}).status_code == 302
    assert Person.objects.count() == before + 2
    assert Person.objects.get(login="li-na").has_usable_password() is False


def test_one_faulty_row_keeps_the_whole_list_out():
    open_office()
    before = Person.objects.count()
    page = signed_in("admin").post(
        "/people/import/", {"file": _book(GOOD, {**GOOD, "login": ""}), "confirm": "1"}
    )
    assert "缺少登录名或姓名。" in page.content.decode()
    assert Person.objects.count() == before


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("people.xlsx", b"not a workbook"), "不是 Excel 工作簿"),
        (SimpleUploadedFile("people.xlsx", b"x" * (2 * 1024 * 1024 + 1)), "超过 2 MB"),
    ],
)
def test_what_is_no_list_is_refused_with_words(file, words):
    open_office()
    page = signed_in("admin").post("/people/import/", {"file": file})
    assert (page.status_code, words in page.content.decode()) == (422, True)


def test_a_missing_column_is_named():
    open_office()
    page = signed_in("admin").post("/people/import/", {"file": _book(head=["登录名", "姓名"])})
    assert "缺少列“单位”" in page.content.decode()


def test_rows_that_were_tampered_with_are_not_registered():
    open_office()
    before = Person.objects.count()
    page = signed_in("admin").post("/people/import/", {"kept": "W10:forged:sig", "confirm": "1"})
    assert page.status_code == 422
    assert Person.objects.count() == before


def test_an_officer_registers_nobody():
    open_office()
    before = Person.objects.count()
    page = signed_in("officer").post("/people/import/", {"file": _book(GOOD), "confirm": "1"})
    assert "只有系统管理员" in page.content.decode()
    assert Person.objects.count() == before
