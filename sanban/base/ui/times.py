"""Times as the office says them."""

from datetime import date, datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import escape

from sanban.base import clock
from sanban.base.ui.lights import light_key


def _day(value: date) -> str:
    today = clock.today()
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}.get((value - today).days)
    if near is not None:
        return near
    parts = {"year": value.year, "month": value.month, "day": value.day}
    return (
        _("%(month)s月%(day)s日") if value.year == today.year else _("%(year)s年%(month)s月%(day)s日")
    ) % parts


def full(value: datetime | date) -> str:
    """The whole instant, for the title and for print."""
    shown = clock.local(value) if isinstance(value, datetime) else value
    parts = {"year": shown.year, "month": shown.month, "day": shown.day}
    day = _("%(year)s年%(month)s月%(day)s日") % parts
    return f"{day} {shown:%H:%M}" if isinstance(shown, datetime) else day


def when_text(value: datetime | date) -> str:
    """今天 18:00, 昨天 09:10, 明天, 11月24日; hours only within a day of today, where they matter."""
    if not isinstance(value, datetime):
        return _day(value)
    shown = clock.local(value)
    day = _day(shown.date())
    return f"{day} {shown:%H:%M}" if abs((shown.date() - clock.today()).days) <= 1 else day


def _time(value: datetime | date, text: str, css: str) -> SafeString:
    stamp = (
        clock.local(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()
    )
    attr = f' class="{escape(css)}"' if css else ""
    return mark_safe(  # noqa: S308 - escaped here
        f'<time datetime="{stamp}" title="{escape(full(value))}"{attr}>{escape(text)}</time>'
    )


def when(value: datetime | date | None, css: str = "") -> SafeString:
    """A `time` element; nothing for no time."""
    return mark_safe("") if value is None else _time(value, when_text(value), css)


def due_text(value: datetime | date) -> str:
    """剩 2 天, 今天 18:00 到期, 超期 3 天: whole calendar days in the office; within today the hour decides."""
    day = clock.local(value).date() if isinstance(value, datetime) else value
    days = (day - clock.today()).days
    if days > 0:
        return ngettext("剩 %(n)s 天", "剩 %(n)s 天", days) % {"n": days}
    if days < 0:
        return ngettext("超期 %(n)s 天", "超期 %(n)s 天", -days) % {"n": -days}
    if not isinstance(value, datetime):
        return _("今天到期")
    hour = f"{clock.local(value):%H:%M}"
    return (_("今天 %(hour)s 已过") if value < clock.now() else _("今天 %(hour)s 到期")) % {"hour": hour}


def due(value: datetime | date | None, light: Any = "") -> SafeString:
    """The due text in the colour of its light; a concluded item shows its date alone."""
    if value is None:
        return format_html('<span class="muted">{}</span>', _("无时限"))
    key = light_key(light)
    if key == "done":
        return when(value)
    return _time(value, due_text(value), {"red": "over", "amber": "soon"}.get(key, ""))
