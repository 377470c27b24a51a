"""The axis counts what the office works, and turns a count back into an instant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanban.base.calendar.axis import Axis, CalendarSpec, DayKind, OutsideCalendar, changed_days
from sanban.base.calendar.published import HOLIDAYS, WORKDAYS, published_days, published_spec

ZONE = ZoneInfo("Asia/Shanghai")
AXIS = Axis(published_spec())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def spec(**changes: object) -> CalendarSpec:
    plain: dict[str, object] = {"first_day": date(2026, 3, 2), "last_day": date(2026, 3, 31)}
    return CalendarSpec(**(plain | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-02 08:30", "2026-03-02 17:30", 420),
        ("2026-03-02 11:30", "2026-03-02 14:10", 40),
        ("2026-03-02 12:00", "2026-03-02 14:00", 0),
        ("2026-03-06 17:00", "2026-03-09 09:00", 60),
        ("2026-02-14 08:30", "2026-02-24 08:30", 420),
        ("2026-09-30 08:30", "2026-10-11 23:00", 4 * 420),
        ("2026-03-02 17:30", "2026-03-02 08:30", -420),
        ("2026-03-02 08:30:59", "2026-03-02 08:31:00", 1),
    ],
)
def test_working_minutes_between_two_instants(start: str, end: str, minutes: int) -> None:
    assert AXIS.between(at(start), at(end)) == minutes


def test_due_side_is_the_end_of_work_and_start_side_the_beginning_of_work() -> None:
    friday_evening = AXIS.minutes(at("2026-03-06 20:00"))
    assert AXIS.instant(friday_evening, "end") == at("2026-03-06 17:30")
    assert AXIS.instant(friday_evening, "start") == at("2026-03-09 08:30")


def test_adding_three_working_days_passes_over_the_national_holiday() -> None:
    assert AXIS.add(at("2026-09-30 10:00"), 3 * 420) == at("2026-10-10 10:00")
    assert AXIS.add(at("2026-10-12 10:00"), -4 * 420) == at("2026-09-30 10:00")


def test_adding_nothing_leaves_an_instant_outside_working_time_alone() -> None:
    assert AXIS.add(at("2026-03-07 12:00"), 0) == at("2026-03-07 12:00")


def test_a_date_is_due_when_its_own_work_ends() -> None:
    assert AXIS.end_of_day(date(2026, 3, 2)) == at("2026-03-02 17:30")
    assert AXIS.end_of_day(date(2026, 3, 7)) == at("2026-03-07 17:30")
    half = Axis(spec(exceptions={date(2026, 3, 9): DayKind.MORNING}))
    assert half.end_of_day(date(2026, 3, 9)) == at("2026-03-09 12:00")
    assert half.start_of_day(date(2026, 3, 9)) == at("2026-03-09 08:30")
    assert Axis(spec(duty24=True)).end_of_day(date(2026, 3, 7)) == at("2026-03-08 00:00")


def test_half_days_are_worked_on_their_own_side_of_noon() -> None:
    axis = Axis(spec(exceptions={date(2026, 3, 9): DayKind.MORNING, date(2026, 3, 14): DayKind.AFTERNOON}))
    assert axis.between(at("2026-03-09 00:00"), at("2026-03-10 00:00")) == 210
    assert not axis.is_working(at("2026-03-09 15:00"))
    assert axis.is_working(at("2026-03-14 15:00"))
    assert not axis.is_working(at("2026-03-14 09:00"))


def test_working_hours_include_their_first_minute_and_exclude_their_last() -> None:
    assert AXIS.is_working(at("2026-03-02 08:30"))
    assert not AXIS.is_working(at("2026-03-02 12:00"))
    assert not AXIS.is_working(at("2026-03-02 08:29:59"))
    assert not AXIS.is_working(at("2026-03-07 09:00"))


def test_duty_calendar_counts_every_minute() -> None:
    axis = Axis(spec(duty24=True, exceptions={date(2026, 3, 9): DayKind.HOLIDAY}))
    assert axis.between(at("2026-03-07 00:00"), at("2026-03-10 06:00")) == 3 * 1440 + 360
    assert axis.total == 30 * 1440


def test_published_make_up_days_are_weekends_and_no_day_is_listed_twice() -> None:
    days = [day for day, _kind, _name in published_days()]
    assert len(days) == len(set(days))
    assert all(day.weekday() >= 5 for day, _name in WORKDAYS)
    assert all(first <= last for first, last, _name in HOLIDAYS)


@pytest.mark.parametrize(("year", "worked"), [(2025, 248), (2026, 248)])
def test_published_years_have_their_working_days(year: int, worked: int) -> None:
    one = timedelta(days=1)
    days = [date(year, 1, 1) + n * one for n in range(365)]
    assert sum(AXIS.is_working_day(day) for day in days) == worked


def test_unpublished_years_are_provisional_and_know_weekends_only() -> None:
    assert not AXIS.provisional(at("2026-12-31 23:59"))
    assert AXIS.provisional(at("2027-01-01 00:00"))
    assert AXIS.is_working_day(date(2027, 10, 1))


def test_an_instant_outside_the_calendar_is_refused_with_its_bounds() -> None:
    axis = Axis(spec())
    with pytest.raises(OutsideCalendar, match="2026-03-02 to 2026-03-31"):
        axis.minutes(at("2026-04-02 09:00"))
    with pytest.raises(OutsideCalendar, match="reaches further"):
        axis.add(at("2026-03-30 09:00"), 5000)


def test_an_instant_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        AXIS.minutes(datetime.fromisoformat("2026-03-02T09:00"))


def test_hours_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="weekday 1"):
        spec(week=(((510, 720), (700, 1050)),) * 7)


def test_next_working_day_passes_over_a_holiday() -> None:
    assert AXIS.next_working_day(date(2026, 10, 1)) == date(2026, 10, 8)
    assert AXIS.next_working_day(date(2026, 10, 10)) == date(2026, 10, 10)


def test_changed_days_lists_days_whose_hours_differ() -> None:
    new = spec(exceptions={date(2026, 3, 9): DayKind.HOLIDAY, date(2026, 3, 14): DayKind.HOLIDAY})
    assert changed_days(spec(), new) == [date(2026, 3, 9)]
    assert changed_days(spec(), spec(last_day=date(2026, 4, 1))) == [date(2026, 4, 1)]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, AXIS.total - 1))
def test_count_and_instant_are_inverse_on_both_sides(minutes: int) -> None:
    assert AXIS.minutes(AXIS.instant(minutes, "end")) == minutes
    started = AXIS.instant(minutes, "start")
    assert AXIS.minutes(started) == minutes
    assert AXIS.is_working(started)
    if minutes:
        assert AXIS.minutes(AXIS.instant(minutes, "end") - timedelta(minutes=1)) == minutes - 1
