"""The demonstration world is complete, consistent and speaks only of units it has."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from sanban.demo.world import people, seasons, tables, units
from sanban.demo.world.policies import BY_STYLE, POLICIES, PolicyData, Style
from sanban.study.assistant.reading import read_document

TODAY = date(2026, 11, 22)
LONGEST_FIRST = re.compile("|".join(map(re.escape, sorted(units.register(), key=len, reverse=True))))
LABELLED = re.compile(r"(?:牵头单位|配合单位|责任单位)[:：]([^;；\n)）]+)")
IN_BRACKETS = re.compile(r"[（(]([^（）():：]*(?:牵头|负责)[^（）():：]*)[)）]")
SUBDIVIDED = "〇"  # stands for （市、区） while a list is split, whose 、 separates nothing
UNIT_LIKE = re.compile(r"(?<![全各])省(?!级)[\u4e00-\u9fff]{2,10}?(?:厅|委员会|局|发展改革委|健康委)")
DUE_DAY = re.compile(r"(20\d\d)年(\d{1,2})月")


def unit_lists(paper: PolicyData) -> list[str]:
    """Every cell, label line or bracket of a paper that lists units."""
    text = re.sub(r"[（(]市、区[)）]", SUBDIVIDED, paper.text())
    found = [m.group(1) for m in LABELLED.finditer(text)]
    for bracket in IN_BRACKETS.findall(text):
        found += re.findall(r"([^，]+?)(?:按职责分工负责|牵头|配合|负责)", bracket)
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) == 5 and cells[0].isdigit():
            found += cells[2:4]
    return found


def listed_names(cell: str) -> list[str]:
    """The names of one list of units."""
    return [name.replace(SUBDIVIDED, "（市、区）") for name in re.split(r"[、，]", cell)]


# --- units -----------------------------------------------------------------------------------------------


def test_the_province_has_three_offices_twenty_four_departments_and_eleven_cities() -> None:
    kinds = Counter(unit.kind for unit in units.UNITS)
    assert kinds == {
        "government": 1,
        "committee": 1,
        "office": 3,
        "department": 24,
        "city": 11,
        "county": 33,
        "division": 11 + 11,
    }


def test_unit_codes_are_unique_and_every_parent_exists() -> None:
    assert len(units.BY_CODE) == len(units.UNITS)
    orphans = [unit.code for unit in units.UNITS if unit.parent and unit.parent not in units.BY_CODE]
    assert orphans == []
    assert [unit.code for unit in units.UNITS if not unit.parent] == ["qingjiang"]


def test_each_city_has_one_supervision_section_and_two_to_four_counties() -> None:
    for city in units.of_kind("city"):
        kinds = Counter(child.kind for child in units.children(city.code))
        assert kinds["division"] == 1
        assert 2 <= kinds["county"] <= 4


def test_each_office_has_three_or_four_divisions() -> None:
    counts = {office.short: len(units.children(office.code)) for office in units.of_kind("office")}
    assert counts == {"综合办公室": 4, "督查办公室": 4, "研究室": 3}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("省发改委", "dept-drc"),
        ("清江省人力资源和社会保障厅", "dept-labour"),
        ("省卫健委", "dept-health"),
        ("综合办", "general-office"),
        ("澜阳市", "city-lanyang"),
        ("海塘市人民政府", "county-anpu-haitang"),
        ("各县(市、区)人民政府", "counties"),
        ("各市州", "cities"),
        ("有关部门", "departments-concerned"),
    ],
)
def test_a_name_resolves_to_its_unit_or_class(name: str, code: str) -> None:
    bearer = units.resolve(name)
    assert bearer is not None
    assert bearer.code == code


def test_an_unknown_name_resolves_to_nothing() -> None:
    assert units.resolve("省烟雨厅") is None


def test_classes_expand_to_their_members_and_an_indefinite_class_to_nobody() -> None:
    sizes = {group.code: len(units.members(group)) for group in units.CLASSES}
    assert sizes == {
        "cities": 11,
        "counties": 33,
        "cities-and-counties": 44,
        "departments": 24,
        "three-offices": 3,
        "river-cities": 5,
        "departments-concerned": 0,
        "leads": 0,
        "partners": 0,
    }
    assert all(bool(units.members(group)) is group.definite for group in units.CLASSES)


# --- people ----------------------------------------------------------------------------------------------


def test_about_two_hundred_persons_have_unique_logins_and_names() -> None:
    assert len(people.PEOPLE) == 209
    assert len(people.BY_LOGIN) == 209
    assert len({person.name for person in people.PEOPLE}) == 209
    assert all(re.fullmatch(r"[a-z]{4,24}\d?", person.login) for person in people.PEOPLE)


def test_every_person_belongs_to_a_unit_and_leaders_and_deputies_are_persons() -> None:
    logins = set(people.BY_LOGIN)
    for person in people.PEOPLE:
        assert person.unit in units.BY_CODE
        assert {person.leader, person.deputy} - {""} <= logins
        assert person.login not in (person.leader, person.deputy)
        assert person.clearance in (1, 2)


def test_every_role_of_the_platform_is_held_and_administrators_are_three_separate_persons() -> None:
    assert {role for person in people.PEOPLE for role in person.roles} == set(get_args(people.Role))
    keepers = [people.with_role(role) for role in ("admin", "security", "auditor")]
    assert [len(holders) for holders in keepers] == [1, 1, 1]
    assert len({holders[0].unit for holders in keepers}) == 3


def test_every_department_city_and_county_has_a_liaison() -> None:
    for unit in units.of_kind("department", "city", "county"):
        assert "liaison" in people.liaison_of(unit.code).roles
    assert people.liaison_of("city-lanyang").name == "汪晓岚"


@pytest.mark.parametrize(
    ("part", "name", "unit", "role"),
    [
        ("dispatcher", "李明华", "general-office-coordination-1", "dispatcher"),
        ("supervisor", "周启航", "supervision-office-inspection-1", "supervisor"),
        ("signer", "韩振铎", "supervision-office", "signer"),
        ("researcher", "沈静姝", "research-office-policy", "researcher"),
        ("leader", "顾长宁", "qingjiang", "leader"),
        ("admin", "陶立群", "general-office", "admin"),
        ("security", "骆文谦", "supervision-office", "security"),
        ("auditor", "欧阳澄", "research-office", "auditor"),
        ("liaison_department", "方若谷", "dept-industry", "liaison"),
        ("liaison_city", "汪晓岚", "city-lanyang-supervision", "liaison"),
    ],
)
def test_the_cast_plays_its_parts(part: str, name: str, unit: str, role: str) -> None:
    person = people.cast_member(part)
    assert (person.name, person.unit) == (name, unit)
    assert role in person.roles


def test_whoever_handles_work_has_a_stand_in() -> None:
    workers = {"dispatcher", "supervisor", "signer", "researcher", "liaison", "officer"}
    alone = [p.login for p in people.PEOPLE if workers & set(p.roles) and not p.deputy]
    assert alone == []


# --- seasons ---------------------------------------------------------------------------------------------


def test_every_department_and_city_has_habits_within_the_human_range() -> None:
    charged = {unit.code for unit in units.of_kind("department", "city")}
    assert set(seasons.HABITS) == charged
    for habit in seasons.HABITS.values():
        assert 70 <= habit.punctual_pct <= 98
        assert 1 <= habit.reply_hours <= 24
        assert 3 <= habit.return_pct <= 30


def test_punctuality_drifts_from_its_beginning_to_the_habit() -> None:
    assert seasons.punctual_in("dept-housing", 0) == 59
    assert seasons.punctual_in("dept-housing", 18) == 71
    assert seasons.punctual_in("dept-state-assets", 0) == 80


def test_the_history_covers_may_2025_to_november_2026_without_a_gap() -> None:
    months = [(m.first.year, m.first.month) for m in seasons.MONTHS]
    assert months == [(2025, m) for m in range(5, 13)] + [(2026, m) for m in range(1, 12)]
    assert sum(m.new_tasks for m in seasons.MONTHS) == 1445
    held = [meeting.held_on for meeting in seasons.MEETINGS]
    assert min(held) >= date(2025, 5, 1) and max(held) <= TODAY
    assert all(day.weekday() < 5 for day in held)


@pytest.mark.parametrize(
    ("kind", "least"),
    [("extension", 20), ("send_back", 20), ("forward", 20), ("urge", 8), ("verify_fail", 8)],
)
def test_there_are_enough_different_reasons(kind: seasons.PhraseKind, least: int) -> None:
    assert len(set(seasons.phrases(kind))) >= least


def test_there_are_at_least_sixty_different_progress_sentences() -> None:
    sentences = seasons.progress_sentences()
    assert len(sentences) == len(set(sentences)) == 65
    assert all(12 <= len(s) <= 60 and s.endswith("。") for s in sentences)


def test_an_unknown_kind_of_phrase_is_refused() -> None:
    with pytest.raises(ValueError, match="no phrases of the kind jokes"):
        seasons.phrases("jokes")


def test_titles_are_many_unique_and_spread_over_all_departments() -> None:
    assert len({title.title for title in seasons.TITLES}) == len(seasons.TITLES) == 177
    per_unit = Counter(title.unit for title in seasons.TITLES)
    assert set(per_unit) == {unit.code for unit in units.of_kind("department")}
    assert min(per_unit.values()) >= 7
    assert {title.kind for title in seasons.TITLES} == {"meeting", "standalone"}


def test_local_titles_never_repeat_and_name_their_county() -> None:
    titles = list(seasons.local_titles())
    assert len({t.title for t in titles}) == len(titles) == 44 * 33
    assert all(units.BY_CODE[t.place].short in t.title for t in titles)
    assert all(a.place != b.place for a, b in pairwise(titles))


def test_a_row_with_a_wrong_number_of_cells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "HERE", tmp_path)
    (tmp_path / "bad.tsv").write_text("a\tb\n1\n", encoding="utf-8")
    with pytest.raises(tables.TableError, match=r"bad\.tsv line 2: 1 cells, the heading has 2"):
        tables.rows_of("bad")


# --- policies --------------------------------------------------------------------------------------------


def test_there_is_one_paper_of_every_style() -> None:
    assert set(BY_STYLE) == set(get_args(Style))
    assert len(POLICIES) == 7


@pytest.mark.parametrize("paper", POLICIES, ids=lambda p: p.stem)
def test_a_paper_bears_its_title_number_organ_and_date(paper: PolicyData) -> None:
    text = paper.text()
    day = paper.signed_on
    assert 1800 <= len(text) <= 4500
    assert paper.title.split("（")[0] in text
    assert text.split("\n")[1] == paper.number
    assert f"\n{day.year}年{day.month}月{day.day}日\n" in text
    assert date(2025, 5, 1) <= day <= date(2026, 10, 31)
    assert any(f"\n{name}\n" in text for name in units.BY_CODE[paper.organ].names)
    assert 8 <= paper.measures <= 20


@pytest.mark.parametrize("paper", POLICIES, ids=lambda p: p.stem)
def test_every_listed_unit_of_a_paper_is_in_the_register(paper: PolicyData) -> None:
    names = [name for cell in unit_lists(paper) for name in listed_names(cell)]
    assert {name for name in names if units.resolve(name) is None} == set()


@pytest.mark.parametrize("paper", POLICIES, ids=lambda p: p.stem)
def test_running_text_names_no_unit_outside_the_register(paper: PolicyData) -> None:
    rest = LONGEST_FIRST.sub("■", units.folded(paper.text()))
    assert UNIT_LIKE.findall(rest) == []


def test_the_search_for_unknown_units_finds_one_that_is_not_in_the_register() -> None:
    rest = LONGEST_FIRST.sub("■", "省财政厅会同省审计厅、省林业局开展核查，省级部门和全省各局配合。")
    assert UNIT_LIKE.findall(rest) == ["省审计厅", "省林业局"]


@pytest.mark.parametrize(("style", "vague"), [("work_points", 1), ("articles", 0)])
def test_running_text_measures_name_their_doer_except_the_deliberately_vague_one(
    style: str, vague: int
) -> None:
    lines = BY_STYLE[style].text().split("\n")
    measures = [line for line in lines if re.match(r"（[一二三四五六七八九十]+）|第.{1,3}条 ", line)]
    known = [{units.resolve(name) for name in LONGEST_FIRST.findall(line)} for line in measures]
    doers = [[b for b in names if isinstance(b, units.UnitData)] for names in known]
    assert sum(1 for named in doers if not named) == vague


def test_lists_of_units_are_found_where_the_style_promises_them() -> None:
    counts = {style: len(unit_lists(paper)) for style, paper in BY_STYLE.items()}
    assert counts["opinions"] >= 26
    assert counts["action_plan"] == 16
    assert counts["three_year_plan"] == 30
    assert counts["division_table"] == 40
    assert counts["notice"] >= 26


def test_each_paper_keeps_the_form_of_its_style() -> None:
    text = {style: paper.text() for style, paper in BY_STYLE.items()}
    dated = r"（省.{2,40}牵头，.{2,40}配合，20\d\d年\d+月\d*日?底?前完成）"
    assert len(re.findall(dated, text["opinions"])) == 11
    assert len(re.findall(r"^责任单位：", text["action_plan"], re.M)) == 16
    for label in ("牵头单位", "配合单位", "完成时限"):
        assert len(re.findall(rf"^{label}：", text["three_year_plan"], re.M)) == 15
    assert "排在第一位的为牵头单位" in text["work_points"]
    assert "责任单位：" not in text["work_points"]
    assert len(re.findall(r"^\d+\t[^\t]+\t[^\t]+\t[^\t]+\t[^\t]+$", text["division_table"], re.M)) == 20
    assert "序号\t任务\t牵头单位\t配合单位\t完成时限" in text["division_table"]
    assert len(re.findall(r"^\(\d+\)", text["notice"], re.M)) == 18
    assert "（" not in text["notice"]
    assert "每季度末" in text["notice"] and "每月28日前" in text["notice"]
    assert len(re.findall(r"^第[一二三四五六七八九十]+条 ", text["articles"], re.M)) == 18


def test_every_row_of_the_division_table_is_read_with_its_doers_and_its_term() -> None:
    rows = [row for row in read_document(BY_STYLE["division_table"].text()).measures if row.path[0] == "表"]
    assert len(rows) == 20
    fields = [{fact.field for fact in row.facts} for row in rows]
    assert [row.path for row, found in zip(rows, fields, strict=True) if not {"lead", "coop"} <= found] == []
    assert sum("deadline" in found for found in fields) == 20


def test_due_months_lie_before_around_and_after_today() -> None:
    months = {(int(y), int(m)) for paper in POLICIES for y, m in DUE_DAY.findall(paper.text())}
    assert any(m < (2026, 9) and m > (2025, 6) for m in months)
    assert {(2026, 11), (2026, 12)} <= months
    assert any(m[0] == 2027 for m in months)


def test_two_papers_disagree_on_one_indicator_so_that_a_conflict_can_be_found() -> None:
    assert "2026年规模以上工业企业数字化改造覆盖率达到60%" in BY_STYLE["three_year_plan"].text()
    assert "规模以上工业企业数字化改造覆盖率达到65%" in BY_STYLE["division_table"].text()
