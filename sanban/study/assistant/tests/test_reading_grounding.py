"""Grounding: no fact without words that say it, on any input."""

import re
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import sanban.study.assistant.reading as reading_package
from sanban.study.assistant.reading import (
    Fact,
    Reading,
    Target,
    Ungrounded,
    is_grounded,
    read_document,
    state,
    state_name,
)
from sanban.study.assistant.reading.signs import numerals, squeeze

from .papers import LIST, PLAN, TABLE

TEXT = "由省教育厅在2024年6月底前建成20所学校。"
CORPUS = Path(__file__).resolve().parents[4].parent / "shared" / "corpus"
PIECES = st.sampled_from(
    "一、 （一） 1. （1） ① 第一章 第三条 —— 2.1 \n \t | ， 。 ； ： （ ） 【 】 ( ) : ; 《 》 “ ” 、 和 等 及 "
    "各地和 "
    "省教育厅 市财政局 各县（市、区）人民政府 文化和旅游部 有关部门 牵头 配合 负责 会同 要 应当 请 由 设在 "
    "分别牵头 组成 工作小组 "
    "牵头单位： 责任单位： 完成时限： 责任人： 序号 任务 2024年 2019年13月 6月底前 二〇二四年 九月 年底前 "
    "每月28日前 每季度 30日内 自 起 至 "
    "2024—2026年 “十四五”末 长期坚持 不少于 达到 提高 1,200 95 % 万元 个百分点 以上 0.5 总体要求 工作目标 "
    "保障措施 附件： "
    "清政发〔2024〕1号 清江省人民政府令 第3号 2024年3月5日 排在第一位的为牵头单位 不再列出 "
    "各市人民政府均为责任单位， 責任單位 Ａ １２ \u3000".split(" ")
)
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=60).map("".join)
)


def _facts(reading: Reading) -> list[Fact]:
    inner = [fact for measure in (*reading.measures, *reading.goals) for fact in measure.facts]
    return [*reading.facts, *inner]


def _check(text: str) -> Reading:
    """Every fact says where it stands, independently of the code that made it."""
    reading = read_document(text)
    for measure in (*reading.measures, *reading.goals):
        assert text[measure.start : measure.end] == measure.text
        assert measure.text
    for fact in _facts(reading):
        quote = text[fact.start : fact.end]
        assert quote
        assert fact.rule
        assert is_grounded(text, fact)
        if isinstance(fact.value, Target):
            assert float(fact.value.value) in numerals(quote.replace(",", ""))
        elif fact.field not in ("deadline", "date"):
            assert squeeze(quote) == fact.value
    reading.as_dict()
    return reading


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example(PLAN)
@example(LIST)
@example(TABLE)
@example("（" * 500 + "负责" + "）" * 500)
@example("责任单位：" + "各地和" * 2000)
@example("一、" + "省教育厅、" * 3000 + "要负责")
def test_reading_never_raises_and_every_fact_quotes_its_span(text):
    _check(text)


def test_line_ends_of_another_system_do_not_move_a_span():
    text = PLAN.replace("\n", "\r\n")
    reading = _check(text)
    assert [measure.lead for measure in reading.measures] == [
        measure.lead for measure in read_document(PLAN).measures
    ]


def test_a_name_that_the_span_does_not_say_is_refused():
    assert state_name(TEXT, "lead", 1, 5, rule="test.name").value == "省教育厅"
    with pytest.raises(Ungrounded, match="省财政厅"):
        state(TEXT, "lead", "省财政厅", 1, 5, rule="test.name")


def test_an_explicit_year_that_the_span_does_not_say_is_refused():
    span = (6, 14)
    assert TEXT[span[0] : span[1]] == "2024年6月底"
    assert state(TEXT, "deadline", "2024-06-30", *span, rule="test.time").confidence == "explicit"
    with pytest.raises(Ungrounded):
        state(TEXT, "deadline", "2025-06-30", *span, rule="test.time")


def test_a_target_whose_number_or_unit_the_span_does_not_say_is_refused():
    start = TEXT.index("20所")
    assert state(TEXT, "target", Target("学校", "=", 20, "所"), start, start + 3, rule="test.target")
    for wrong in (Target("学校", "=", 21, "所"), Target("学校", "=", 20, "个")):
        with pytest.raises(Ungrounded):
            state(TEXT, "target", wrong, start, start + 3, rule="test.target")


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (5, 5), (5, 1), (0, 9999)])
def test_a_span_outside_the_text_or_empty_is_refused(start, end):
    with pytest.raises(Ungrounded):
        state_name(TEXT, "lead", start, end, rule="test.span")


def test_a_fact_without_a_rule_or_of_an_unknown_field_is_refused():
    with pytest.raises(Ungrounded):
        state_name(TEXT, "lead", 1, 5, rule="")
    with pytest.raises(Ungrounded):
        state_name(TEXT, "mood", 1, 5, rule="test.field")


def test_facts_are_made_in_one_place_only():
    folder = Path(str(reading_package.__file__)).parent
    makers = {
        path.name for path in folder.glob("*.py") if re.search(r"\bFact\(", path.read_text(encoding="utf-8"))
    }
    assert makers == {"grounding.py"}


def test_the_engine_imports_no_framework():
    folder = Path(str(reading_package.__file__)).parent
    for path in folder.glob("*.py"):
        assert not re.search(r"^\s*(?:from|import) django", path.read_text(encoding="utf-8"), re.M)


def test_every_paper_of_the_corpus_reads_with_grounded_facts_where_the_corpus_is_present():
    papers = sorted(CORPUS.glob("[A-Z][0-9]*.txt"))
    if not papers:
        sys.stdout.write(
            "The corpus folder is not beside this repository: no real paper was read by this test.\n"
        )
    for path in papers:
        _check(path.read_bytes().decode("utf-8"))
    sys.stdout.write(f"{len(papers)} real papers read.\n")
