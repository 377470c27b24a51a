"""The calendar in force, as data and as the axis; both are kept per process until a new version comes."""

import calendar as months
import threading
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from django.db import connection

from sanban.base.calendar.axis import Axis, CalendarSpec, DayKind, changed_days
from sanban.base.calendar.models import CalendarVersion
from sanban.base.calendar.published import published_days, published_spec
from sanban.base.calendar.rules import NamedDay, spec_of

BUILT_IN = 0
"""Number of the calendar that holds until the first version is published."""


class Reader(Protocol):
    """Everybody who has signed in may see the calendar."""

    @property
    def ref(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Calendar:
    """One version with its named days."""

    number: int
    name: str
    published_at: datetime | None
    spec: CalendarSpec
    days: tuple[NamedDay, ...]


@dataclass(frozen=True, slots=True)
class DayCell:
    """One square of the year: its date, whether it is worked, and why it differs from its weekday."""

    date: date
    worked: bool
    kind: DayKind | None
    note: str
    today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the year page; weeks begin on Monday, None stands before the first and after the last day."""

    number: int
    provisional: bool
    worked: int
    weeks: list[list[DayCell | None]]


_lock = threading.Lock()
_calendars: dict[int, Calendar] = {}
_axes: dict[tuple[int, bool], Axis] = {}


def current_axis(actor: Reader | None = None, *, duty24: bool = False) -> Axis:
    """The working-minute axis of the calendar in force: one small indexed query, then memory.

    The calendar is public, so nobody need be named; acts of the clock ask without an actor.
    `duty24` gives the emergency clock, on which every minute counts. Take it once for a batch of many rows.
    """
    key = _current_key()
    axis = _axes.get((key, duty24))
    if axis is None:
        axis = Axis(replace(_load(key).spec, duty24=duty24))
        with _lock:
            if len(_axes) >= 8:
                _axes.clear()
            _axes[(key, duty24)] = axis
    return axis


def current_calendar(*, actor: Reader) -> Calendar:
    """The version in force with its named days."""
    return _load(_current_key())


def changed_since(*, actor: Reader, number: int) -> list[date]:
    """Days whose hours differ between version `number` (0 is the built-in calendar) and the one in force."""
    row = CalendarVersion.objects.filter(number=number).values_list("pk", flat=True).first()
    return changed_days(_load(row or BUILT_IN).spec, current_calendar(actor=actor).spec)


def versions(*, actor: Reader) -> list[CalendarVersion]:
    """All published versions, newest first."""
    return list(CalendarVersion.objects.order_by("-number"))


def year_months(*, actor: Reader, calendar: Calendar, year: int, today: date) -> list[Month]:
    """The twelve months of a year as squares, holidays and make-up days named."""
    named = {day.date: day for day in calendar.days}
    border = calendar.spec.provisional_from
    made: list[Month] = []
    for number in range(1, 13):
        weeks = [
            [_cell(calendar.spec, named, day, today) if day.month == number else None for day in week]
            for week in months.Calendar().monthdatescalendar(year, number)
        ]
        worked = sum(1 for week in weeks for cell in week if cell and cell.worked)
        made.append(Month(number, border is not None and date(year, number, 1) >= border, worked, weeks))
    return made


def _cell(spec: CalendarSpec, named: dict[date, NamedDay], day: date, today: date) -> DayCell:
    exception = named.get(day)
    note = exception.note if exception else ""
    return DayCell(day, bool(spec.hours(day)), exception.kind if exception else None, note, day == today)


def _current_key() -> int:
    """Row id of the newest version; ids are never used twice, so a kept axis can never be a wrong one.

    Plain SQL: every act, most pages and every look of the clock ask it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM calendar_calendarversion ORDER BY number DESC LIMIT 1")
        row = cursor.fetchone()
    return int(row[0]) if row else BUILT_IN


def _load(key: int) -> Calendar:
    kept = _calendars.get(key)
    if kept is None:
        kept = _built_in() if key == BUILT_IN else _read(CalendarVersion.objects.get(id=key))
        with _lock:
            if len(_calendars) >= 8:
                _calendars.clear()
            _calendars[key] = kept
    return kept


def _built_in() -> Calendar:
    days = tuple(NamedDay(*day) for day in published_days())
    return Calendar(BUILT_IN, "", None, published_spec(), days)


def _read(row: CalendarVersion) -> Calendar:
    days = tuple(NamedDay(day.date, DayKind(day.kind), day.note) for day in row.days.order_by("date"))
    spec = spec_of(
        days=days,
        week=row.week,
        first_day=row.first_day,
        last_day=row.last_day,
        provisional_from=row.provisional_from,
    )
    return Calendar(row.number, row.name, row.published_at, spec, days)
