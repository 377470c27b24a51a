"""A list of tasks as iCalendar text (RFC 5545). The same tasks give the same bytes, so that an ETag can stand for them.

A task due at the end of the working day is an all-day entry, as the office means it; any other hour is kept.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import SECRET
from sanban.base.calendar.axis import Axis
from sanban.base.calendar.queries import current_axis
from sanban.base.deferred import Deferred
from sanban.execute.task.rules import STATES

_ICAL = Deferred("icalendar")
TZID: Final = "Asia/Shanghai"
WARNING: Final = timedelta(minutes=30)
"""A task due at an hour takes the half hour before it, so that the calendar shows it there."""
TOUCHED: Final = (
    "assigned_at", "acknowledged_at", "reported_at", "returned_at", "paused_at", "concluded_at", "ended_at",
)  # fmt: skip


def write(rows: Iterable[Any], *, link: Callable[[str], str], as_todo: bool = False) -> bytes:
    """The calendar of these tasks; `link` gives the address of a task's page by its number."""
    made = _ICAL.Calendar()
    for name, value in (
        ("prodid", "-//sanban//due dates//ZH"), ("version", "2.0"), ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"), ("x-wr-calname", _("三办协同：事项时限")), ("x-wr-timezone", TZID),
        ("x-published-ttl", "PT1H"),
    ):  # fmt: skip
        made.add(name, value)
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    made.add_component(_timezone())
    axis = current_axis()
    for row in rows:
        made.add_component(_component(row, link, as_todo, axis))
    body: bytes = made.to_ical()
    return body


def _timezone() -> Any:
    """China keeps one time the year round."""
    zone, standard = _ICAL.Timezone(), _ICAL.TimezoneStandard()
    zone.add("tzid", TZID)
    standard.add("tzname", "CST")
    standard.add("dtstart", datetime(1992, 1, 1))  # noqa: DTZ001 - a zone's own beginning is local by its nature
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    zone.add_component(standard)
    return zone


def _component(row: Any, link: Callable[[str], str], as_todo: bool, axis: Axis) -> Any:
    made = _ICAL.Todo() if as_todo else _ICAL.Event()
    made.add("uid", f"task-{row.pk}@sanban")
    made.add("sequence", row.version)
    made.add("dtstamp", _touched(row))
    secret = row.level >= SECRET
    made.add("summary", _("有一件事项到期") if secret else _("到期：%(title)s") % {"title": row.title})
    lines = [row.number]
    if not secret:
        lines += [row.lead.short, str(STATES[row.state])]
    made.add("description", "\n".join(lines))
    made.add("url", link(row.number))
    first, last = _span(clock.local(row.due_at), axis)
    if as_todo:
        made.add("due", clock.local(row.due_at))
        made.add("status", "IN-PROCESS" if row.acknowledged_at else "NEEDS-ACTION")
        if not secret:
            made.add("percent-complete", row.progress)
    else:
        made.add("dtstart", first)
        made.add("dtend", last)
        made.add("transp", "TRANSPARENT")
    return made


def _span(due: datetime, axis: Axis) -> tuple[date | datetime, date | datetime]:
    """All day for a task due when the work of that day ends; else the half hour before it is due."""
    if due == axis.end_of_day(due.date()):
        return due.date(), due.date() + timedelta(days=1)
    return due - WARNING, due


def _touched(row: Any) -> datetime:
    """When the task last changed, as far as its own instants say: never the time of asking."""
    found: list[datetime] = [value for name in TOUCHED if (value := getattr(row, name)) is not None]
    return max(found).astimezone(UTC).replace(microsecond=0)
