"""Reading a holiday notice as pasted lines, and joining it to the calendar in force."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from sanban.base.access.actor import Actor
from sanban.base.calendar.axis import CalendarSpec, DayKind, Hours, check_hours

PUBLISHERS: Final = frozenset({"admin", "dispatcher"})
"""系统管理员 and 综合办交办员 may publish."""
NOT_YOURS: Final = _lazy("只有系统管理员或综合办交办员可以发布工作日历。")
KINDS: Final = {
    "放假": DayKind.HOLIDAY,
    "休": DayKind.HOLIDAY,
    "上班": DayKind.WORKDAY,
    "调休上班": DayKind.WORKDAY,
    "班": DayKind.WORKDAY,
    "上午上班": DayKind.MORNING,
    "下午上班": DayKind.AFTERNOON,
    **{kind.value: kind for kind in DayKind},
}
LONGEST_HOLIDAY: Final = 31
_SPLIT: Final = re.compile(r"[,，\t;；]+|\s{1,}")
_DATE: Final = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})\s*[-~–—至]\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """One dated exception with its reason."""

    date: date
    kind: DayKind
    note: str = ""


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with one pasted line, in words that say how to mend it."""

    number: int
    message: str


def may_publish(actor: Actor) -> bool:
    """Whether the actor may publish a calendar version."""
    return actor.system or bool(actor.roles & PUBLISHERS)


def read_lines(text: str) -> tuple[list[NamedDay], list[LineFault]]:
    """Dated exceptions from lines `date[ to date], kind, note`; empty lines and lines after # are passed over."""
    found: dict[date, NamedDay] = {}
    faults: list[LineFault] = []
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            days = _read_line(line)
            twice = next((day.date for day in days if day.date in found), None)
            if twice is not None:
                raise ValueError(_("日期 %(date)s 重复，请删去其中一行。") % {"date": twice.isoformat()})
        except ValueError as fault:
            faults.append(LineFault(number, str(fault)))
            continue
        found |= {day.date: day for day in days}
    return sorted(found.values(), key=lambda day: day.date), faults


def _read_line(line: str) -> list[NamedDay]:
    dates = list(_DATE.finditer(line))
    if not dates or dates[0].start() != 0 or len(dates) > 2:
        raise ValueError(_("行首应为日期，如 2027-01-01，或起止日期，如 2027-02-05 至 2027-02-12。"))
    first, last = _date(dates[0]), _date(dates[-1])
    if not 0 <= (last - first).days < LONGEST_HOLIDAY:
        raise ValueError(_("止日应不早于起日，且一段不超过 31 天。"))
    rest = [part for part in _SPLIT.split(line[dates[-1].end() :].strip(" ,，\t;；")) if part]
    kind = KINDS.get(rest[0].lower()) if rest else None
    if kind is None:
        raise ValueError(_("日期之后应写明：放假、上班、上午上班 或 下午上班。"))
    note = " ".join(rest[1:])[:40]
    return [NamedDay(first + timedelta(days=n), kind, note) for n in range((last - first).days + 1)]


def _date(match: re.Match[str]) -> date:
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(_("没有 %(text)s 这一天，请核对日期。") % {"text": match.group(0)}) from None


def write_lines(days: Iterable[NamedDay]) -> str:
    """The same lines back, one a day, for the text box and for download."""
    names = {kind: word for word, kind in reversed(KINDS.items())}
    return "\n".join(",".join((day.date.isoformat(), names[day.kind], day.note)) for day in days)


def read_hours(text: str) -> Hours:
    """Working hours such as `08:30-12:00 14:00-17:30`."""
    spans = []
    for match in _CLOCK.finditer(text):
        start_hour, start_minute, end_hour, end_minute = (int(part) for part in match.groups())
        spans.append((start_hour * 60 + start_minute, end_hour * 60 + end_minute))
    try:
        check_hours(tuple(spans), where="week")
    except ValueError:
        spans = []
    if not spans or _CLOCK.sub("", text).strip(" ,，、;；"):
        raise ValueError(_("工作时间应写作 08:30-12:00 14:00-17:30，各段先后不重叠。"))
    return tuple(spans)


def write_hours(hours: Hours) -> str:
    """Working hours as the office writes them; a day off is an empty text."""
    return " ".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in hours)


def join_days(current: Iterable[NamedDay], pasted: Iterable[NamedDay]) -> list[NamedDay]:
    """A notice replaces all exceptions of the years it names; other years stay as they are."""
    new = list(pasted)
    years = {day.date.year for day in new}
    kept = [day for day in current if day.date.year not in years]
    return sorted([*kept, *new], key=lambda day: day.date)


def next_provisional(current: date | None, pasted: Iterable[NamedDay]) -> date | None:
    """Provisional begins after the last year that any notice named."""
    years = [day.date.year for day in pasted]
    if not years:
        return current
    after = date(max(years) + 1, 1, 1)
    return after if current is None else max(current, after)


def spec_of(
    *,
    days: Iterable[NamedDay],
    week: Iterable[Iterable[Iterable[int]]],
    first_day: date,
    last_day: date,
    provisional_from: date | None,
) -> CalendarSpec:
    """The calendar as the axis wants it."""
    hours = tuple(tuple((int(a), int(b)) for a, b in stretches) for stretches in week)
    return CalendarSpec(
        first_day=first_day,
        last_day=last_day,
        provisional_from=provisional_from,
        week=hours,
        exceptions={day.date: day.kind for day in days},
    )
