"""Statutory holidays and make-up workdays as published by the General Office of the State Council.

2025 and 2026 are the published years. From 2027 on nothing is published yet, so the calendar knows weekends
only and says that it is provisional. Years before 2025 are kept for old records and know weekends only.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from sanban.base.calendar.axis import CalendarSpec, DayKind

FIRST_DAY: Final = date(2015, 1, 1)
LAST_DAY: Final = date(2040, 12, 31)
PROVISIONAL_FROM: Final = date(2027, 1, 1)

HOLIDAYS: Final[tuple[tuple[date, date, str], ...]] = (
    (date(2025, 1, 1), date(2025, 1, 1), "元旦"),
    (date(2025, 1, 28), date(2025, 2, 4), "春节"),
    (date(2025, 4, 4), date(2025, 4, 6), "清明节"),
    (date(2025, 5, 1), date(2025, 5, 5), "劳动节"),
    (date(2025, 5, 31), date(2025, 6, 2), "端午节"),
    (date(2025, 10, 1), date(2025, 10, 8), "国庆节、中秋节"),
    (date(2026, 1, 1), date(2026, 1, 3), "元旦"),
    (date(2026, 2, 15), date(2026, 2, 23), "春节"),
    (date(2026, 4, 4), date(2026, 4, 6), "清明节"),
    (date(2026, 5, 1), date(2026, 5, 5), "劳动节"),
    (date(2026, 6, 19), date(2026, 6, 21), "端午节"),
    (date(2026, 9, 25), date(2026, 9, 27), "中秋节"),
    (date(2026, 10, 1), date(2026, 10, 7), "国庆节"),
)
"""First day, last day, name."""

WORKDAYS: Final[tuple[tuple[date, str], ...]] = (
    (date(2025, 1, 26), "春节调休"),
    (date(2025, 2, 8), "春节调休"),
    (date(2025, 4, 27), "劳动节调休"),
    (date(2025, 9, 28), "国庆节调休"),
    (date(2025, 10, 11), "国庆节调休"),
    (date(2026, 1, 4), "元旦调休"),
    (date(2026, 2, 14), "春节调休"),
    (date(2026, 2, 28), "春节调休"),
    (date(2026, 5, 9), "劳动节调休"),
    (date(2026, 9, 20), "国庆节调休"),
    (date(2026, 10, 10), "国庆节调休"),
)


def published_days() -> list[tuple[date, DayKind, str]]:
    """Every dated exception with its name, in order of date."""
    days: list[tuple[date, DayKind, str]] = []
    for first, last, name in HOLIDAYS:
        span = (last - first).days + 1
        days.extend((first + timedelta(days=n), DayKind.HOLIDAY, name) for n in range(span))
    days.extend((day, DayKind.WORKDAY, name) for day, name in WORKDAYS)
    return sorted(days)


def published_spec() -> CalendarSpec:
    """The calendar the house starts with until an office publishes its own version."""
    return CalendarSpec(
        first_day=FIRST_DAY,
        last_day=LAST_DAY,
        provisional_from=PROVISIONAL_FROM,
        exceptions={day: kind for day, kind, _name in published_days()},
    )
