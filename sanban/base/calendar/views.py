"""Pages of the calendar: the year, and publishing the next version with a preview of what changes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sanban.base import clock
from sanban.base.access.actor import actor_of
from sanban.base.calendar import actions, queries
from sanban.base.calendar.axis import CalendarSpec, Hours, changed_days
from sanban.base.calendar.forms import PublishForm
from sanban.base.calendar.rules import (
    NOT_YOURS,
    NamedDay,
    join_days,
    may_publish,
    next_provisional,
    read_hours,
    spec_of,
    write_hours,
    write_lines,
)
from sanban.base.ledger.errors import Refused
from sanban.base.ui.fields import blame, status_of

SHOWN_CHANGES = 400


@dataclass(frozen=True, slots=True)
class Change:
    """One day of the preview: its hours before and after."""

    date: date
    before: str
    after: str


@require_GET
def year(request: HttpRequest) -> HttpResponse:
    """Twelve months of the calendar in force."""
    actor = actor_of(request)
    calendar = queries.current_calendar(actor=actor)
    today = clock.today()
    asked = request.GET.get("year", "")
    shown = int(asked) if asked.isascii() and asked.isdigit() else today.year
    first, last = calendar.spec.first_day.year, calendar.spec.last_day.year
    if not first <= shown <= last:
        raise Http404(_("日历只覆盖 %(first)d 年至 %(last)d 年。") % {"first": first, "last": last})
    months = queries.year_months(actor=actor, calendar=calendar, year=shown, today=today)
    context = {
        "title": _("工作日历"),
        "subtitle": _("%(year)d 年，全年工作日 %(days)d 天")
        % {"year": shown, "days": sum(month.worked for month in months)},
        "calendar": calendar,
        "year": shown,
        "months": months,
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("周日")],
        "hours": write_hours(calendar.spec.full_day()),
        "before": shown - 1 if shown > first else None,
        "after": shown + 1 if shown < last else None,
        "may_publish": may_publish(actor),
        "versions": queries.versions(actor=actor),
    }
    return render(request, "calendar/year.html", context)


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Paste a notice, look at what changes, publish."""
    actor = actor_of(request)
    calendar = queries.current_calendar(actor=actor)
    if request.method == "GET":
        if not may_publish(actor):
            raise PermissionDenied(NOT_YOURS)
        return _page(request, PublishForm(initial=_initial(calendar)))
    form = PublishForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    days = join_days(calendar.days, form.days)
    week = _week(calendar.spec, read_hours(form.cleaned_data["hours"]))
    border = next_provisional(calendar.spec.provisional_from, form.days)
    if "confirm" not in request.POST or form.cleaned_data["seen"] != form.seal():
        changes = _changes(calendar.spec, days, week, border)
        again = PublishForm(
            initial={**form.cleaned_data, "file": None, "base_number": calendar.number, "seen": form.seal()}
        )
        return _page(request, again, previewed=True, changes=changes, border=border)
    try:
        number = actions.publish(
            actor=actor,
            name=form.cleaned_data["name"],
            days=days,
            base_number=form.cleaned_data["base_number"],
            provisional_from=border,
            week=week,
        )
    except Refused as refusal:
        blame(form, refusal)
        return _page(request, form, status=status_of(refusal))
    messages.success(request, _("已发布工作日历第 %(number)d 版。") % {"number": number})
    return redirect("calendar:year")


def _initial(calendar: queries.Calendar) -> dict[str, Any]:
    """The form opens with the year after the last published one, or this year's lines to correct."""
    year = clock.today().year
    lines = write_lines(day for day in calendar.days if day.date.year == year)
    return {
        "base_number": calendar.number,
        "hours": write_hours(calendar.spec.full_day()),
        "lines": lines,
    }


def _week(spec: CalendarSpec, hours: Hours) -> tuple[Hours, ...]:
    """The given hours on every weekday that is worked now; a week that differs by day is kept when unchanged."""
    if hours == spec.full_day():
        return spec.week
    return tuple(hours if worked else () for worked in spec.week)


def _changes(
    now: CalendarSpec, days: list[NamedDay], week: tuple[Hours, ...], border: date | None
) -> list[Change]:
    new = spec_of(
        days=days, week=week, first_day=now.first_day, last_day=now.last_day, provisional_from=border
    )
    return [
        Change(day, write_hours(now.hours(day)), write_hours(new.hours(day)))
        for day in changed_days(now, new)
    ]


def _page(request: HttpRequest, form: PublishForm, *, status: int = 200, **more: Any) -> HttpResponse:
    changes: list[Change] = more.pop("changes", [])
    border: date | None = more.pop("border", None)
    context = {
        "title": _("发布工作日历"),
        "crumbs": [(_("工作日历"), "../"), (_("发布"), "")],
        "form": form,
        "may_publish": may_publish(actor_of(request)),
        "changes": changes[:SHOWN_CHANGES],
        "changed": len(changes),
        "published_until": border - timedelta(days=1) if border else None,
        **more,
    }
    return render(request, "calendar/publish.html", context, status=status)
