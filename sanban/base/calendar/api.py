"""The working calendar for programs: the version in force, working days, and working time added to an instant."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Schema
from pydantic import AwareDatetime, Field

from sanban.base.access.actor import actor_of
from sanban.base.access.problems import invalid
from sanban.base.access.wire import Operations, reply
from sanban.base.calendar.axis import OutsideCalendar
from sanban.base.calendar.queries import current_axis, current_calendar
from sanban.base.calendar.rules import write_hours

LONGEST = 800
operations = Operations("calendar", "工作日历")
router = operations.router


class NamedDayOut(Schema):
    """A day that differs from its weekday."""

    date: date
    kind: str = Field(description="holiday、workday、morning、afternoon")
    note: str


class CalendarOut(Schema):
    """The version in force."""

    number: int
    name: str
    published_at: datetime | None
    first_day: date
    last_day: date
    provisional_from: date | None = Field(description="自此日起放假安排尚未公布")
    week: list[str] = Field(description="周一至周日的作息")
    days: list[NamedDayOut]


class WorkingDays(Schema):
    """The working days of a span."""

    count: int
    days: list[date]
    provisional: bool


class InstantOut(Schema):
    """An instant on the working-minute axis."""

    at: datetime
    provisional: bool


@operations.read("/calendar", name="current", summary="现行工作日历", answer=CalendarOut)
def current(request: HttpRequest) -> HttpResponse:
    """现行版本、作息和全部放假调休日。"""
    found = current_calendar(actor=actor_of(request))
    return reply(
        {
            "number": found.number,
            "name": found.name,
            "published_at": found.published_at,
            "first_day": found.spec.first_day,
            "last_day": found.spec.last_day,
            "provisional_from": found.spec.provisional_from,
            "week": [write_hours(hours) for hours in found.spec.week],
            "days": [{"date": day.date, "kind": day.kind.value, "note": day.note} for day in found.days],
        },
        version=found.number,
    )


@operations.read("/calendar/working-days", name="working_days", summary="工作日", answer=WorkingDays)
def working_days(
    request: HttpRequest,
    since: Annotated[date, Query(..., description="起日，含", examples={"起日": {"value": "2027-03-01"}})],
    until: Annotated[date, Query(..., description="止日，含", examples={"止日": {"value": "2027-03-31"}})],
) -> HttpResponse:
    """一段日期之内的工作日，最长 800 天。"""
    if not 0 <= (until - since).days < LONGEST:
        raise invalid("until", _("止日应不早于起日，且一段不超过 %(days)d 天。") % {"days": LONGEST})
    axis = current_axis(actor_of(request))
    try:
        days = [
            day
            for n in range((until - since).days + 1)
            if axis.is_working_day(day := since + timedelta(days=n))
        ]
        last = axis.start_of_day(until)
    except OutsideCalendar:
        raise _outside("until") from None
    return reply({"count": len(days), "days": days, "provisional": axis.provisional(last)})


@operations.read("/calendar/add-minutes", name="add_minutes", summary="推算时限", answer=InstantOut)
def add_minutes(
    request: HttpRequest,
    at: Annotated[AwareDatetime, Query(..., description="起点，须带时区")],
    minutes: Annotated[int, Query(..., ge=-200_000, le=200_000, description="工作分钟，一个工作日 420 分钟")],
    side: Annotated[Literal["start", "end"], Query("end")],
) -> HttpResponse:
    """从一个时刻起加上若干工作分钟。"""
    axis = current_axis(actor_of(request))
    try:
        found = axis.add(at, minutes, side)
        return reply({"at": found, "provisional": axis.provisional(found)})
    except (OutsideCalendar, OverflowError):
        raise _outside("at") from None


def _outside(field: str) -> Exception:
    return invalid(field, _("超出已发布的工作日历，请选择日历范围之内的日期。"))
