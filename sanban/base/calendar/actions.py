"""Publishing a calendar version: the only thing ever done to the calendar."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.calendar.axis import CalendarSpec, Hours, changed_days
from sanban.base.calendar.events import VersionPublished
from sanban.base.calendar.queries import current_calendar
from sanban.base.calendar.rules import NOT_YOURS, NamedDay, may_publish, spec_of
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import PUBLIC, append

CALENDAR: Final = 1
"""The one calendar of the house: its stream in the ledger; version n of the stream is calendar version n."""


@act
def publish(
    actor: Actor,
    *,
    name: str,
    days: Sequence[NamedDay],
    base_number: int,
    provisional_from: date | None,
    week: Sequence[Hours] | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
) -> int:
    """Publish the next calendar version (§7.3) and return its number.

    `days` are all dated exceptions of the new version; `base_number` is the version the preview was made from,
    so that two people who publish at once cannot overwrite each other. What is not given stays as it is.
    """
    if not may_publish(actor):
        raise Denied(str(NOT_YOURS))
    now = current_calendar(actor=actor)
    if now.number != base_number:
        raise Conflict(_("预览之后已有人发布第 %(number)d 版，请重新预览。") % {"number": now.number})
    if not name.strip():
        raise Refused(_("请写明版本名称，例如“2027 年放假安排”。"), field="name")
    spec = _checked(
        days,
        tuple(week) if week is not None else now.spec.week,
        first_day or now.spec.first_day,
        last_day or now.spec.last_day,
        provisional_from,
    )
    event = VersionPublished(
        version_id=new_id(),
        number=now.number + 1,
        name=name.strip(),
        first_day=spec.first_day,
        last_day=spec.last_day,
        provisional_from=provisional_from,
        week=[[list(span) for span in day] for day in spec.week],
        days=[{"date": day.date.isoformat(), "kind": day.kind.value, "note": day.note} for day in days],
        changed=[day.isoformat() for day in changed_days(now.spec, spec)],
    )
    append(actor, event, stream_id=CALENDAR, version=now.number, level=PUBLIC)
    return event.number


def _checked(
    days: Sequence[NamedDay], week: tuple[Hours, ...], first: date, last: date, border: date | None
) -> CalendarSpec:
    """The new calendar, or a refusal that names the faulty hours or day."""
    try:
        spec = spec_of(days=days, week=week, first_day=first, last_day=last, provisional_from=border)
    except ValueError as fault:
        raise Refused(_("日历数据有误：%(fault)s") % {"fault": fault}, field="hours") from fault
    outside = next((day.date for day in days if not first <= day.date <= last), None)
    if outside is not None:
        raise Refused(
            _("%(date)s 不在日历范围 %(first)s 至 %(last)s 之内，请删去该行或扩大范围。")
            % {"date": outside.isoformat(), "first": first, "last": last},
            field="lines",
        )
    return spec
