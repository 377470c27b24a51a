"""The naive reference: walks from day to day and stretch to stretch, and never moves a stored instant.

It shares nothing with the axis or the engine but the wording of the rule. Time is seconds since midnight of the
first day of the calendar in Shanghai (a fixed eight hours ahead of UTC).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

MORNING_AND_AFTERNOON = [(510, 720), (840, 1050)]


@dataclass(frozen=True)
class History:
    """What happened to one matter, as (second, kind, value), in order."""

    start: int
    due: int | None
    state: str
    events: list[tuple[int, str, object]] = field(default_factory=list)


class Days:
    """The calendar as a plain list of days, each a list of worked stretches in minutes."""

    def __init__(
        self,
        first: date,
        count: int,
        week: list[list[tuple[int, int]]],
        exceptions: dict[date, str],
        all_day: bool,
    ) -> None:
        self.midnight = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=8)
        ordinary = next((hours for hours in week if hours), MORNING_AND_AFTERNOON)
        self.stretches: list[list[tuple[int, int]]] = []
        for number in range(count):
            day = first + timedelta(days=number)
            hours = week[day.weekday()]
            kind = exceptions.get(day)
            if all_day:
                hours = [(0, 1440)]
            elif kind == "holiday":
                hours = []
            elif kind is not None:
                hours = hours or ordinary
                if kind == "morning":
                    hours = [(a, b) for a, b in hours if b <= 720]
                if kind == "afternoon":
                    hours = [(a, b) for a, b in hours if a >= 720]
            self.stretches.append(list(hours))
        self.totals = [sum(b - a for a, b in day) for day in self.stretches]

    def second(self, instant: datetime) -> int:
        return (instant - self.midnight) // timedelta(seconds=1)

    def instant(self, second: int) -> datetime:
        return self.midnight + timedelta(seconds=second)

    def worked(self, a: int, b: int) -> int:
        """Whole working minutes between two seconds; negative in reverse order."""
        if b < a:
            return -self.worked(b, a)
        day, minute = divmod(a // 60, 1440)
        last, until = divmod(b // 60, 1440)
        if day == last:
            return sum(max(0, min(y, until) - max(x, minute)) for x, y in self.stretches[day])
        first_part = sum(max(0, y - max(x, minute)) for x, y in self.stretches[day])
        last_part = sum(max(0, min(y, until) - x) for x, y in self.stretches[last])
        return first_part + sum(self.totals[day + 1 : last]) + last_part

    def walk(self, a: int, minutes: int, *, into_work: bool) -> int:
        """Go on from a second until so many minutes are worked; `into_work`: on to where work goes on."""
        if minutes == 0:
            return a
        day, minute = divmod(a // 60, 1440)
        left = minutes
        while True:
            for x, y in self.stretches[day]:
                begin = max(x, minute)
                if begin >= y:
                    continue
                if left < y - begin or (left == y - begin and not into_work):
                    return (day * 1440 + begin + left) * 60
                left -= y - begin
            day, minute = day + 1, 0


def light(days: Days, rule: dict[str, int], history: History, now: int) -> tuple[str, frozenset[str]]:
    """The colour at a second and every reason that holds, from the history up to that second."""
    seen = _look_back(days, history, now)
    if seen.state != "open":
        return {
            "idle": ("idle", frozenset({"not_started"})),
            "paused": ("idle", frozenset({"paused"})),
            "closed": ("concluded", frozenset({"concluded"})),
        }[seen.state]
    red, amber = set(), set()
    start = days.walk(history.start, seen.lost, into_work=True)
    elapsed = days.worked(history.start, now) - seen.lost
    if seen.due is not None:
        due = days.walk(seen.due, seen.lost_since_due, into_work=False)
        if now >= due:
            red.add("overdue")
        if due > start and now >= start:
            amber |= _against_due(days, rule, seen, elapsed, now)
    quiet = elapsed
    if seen.reported is not None:
        quiet = min(quiet, days.worked(seen.reported, now) - seen.lost_since_report)
    if rule["silence"] and quiet >= rule["silence"]:
        amber.add("silence")
    if seen.returned:
        amber.add("returned")
    if seen.child_amber is not None and now >= seen.child_amber:
        amber.add("child")
    if seen.child_red is not None and now >= seen.child_red:
        red.add("child")
    if red:
        return "red", frozenset(red | amber)
    if amber:
        return "amber", frozenset(amber)
    return "green", frozenset({"on_track"})


@dataclass
class _Seen:
    state: str
    due: int | None
    progress: int = 0
    reported: int | None = None
    returned: bool = False
    paused: int = 0
    lost: int = 0
    lost_since_due: int = 0
    lost_since_report: int = 0
    child_amber: int | None = None
    child_red: int | None = None


def _against_due(days: Days, rule: dict[str, int], seen: _Seen, elapsed: int, now: int) -> set[str]:
    """Reasons that need a deadline: little time left, or progress behind the straight line."""
    assert seen.due is not None
    left = days.worked(now, seen.due) + seen.lost_since_due
    span = elapsed + left
    found = set()
    if rule["due_soon"] and left <= min(rule["due_soon"], span * rule["share"] // 100):
        found.add("due_soon")
    wanted = seen.progress + rule["tolerance"]
    if wanted < 100 and span > 0 and 100 * elapsed >= wanted * span:
        found.add("pace")
    return found


def _look_back(days: Days, history: History, now: int) -> _Seen:
    seen = _Seen(state=history.state, due=history.due)
    for at, kind, value in history.events:
        if at > now:
            break
        if kind == "begin":
            seen.state = "open"
        elif kind == "close":
            seen.state = "closed"
        elif kind == "pause":
            seen.state, seen.paused = "paused", at
        elif kind == "resume":
            seen.state = "open"
            away = days.worked(seen.paused, at)
            seen.lost += away
            seen.lost_since_due += away
            if seen.reported is not None:
                seen.lost_since_report += days.worked(max(seen.paused, seen.reported), at)
        elif kind == "report":
            seen.progress, seen.reported, seen.returned = int(str(value)), at, False
            seen.lost_since_report = 0
        elif kind == "return":
            seen.returned = True
        elif kind == "extend":
            seen.due, seen.lost_since_due = int(str(value)), 0
        elif kind == "child":
            seen.child_amber, seen.child_red = value  # type: ignore[misc]
    return seen
