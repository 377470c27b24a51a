"""Time grammar: what each way of writing a time means."""

from datetime import date

import pytest

from sanban.study.assistant.reading.dates import Issue, parse_day, read_times
from sanban.study.assistant.reading.signs import view

ISSUE = Issue(date(2019, 1, 9))


def _times(text: str, issue: Issue = ISSUE, *, slot: bool = False) -> list[tuple[str, str]]:
    """Value and confidence of every time in a text."""
    return [(due.value, due.confidence) for due in read_times(view(text), 0, len(text), issue, slot=slot)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2019年6月底前完成", "2019-06-30"),
        ("２０１９年６月底前完成", "2019-06-30"),
        ("2019年2月底前完成", "2019-02-28"),
        ("2020年2月底前完成", "2020-02-29"),
        ("2019年6月15日前报送", "2019-06-15"),
        ("二〇一九年十一月底前完成", "2019-11-30"),
        ("2019年底前完成", "2019-12-31"),
        ("2019年年底前完成", "2019-12-31"),
        ("到2020年，全面建成", "2020-12-31"),
        ("到2020年底，实现全覆盖", "2020-12-31"),
        ("2019年第三季度前完成", "2019-09-30"),
        ("2019年上半年前完成", "2019-06-30"),
        ("2019年9月完成验收", "2019-09-30"),
        ("2019年4月至10月开展整治", "2019-04-01/2019-10-31"),
        ("2019年11月1日—2020年3月31日开展整治", "2019-11-01/2020-03-31"),
        ("2019—2021年分批实施", "2019-01-01/2021-12-31"),
        ("自2019年7月1日起实行", "from:2019-07-01"),
        ("从2020年起实行", "from:2020-01-01"),
        ("30日内提出方案", "P30D"),
        ("三十日内提出方案", "P30D"),
        ("20个工作日内办结", "P20D"),
        ("确保1年内完成", "P1Y"),
        ("在2—3年内调整到位", "P3Y"),
        ("6个月内完成", "P6M"),
        ("半年内完成", "P6M"),
        ("每年开展评估", "R:yearly"),
        ("每半年通报一次", "R:P6M"),
        ("每两年开展一次评估", "R:P2Y"),
        ("每5年修订编制一次", "R:P5Y"),
        ("每月28日前报送", "R:monthly:28"),
        ("每季度末月30日前报送", "R:quarterly"),
    ],
)
def test_a_written_time_is_read_as(text, value):
    assert _times(text) == [(value, "explicit")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9月底前完成", "2019-09-30"),
        ("年底前完成", "2019-12-31"),
        ("今年6月底前完成", "2019-06-30"),
        ("明年6月底前完成", "2020-06-30"),
        ("三季度前完成", "2019-09-30"),
    ],
)
def test_a_year_that_is_not_written_comes_from_the_day_of_issue_and_is_marked_inferred(text, value):
    assert _times(text) == [(value, "inferred")]


def test_a_month_already_past_at_issue_means_the_next_year():
    assert _times("2月底前完成", Issue(date(2018, 12, 26))) == [("2019-02-28", "inferred")]


def test_a_year_in_the_title_outweighs_the_day_of_issue():
    assert _times("9月底前完成", Issue(date(2023, 12, 20), 2024)) == [("2024-09-30", "inferred")]


def test_without_any_year_to_infer_from_nothing_is_claimed():
    assert _times("9月底前完成", Issue()) == []


@pytest.mark.parametrize(
    "text",
    [
        "《清江省三年行动计划（2019—2021年）》",
        "2018年11月印发意见",
        "2018年底已完成",
        "近3年内没有事故",
        "距退休年龄五年以内的人员",
        "在年中和年底通报",
        "2019年以来成绩明显",
        "全省长期存在的问题",
        "2019年13月底前完成",
    ],
)
def test_background_times_are_no_deadlines(text):
    assert _times(text) == []


def test_in_a_deadline_slot_a_bare_month_and_a_permanent_duty_are_deadlines():
    assert _times("2019年9月", slot=True) == [("2019-09-30", "explicit")]
    assert _times("长期坚持", slot=True) == [("LONG", "explicit")]
    assert _times("2019年9月") == []


def test_several_dates_in_one_measure_are_all_kept_with_their_places():
    text = "原则上于2019年6月底前移交；2019年12月底前完成规划，2020年12月底前竣工。"
    dues = read_times(text, 0, len(text), ISSUE)
    assert [due.value for due in dues] == ["2019-06-30", "2019-12-31", "2020-12-31"]
    assert [text[due.start : due.end] for due in dues] == [
        "2019年6月底前",
        "2019年12月底前",
        "2020年12月底前",
    ]


def test_a_day_line_is_a_whole_day_or_nothing():
    assert parse_day("二〇〇四年三月二日") == date(2004, 3, 2)
    assert parse_day("2019 年 1 月 9 日") == date(2019, 1, 9)
    assert parse_day("2019年1月") is None
