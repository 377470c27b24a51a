"""Lights turn at the instants the rule names, stand still when paused, and say what would change them."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sanban.base.calendar.axis import Axis
from sanban.base.calendar.published import published_spec
from sanban.base.light.engine import (
    Cause,
    Facts,
    Light,
    LightRule,
    Mend,
    colour,
    explain,
    instants,
    least_progress,
    next_at,
    resume,
)

AXIS = Axis(published_spec())
RULE = LightRule()
ONLY_DUE = LightRule(pace_tolerance=100, silence_minutes=0)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)


FACTS = Facts(start_at=at("2026-03-02 08:30"), due_at=at("2026-03-13 17:30"))


def test_amber_three_working_days_before_the_deadline_and_red_at_it() -> None:
    stored = instants(FACTS, ONLY_DUE, AXIS)
    assert (stored.yellow_at, stored.yellow_cause) == (at("2026-03-10 17:30"), Cause.DUE_SOON)
    assert (stored.red_at, stored.red_cause) == (at("2026-03-13 17:30"), Cause.OVERDUE)
    assert colour(stored, at("2026-03-10 17:29:59")) == (Light.GREEN, Cause.ON_TRACK)
    assert colour(stored, at("2026-03-10 17:30")) == (Light.AMBER, Cause.DUE_SOON)
    assert colour(stored, at("2026-03-13 17:30")) == (Light.RED, Cause.OVERDUE)


def test_a_two_day_matter_is_amber_for_its_second_half_only() -> None:
    short = replace(FACTS, due_at=at("2026-03-03 17:30"))
    assert instants(short, ONLY_DUE, AXIS).yellow_at == at("2026-03-02 17:30")


def test_deadline_warning_passes_over_the_national_holiday() -> None:
    facts = Facts(start_at=at("2026-09-01 08:30"), due_at=at("2026-10-09 17:30"))
    assert instants(facts, ONLY_DUE, AXIS).yellow_at == at("2026-09-29 17:30")


def test_pace_turns_amber_when_expectation_reaches_progress_and_tolerance() -> None:
    rule = LightRule(due_soon_minutes=0, silence_minutes=0)
    assert instants(FACTS, rule, AXIS).yellow_at == at("2026-03-03 17:30")
    reported = replace(FACTS, progress=31, reported_at=at("2026-03-03 09:00"))
    stored = instants(reported, rule, AXIS)
    assert (stored.yellow_at, stored.yellow_cause) == (at("2026-03-09 09:12"), Cause.PACE)
    assert instants(replace(FACTS, progress=80), rule, AXIS).yellow_at is None


def test_silence_turns_amber_ten_working_days_after_the_last_report() -> None:
    facts = replace(FACTS, due_at=None, reported_at=at("2026-09-24 10:00"))
    stored = instants(facts, RULE, AXIS)
    assert (stored.yellow_at, stored.yellow_cause) == (at("2026-10-15 10:00"), Cause.SILENCE)
    assert stored.red_at is None


def test_a_returned_report_and_children_turn_the_light_at_their_instants() -> None:
    returned = replace(FACTS, returned_at=at("2026-03-04 10:00"))
    assert colour(instants(returned, ONLY_DUE, AXIS), at("2026-03-04 10:00")) == (Light.AMBER, Cause.RETURNED)
    child = replace(FACTS, child_amber_at=at("2026-03-03 10:00"), child_red_at=at("2026-03-05 10:00"))
    stored = instants(child, ONLY_DUE, AXIS)
    assert colour(stored, at("2026-03-03 10:00")) == (Light.AMBER, Cause.CHILD)
    assert colour(stored, at("2026-03-05 10:00")) == (Light.RED, Cause.CHILD)


def test_next_turn_is_amber_then_red_then_none() -> None:
    stored = instants(FACTS, ONLY_DUE, AXIS)
    assert stored.next_at == at("2026-03-10 17:30")
    assert next_at(stored, at("2026-03-02 09:00")) == at("2026-03-10 17:30")
    assert next_at(stored, at("2026-03-10 17:30")) == at("2026-03-13 17:30")
    assert next_at(stored, at("2026-03-13 17:30")) is None


@pytest.mark.parametrize(
    ("state", "light", "cause"),
    [
        ("idle", Light.IDLE, Cause.NOT_STARTED),
        ("paused", Light.IDLE, Cause.PAUSED),
        ("closed", Light.CONCLUDED, Cause.CONCLUDED),
    ],
)
def test_the_clock_stands_still_outside_open_work(state: str, light: Light, cause: Cause) -> None:
    facts = replace(FACTS, state=state, paused_at=at("2026-03-03 10:00"))  # type: ignore[arg-type]
    stored = instants(facts, RULE, AXIS)
    assert colour(stored, at("2026-06-01 10:00")) == (light, cause)
    assert (stored.yellow_at, stored.red_at, next_at(stored, at("2026-03-01 10:00"))) == (None, None, None)


def test_a_pause_over_a_weekend_moves_the_deadline_by_working_time_only() -> None:
    paused = replace(
        FACTS, state="paused", paused_at=at("2026-03-06 16:30"), reported_at=at("2026-03-05 10:00")
    )
    resumed = resume(paused, at("2026-03-09 09:30"), AXIS)
    assert resumed.state == "open"
    assert resumed.paused_at is None
    assert resumed.start_at == at("2026-03-02 10:30")
    assert resumed.due_at == at("2026-03-16 10:30")
    assert resumed.reported_at == at("2026-03-05 14:00")


def test_a_pause_wholly_outside_working_time_moves_nothing() -> None:
    paused = replace(FACTS, state="paused", paused_at=at("2026-03-06 18:00"))
    assert resume(paused, at("2026-03-08 18:00"), AXIS) == FACTS


def test_only_paused_facts_can_be_resumed() -> None:
    with pytest.raises(ValueError, match="paused"):
        resume(FACTS, at("2026-03-08 18:00"), AXIS)


def test_explanation_names_cause_beginning_next_turn_and_cure() -> None:
    rule = LightRule(due_soon_minutes=0, silence_minutes=0, version=3)
    told = explain(FACTS, rule, AXIS, at("2026-03-05 08:30"))
    assert (told.light, told.cause, told.since) == (Light.AMBER, Cause.PACE, at("2026-03-03 17:30"))
    assert (told.next_light, told.next_at) == (Light.RED, at("2026-03-13 17:30"))
    assert told.next_cause is Cause.OVERDUE
    assert told.mend == (Mend(code="report_progress", cause=Cause.PACE, at_least=11),)
    assert (told.rule_version, told.also, told.provisional) == (3, (), False)


def test_the_progress_named_as_cure_is_the_least_that_cures() -> None:
    rule = LightRule(due_soon_minutes=0, silence_minutes=0)
    for day in range(4, 14):
        now = at(f"2026-03-{day:02d} 15:17")
        least = least_progress(FACTS, rule, AXIS, now)
        assert least is not None
        for progress, light in ((least, Light.GREEN), (least - 1, Light.AMBER)):
            stored = instants(replace(FACTS, progress=progress), rule, AXIS)
            if now < at("2026-03-13 17:30"):
                assert colour(stored, now)[0] is light


def test_a_next_turn_in_an_unpublished_year_is_marked_provisional() -> None:
    facts = Facts(start_at=at("2026-12-21 08:30"), due_at=at("2027-01-08 17:30"))
    assert explain(facts, ONLY_DUE, AXIS, at("2026-12-22 08:30")).provisional


def test_every_light_and_cause_has_an_id() -> None:
    assert {light.id for light in Light} == {"red", "amber", "green", "idle", "concluded"}
    assert len({cause.id for cause in Cause}) == 10


def test_a_rule_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        LightRule(pace_tolerance=101)
