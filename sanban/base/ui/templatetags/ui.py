"""The tag library `ui`: icons, lights, times, fields, pager, panels."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.ui import charts, fields, lights, registry, spans, times
from sanban.base.ui import icons as icon_drawings

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "bell" %}`: decoration; `{% icon "bell" label %}`: speaks."""
    return icon_drawings.icon(name, label)


@register.simple_tag
def light(value: Any, word: str = "") -> SafeString:
    """`{% light task.light %}`: drawing and word."""
    return lights.light(value, word)


@register.simple_tag
def light_chip(value: Any, word: str = "") -> SafeString:
    """`{% light_chip task.light %}`: drawing and word on a washed ground."""
    return lights.light(value, word, chip=True)


@register.simple_tag
def light_bar(red: int, amber: int, green: int) -> SafeString:
    """`{% light_bar red amber green %}`: shares in fixed order; write the numbers beside it."""
    return lights.light_bar(red, amber, green)


@register.simple_tag
def level_bar(level: int, of: int = 3) -> SafeString:
    """`{% level_bar 2 %}`: small steps for a grade, beside its word."""
    return lights.level_bar(level, of)


@register.simple_tag
def sparkline(values: Sequence[int | float], title: str = "") -> SafeString:
    """`{% sparkline values %}`: trend of a few values."""
    return charts.sparkline(values, title)


@register.simple_tag
def when(value: datetime | date | None, css: str = "") -> SafeString:
    """`{% when dt %}`: 今天 18:00, 明天, 11月24日; the full instant is in the title."""
    return times.when(value, css)


@register.simple_tag
def due(value: datetime | date | None, light: Any = "") -> SafeString:
    """`{% due dt light %}`: 剩 2 天, 今天到期, 超期 3 天; for a concluded item the date alone."""
    return times.due(value, light)


@register.simple_tag
def now_text() -> str:
    """The instant of printing, as the office's clock shows it."""
    return f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """`{% field form.title %}`: label above, error, control, help."""
    return fields.field(bound)


@register.inclusion_tag("ui/_errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """`{% errors form %}`: the summary on top, each line linked to its field."""
    return {"lines": fields.error_lines(form)}


@register.simple_tag(takes_context=True)
def qs(context: Context, **changes: Any) -> str:
    """`{% qs light="red" %}`: this page's query with changes; None or "" removes; back to the first page."""
    params = context["request"].GET.copy()
    params.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        elif isinstance(value, (list, tuple)):
            params.setlist(key, [str(v) for v in value])
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}"


@register.inclusion_tag("ui/_pager.html", takes_context=True)
def pager(context: Context, page: Page[Any]) -> dict[str, Any]:
    """`{% pager page %}`: 第 1–20 项，共 128 项, and the pages round this one."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "gap": page.paginator.ELLIPSIS,
        "request": context["request"],
    }


@register.simple_tag(takes_context=True)
def panels(context: Context, page: str, slot: str, object_id: int = 0) -> SafeString:
    """`{% panels "task.detail" "aside" task.id %}`: what other rooms draw here."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    drawn = (
        render_to_string(panel.template_name, {**panel.context}, request=request)
        for panel in registry.panels(page, slot, actor, int(object_id))
    )
    return mark_safe("".join(drawn))  # noqa: S308 - templates escape their own text


@register.simple_tag
def place_url(name: str) -> str:
    """The address of a url name, or nothing where the site has not mounted it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag
def marked(text: str, found: Sequence[spans.Span]) -> SafeString:
    """`{% marked text spans %}`: the text with findings highlighted, for the reader page."""
    return spans.marked(text, found)


@register.simple_tag
def undo_url(message: Message) -> str:
    """The address that takes the act of this message back, if it can be."""
    for word in (message.extra_tags or "").split():
        if word.startswith("undo:"):
            return word.removeprefix("undo:")
    return ""


@register.filter
def tone(message: Message) -> str:
    """The colour of a message: red for errors, amber for warnings, green for success."""
    return {"error": "red", "warning": "amber", "success": "green"}.get(message.level_tag, "")


@register.simple_tag
def count_text(number: int) -> SafeString:
    """A count in a table; zeroes are dimmed."""
    return format_html('<span class="z">{}</span>' if not number else "{}", number)


@register.simple_tag
def people_text(names: Sequence[str]) -> str:
    """Names joined the Chinese way."""
    return _("、").join(str(name) for name in names)
