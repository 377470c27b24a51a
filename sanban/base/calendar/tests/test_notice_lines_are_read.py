"""A holiday notice is read line by line; every faulty line says how to mend it."""

from datetime import date

import pytest

from sanban.base.calendar.axis import DayKind
from sanban.base.calendar.rules import (
    NamedDay,
    join_days,
    next_provisional,
    read_hours,
    read_lines,
    write_hours,
    write_lines,
)


def test_single_days_ranges_and_chinese_dates_are_read() -> None:
    days, faults = read_lines(
        "# 2027 年\n2027-01-01,放假,元旦\n2027/2/6 至 2027/2/7，放假，春节\n"
        "2027年2月14日\t上班\t春节 调休\n2027-03-08 上午上班\n"
    )
    assert faults == []
    assert days == [
        NamedDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),
        NamedDay(date(2027, 2, 6), DayKind.HOLIDAY, "春节"),
        NamedDay(date(2027, 2, 7), DayKind.HOLIDAY, "春节"),
        NamedDay(date(2027, 2, 14), DayKind.WORKDAY, "春节 调休"),
        NamedDay(date(2027, 3, 8), DayKind.MORNING, ""),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("元旦 放假", "行首应为日期"),
        ("2027-02-30,放假", "没有 2027-02-30 这一天"),
        ("2027-01-01,元旦", "日期之后应写明"),
        ("2027-01-01", "日期之后应写明"),
        ("2027-02-07 至 2027-02-01,放假", "止日应不早于起日"),
        ("2027-02-07 至 2027-03-30,放假", "一段不超过 31 天"),
    ],
)
def test_a_faulty_line_is_named_with_its_number_and_remedy(line: str, words: str) -> None:
    days, faults = read_lines(f"2027-05-01,放假\n{line}")
    assert [day.date for day in days] == [date(2027, 5, 1)]
    assert [fault.number for fault in faults] == [2]
    assert words in faults[0].message


def test_a_day_named_twice_is_a_fault() -> None:
    _days, faults = read_lines("2027-05-01 至 2027-05-03,放假\n2027-05-02,上班")
    assert faults[0].message == "日期 2027-05-02 重复，请删去其中一行。"


def test_written_lines_read_back_the_same() -> None:
    days = [NamedDay(date(2027, 1, n + 1), kind, "说明") for n, kind in enumerate(DayKind)]
    assert read_lines(write_lines(days)) == (days, [])
    assert write_lines(days[:1]) == "2027-01-01,放假,说明"


def test_a_notice_replaces_the_years_it_names_and_no_other() -> None:
    old = [NamedDay(date(2026, 5, 1), DayKind.HOLIDAY), NamedDay(date(2027, 5, 1), DayKind.HOLIDAY)]
    new = [NamedDay(date(2027, 5, 2), DayKind.HOLIDAY)]
    assert join_days(old, new) == [old[0], new[0]]


def test_provisional_begins_after_the_last_named_year_and_never_moves_back() -> None:
    named = [NamedDay(date(2027, 5, 1), DayKind.HOLIDAY)]
    assert next_provisional(date(2027, 1, 1), named) == date(2028, 1, 1)
    assert next_provisional(date(2029, 1, 1), named) == date(2029, 1, 1)
    assert next_provisional(date(2027, 1, 1), []) == date(2027, 1, 1)


def test_hours_are_read_and_written() -> None:
    assert read_hours("9:00-12:00、13:30—18:00") == ((540, 720), (810, 1080))
    assert write_hours(((540, 720), (810, 1080))) == "09:00-12:00 13:30-18:00"


@pytest.mark.parametrize(
    "text", ["", "九点到十二点", "12:00-09:00", "08:30-12:00 11:00-17:30", "08:30-12:00 午休"]
)
def test_unreadable_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="工作时间应写作"):
        read_hours(text)
