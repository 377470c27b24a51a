"""An explanation is said in whole sentences, in the office's words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sanban.base.calendar.axis import Axis
from sanban.base.calendar.published import published_spec
from sanban.base.light.engine import Cause, Facts, Light, LightRule, explain
from sanban.base.light.words import CAUSE_NAMES, LIGHT_NAMES, MEND_SENTENCES, sentences

AXIS = Axis(published_spec())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


FACTS = Facts(start_at=at("2026-03-02 08:30"), due_at=at("2026-03-13 17:30"))


def test_explanation_is_said_in_whole_sentences() -> None:
    rule = LightRule(due_soon_minutes=0, silence_minutes=0, version=3)
    assert sentences(explain(FACTS, rule, AXIS, at("2026-03-05 08:30"))) == [
        "黄灯：落后序时进度，自 2026-03-03 17:30 起。",
        "如无变化，2026-03-13 17:30 将转为红灯（超期）。",
        "反馈进度达到 11% 及以上，即可消除“落后序时进度”。",
        "依据亮灯规则第 3 版。",
    ]


def test_a_provisional_turn_says_so() -> None:
    facts = Facts(start_at=at("2026-12-21 08:30"), due_at=at("2027-01-08 17:30"))
    rule = LightRule(pace_tolerance=100, due_soon_share=0, silence_minutes=0)
    said = sentences(explain(facts, rule, AXIS, at("2026-12-22 08:30")))
    assert said[0] == "绿灯：按序时推进。"
    assert said[-2] == "所涉年度放假安排尚未公布，上述时间为暂定。"


def test_several_causes_are_all_named_with_one_cure_each() -> None:
    said = sentences(explain(FACTS, LightRule(), AXIS, at("2026-03-30 09:00")))
    assert said[:2] == ["红灯：超期，自 2026-03-13 17:30 起。", "同时存在：落后序时进度、临期、久未反馈。"]
    assert said[2] == "办结，或获批延期，即可消除“超期”；现时限为 2026-03-13 17:30。"
    assert len(said) == 6


def test_every_light_cause_and_cure_has_words() -> None:
    assert set(LIGHT_NAMES) == set(Light)
    assert set(CAUSE_NAMES) == set(Cause)
    assert all(str(sentence) for sentence in MEND_SENTENCES.values())
