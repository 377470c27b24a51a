"""Times as the office says them."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import escape

from sanban.base import clock
from sanban.base.ui.lights import light_key


@lru_cache(maxsize=4096)
def _day(value: date, today: date, language: str | None) -> str:
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}.get((value - today).days)
    if near or value.year != today.year:
        return near or _full_day(value, language)
    return _("%(month)s月%(day)s日") % {"month": value.month, "day": value.day}


@lru_cache(maxsize=4096)
def _full_day(value: date, language: str | None) -> str:
    return _("%(year)s年%(month)s月%(day)s日") % {"year": value.year, "month": value.month, "day": value.day}


def _parts(value: datetime | date) -> tuple[date, str, str]:
    """The date in the office, the stamp for machines, and the hour where there is one."""
    if not isinstance(value, datetime):
        return value, value.isoformat(), ""
    shown = clock.local(value)
    stamp = shown.isoformat(timespec="minutes")
    return shown.date(), stamp, stamp[11:16]


def when_text(value: datetime | date) -> str:
    """今天 18:00, 昨天 09:10, 明天, 11月24日; hours only within a day of today, where they matter."""
    day, _stamp, hour = _parts(value)
    today = clock.today()
    text = _day(day, today, get_language())
    return f"{text} {hour}" if hour and abs((day - today).days) <= 1 else text


def _time(value: datetime | date, text: str, css: str) -> SafeString:
    """The whole instant stands in the title."""
    day, stamp, hour = _parts(value)
    title = f"{_full_day(day, get_language())} {hour}".rstrip()
    attr = f' class="{escape(css)}"' if css else ""
    return mark_safe(  # noqa: S308 - escaped here
        f'<time datetime="{stamp}" title="{escape(title)}"{attr}>{escape(text)}</time>'
    )


def when(value: datetime | date | None, css: str = "") -> SafeString:
    """A `time` element; nothing for no time."""
    return mark_safe("") if value is None else _time(value, when_text(value), css)


def due_text(value: datetime | date) -> str:
    """剩 2 天, 今天 18:00 到期, 超期 3 天: whole calendar days in the office; within today the hour decides."""
    days = (_parts(value)[0] - clock.today()).days
    if days > 0:
        return ngettext("剩 %(n)s 天", "剩 %(n)s 天", days) % {"n": days}
    if days < 0:
        return ngettext("超期 %(n)s 天", "超期 %(n)s 天", -days) % {"n": -days}
    if not isinstance(value, datetime):
        return _("今天到期")
    hour = _parts(value)[2]
    return (_("今天 %(hour)s 已过") if value < clock.now() else _("今天 %(hour)s 到期")) % {"hour": hour}


def due(value: datetime | date | None, light: Any = "") -> SafeString:
    """The due text in the colour of its light; a concluded item shows its date alone."""
    if value is None:
        return format_html('<span class="muted">{}</span>', _("无时限"))
    key = light_key(light)
    if key == "done":
        return when(value)
    return _time(value, due_text(value), {"red": "over", "amber": "soon"}.get(key, ""))
