"""What a template may call beside the drawings of this room: context, forms, pages, panels, addresses."""

from collections.abc import Sequence
from typing import Any

from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BaseForm
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context

from sanban.base import clock
from sanban.base.ui import fields, icons, lights, registry
from sanban.base.ui.pieces import piece

_TONES = {"error": "red", "warning": "amber", "success": "green"}


def light_chip(value: Any, word: str = "") -> SafeString:
    """`{{ light_chip(task.light) }}`: drawing and word on a washed ground."""
    return lights.light(value, word, chip=True)


def now_text() -> str:
    """The instant of printing, as the office's clock shows it."""
    return f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"


def ask_about(request: Any) -> str:
    """`?{{ ask_about(request) }}`: the address that was refused, for the form that asks for it."""
    return urlencode({"about": request.path}) if request else ""


def empty(
    title: str, text: str, icon: str = "inbox", action_url: str = "", action_label: str = ""
) -> SafeString:
    """`{{ empty(title, why, icon="bell") }}`: nothing here yet, why, and the one next step."""
    step = format_html('<a class="btn main" href="{}">{}</a>', action_url, action_label) if action_url else ""
    told = (icons.icon(icon), title, text, step)
    return format_html('<div class="empty">{}<h3>{}</h3><p>{}</p>{}</div>', *told)


def errors(form: BaseForm) -> SafeString:
    """`{{ errors(form) }}`: the summary on top, each line linked to its field."""
    lines = fields.error_lines(form) if form else []
    return piece("ui/_errors.html", {"lines": lines}) if lines else SafeString("")


@pass_context
def qs(context: Context, **changes: Any) -> str:
    """`{{ qs(light="red") }}`: this page's query with changes; None or "" removes; back to the first page."""
    params = dict(context["request"].GET.lists())
    params.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = list(value) if isinstance(value, (list, tuple)) else [value]
    return f"?{urlencode(params, doseq=True)}"


@pass_context
def pager(context: Context, page: Page[Any]) -> SafeString:
    """`{{ pager(page) }}`: 第 1–20 项，共 128 项, and the pages round this one."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    told = {"page": page, "numbers": list(numbers), "gap": page.paginator.ELLIPSIS}
    return piece("ui/_pager.html", {**told, "request": context["request"]})


@pass_context
def panels(context: Context, page: str, slot: str, object_id: int = 0) -> SafeString:
    """`{{ panels("task.detail", "aside", task.id) }}`: what other rooms draw here."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    drawn = (
        piece(panel.template_name, panel.context, request)
        for panel in registry.panels(page, slot, actor, int(object_id))
    )
    return mark_safe("".join(drawn))  # noqa: S308 - every piece is safe


def undo_url(message: Message) -> str:
    """The address that takes the act of this message back, if it can be."""
    for word in (message.extra_tags or "").split():
        if word.startswith("undo:"):
            return word.removeprefix("undo:")
    return ""


def tone(message: Message) -> str:
    """The colour of a message: red for errors, amber for warnings, green for success."""
    return _TONES.get(message.level_tag, "")


def count_text(number: int) -> SafeString:
    """A count in a table; zeroes are dimmed."""
    return format_html('<span class="z">{}</span>' if not number else "{}", number)


def people_text(names: Sequence[str]) -> str:
    """Names joined the Chinese way."""
    return _("、").join(str(name) for name in names)
