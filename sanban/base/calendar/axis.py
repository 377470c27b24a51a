"""Working time as one rising line: working minutes since the first day of the calendar (§4.1, §7.3).

Every deadline question of the house ("how many working minutes lie between", "when are three working days
over") is a subtraction on this line and one bisect, whatever the length of the span.
A working minute counts when it is over, so seconds never change a count.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Literal
from zoneinfo import ZoneInfo

Span = tuple[int, int]
"""One stretch of work inside a day: minutes after local midnight, end excluded (1440 = 24:00)."""
Hours = tuple[Span, ...]
Side = Literal["end", "start"]

STANDARD_HOURS: Final[Hours] = ((510, 720), (840, 1050))
"""08:30-12:00 and 14:00-17:30: 420 minutes."""
DAY_MINUTES: Final = 420
DUTY_HOURS: Final[Hours] = ((0, 1440),)
STANDARD_WEEK: Final[tuple[Hours, ...]] = (STANDARD_HOURS,) * 5 + ((), ())
_NOON: Final = 720
_MINUTE: Final = timedelta(minutes=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class DayKind(StrEnum):
    """How a dated exception differs from its weekday."""

    HOLIDAY = "holiday"
    """放假: no work."""
    WORKDAY = "workday"
    """调休上班: a weekend day worked with the hours of an ordinary working day."""
    MORNING = "morning"
    """半天,上午上班: the stretches that end by noon are worked."""
    AFTERNOON = "afternoon"
    """半天,下午上班: the stretches that begin at noon or later are worked."""


class OutsideCalendar(ValueError):
    """The instant lies before the first or after the last day the calendar knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSpec:
    """All that decides working time, as versioned data."""

    first_day: date
    last_day: date
    provisional_from: date | None = None
    """From this day on the State Council has not published holidays: weekends only, shown as provisional."""
    week: tuple[Hours, ...] = STANDARD_WEEK
    """Hours of Monday to Sunday."""
    exceptions: Mapping[date, DayKind] = field(default_factory=dict)
    timezone: str = "Asia/Shanghai"
    duty24: bool = False
    """Emergency duty: every minute of every day counts; exceptions and hours are set aside."""

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError("last_day lies before first_day; give a calendar of at least one day")
        if len(self.week) != 7:
            raise ValueError("week needs seven entries, Monday to Sunday")
        for weekday, hours in enumerate(self.week):
            check_hours(hours, where=f"weekday {weekday + 1}")

    def full_day(self) -> Hours:
        """Hours of an ordinary working day: those of the first weekday that has any."""
        return next((hours for hours in self.week if hours), STANDARD_HOURS)

    def hours(self, day: date) -> Hours:
        """Hours actually worked on a day."""
        if self.duty24:
            return DUTY_HOURS
        kind = self.exceptions.get(day)
        weekly = self.week[day.weekday()]
        if kind is None:
            return weekly
        if kind is DayKind.HOLIDAY:
            return ()
        full = weekly or self.full_day()
        if kind is DayKind.MORNING:
            return tuple(span for span in full if span[1] <= _NOON)
        if kind is DayKind.AFTERNOON:
            return tuple(span for span in full if span[0] >= _NOON)
        return full


def check_hours(hours: Hours, *, where: str) -> None:
    """Stretches must lie inside the day, be in order and not touch backwards."""
    last = 0
    for start, end in hours:
        if not last <= start < end <= 1440:
            raise ValueError(f"hours of {where}: {start}-{end} overlap, run backwards or leave the day")
        last = end


class Axis:
    """The cumulative working-minute axis of one calendar version; immutable, shared by threads."""

    __slots__ = ("_before", "_begin", "_finish", "_starts", "_through", "_zone", "spec", "total")

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self._zone = ZoneInfo(spec.timezone)
        self._starts: list[int] = []
        """Epoch minute at which each stretch begins."""
        self._before: list[int] = []
        """Working minutes done before each stretch."""
        self._through: list[int] = []
        """Working minutes done when each stretch ends."""
        self.total = 0
        self._lay()
        self._begin = self._local_minute(spec.first_day, 0)
        self._finish = self._local_minute(spec.last_day, 1440)

    def _lay(self) -> None:
        day, one = self.spec.first_day, timedelta(days=1)
        while day <= self.spec.last_day:
            for start, end in self.spec.hours(day):
                begin, finish = self._local_minute(day, start), self._local_minute(day, end)
                self._starts.append(begin)
                self._before.append(self.total)
                self.total += finish - begin
                self._through.append(self.total)
            day += one

    def _local_minute(self, day: date, minute: int) -> int:
        """Epoch minute of a wall-clock minute of a day; 1440 is the next midnight."""
        days, rest = divmod(minute, 1440)
        wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), self._zone)
        return _epoch_minute(wall)

    # -- counting -----------------------------------------------------------------------------------

    def minutes(self, instant: datetime) -> int:
        """Working minutes done from the first day of the calendar up to the instant."""
        minute = _epoch_minute(instant)
        if not self._begin <= minute <= self._finish:
            raise OutsideCalendar(self._outside(instant))
        at = bisect_right(self._starts, minute) - 1
        if at < 0:
            return 0
        return min(self._before[at] + minute - self._starts[at], self._through[at])

    def instant(self, minutes: int, side: Side = "end") -> datetime:
        """The instant at which a count is reached.

        `end` is the first instant with that count (work ends: 17:30), the side of due instants;
        `start` is the last one (work goes on: 08:30 of the next working day), the side of starts.
        """
        if not 0 <= minutes <= self.total:
            raise OutsideCalendar(
                f"working minute {minutes} lies outside the calendar (0 to {self.total}); "
                "publish a calendar version that reaches further"
            )
        if side == "start":
            at = bisect_right(self._before, minutes) - 1
            if at < 0 or minutes >= self._through[at]:
                return _EPOCH + self._finish * _MINUTE
            return _EPOCH + (self._starts[at] + minutes - self._before[at]) * _MINUTE
        if minutes == 0:
            return _EPOCH + self._begin * _MINUTE
        at = bisect_left(self._through, minutes)
        return _EPOCH + (self._starts[at] + minutes - self._before[at]) * _MINUTE

    def add(self, instant: datetime, minutes: int, side: Side = "end") -> datetime:
        """The instant after (or, negative, before) so many working minutes; adding none changes nothing."""
        if minutes == 0:
            return instant
        return self.instant(self.minutes(instant) + minutes, side)

    def between(self, start: datetime, end: datetime) -> int:
        """Working minutes from one instant to another; negative when they are in reverse order."""
        return self.minutes(end) - self.minutes(start)

    # -- days ---------------------------------------------------------------------------------------

    def is_working(self, instant: datetime) -> bool:
        """Whether the office works at the instant."""
        minute = _epoch_minute(instant)
        at = bisect_right(self._starts, minute) - 1
        return at >= 0 and minute < self._starts[at] + self._through[at] - self._before[at]

    def is_working_day(self, day: date) -> bool:
        """Whether any work is done on the day."""
        return bool(self.spec.hours(day))

    def next_working_day(self, day: date) -> date:
        """The day itself when it is worked, else the next one that is."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
            if day > self.spec.last_day:
                raise OutsideCalendar(self._outside(day))
        return day

    def end_of_day(self, day: date) -> datetime:
        """The due instant of a date: when that day's work ends.

        A day without work ends when an ordinary day would (17:30 of that very day). The date stands in an
        issued document, so it is never moved silently, neither to Friday (which would take time away) nor to
        Monday (which would give time nobody approved); forms warn and offer `next_working_day` instead.
        """
        hours = self.spec.hours(day) or self.spec.full_day()
        return _EPOCH + self._local_minute(day, hours[-1][1]) * _MINUTE

    def start_of_day(self, day: date) -> datetime:
        """The start instant of a date: when that day's work begins, 08:30 when there is none."""
        hours = self.spec.hours(day) or self.spec.full_day()
        return _EPOCH + self._local_minute(day, hours[0][0]) * _MINUTE

    def day_of(self, instant: datetime) -> date:
        """The calendar day on which an instant falls in the office's time zone."""
        return instant.astimezone(self._zone).date()

    def provisional(self, instant: datetime) -> bool:
        """Whether the instant falls where holidays are not published yet."""
        border = self.spec.provisional_from
        return border is not None and self.day_of(instant) >= border

    def covers(self, instant: datetime) -> bool:
        """Whether the calendar reaches the instant."""
        return self._begin <= _epoch_minute(instant) <= self._finish

    def _outside(self, what: date) -> str:
        return (
            f"{what.isoformat()} lies outside the calendar ({self.spec.first_day.isoformat()} to "
            f"{self.spec.last_day.isoformat()}); publish a calendar version that reaches it"
        )


def changed_days(old: CalendarSpec, new: CalendarSpec) -> list[date]:
    """Days whose hours differ between two calendars, over the days either of them knows."""
    day, last = min(old.first_day, new.first_day), max(old.last_day, new.last_day)
    changed: list[date] = []
    while day <= last:
        if _known_hours(old, day) != _known_hours(new, day):
            changed.append(day)
        day += timedelta(days=1)
    return changed


def _known_hours(spec: CalendarSpec, day: date) -> Hours | None:
    return spec.hours(day) if spec.first_day <= day <= spec.last_day else None


def _epoch_minute(instant: datetime) -> int:
    if instant.tzinfo is None:
        raise ValueError("the instant has no time zone; pass an aware datetime (UTC)")
    return (instant - _EPOCH) // _MINUTE
