"""The light: shape, glyph, word and colour, any one enough.

Red octagon with "!", amber triangle with "!", green disc with a tick, dashed ring for not started,
square with a tick for concluded. Never a bare dot: the word stands beside it.
"""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from markupsafe import escape

HATCH = mark_safe(' fill="url(#hatch)"')
ON = mark_safe(' class="on"')
KEYS = ("red", "amber", "green", "idle", "done")
WORDS = {
    "red": gettext_lazy("红灯"),
    "amber": gettext_lazy("黄灯"),
    "green": gettext_lazy("绿灯"),
    "idle": gettext_lazy("未开始"),
    "done": gettext_lazy("已办结"),
}
_ALIASES = {"none": "idle", "grey": "idle", "gray": "idle", "not_started": "idle", "": "idle"}
_ALIASES |= {"concluded": "done", "closed": "done", "closed_out": "done", "yellow": "amber"}


def light_key(value: Any) -> str:
    """One of the five keys for a string or an enumeration member; the unknown is not started."""
    raw = str(getattr(value, "value", value) or "").lower()
    key = _ALIASES.get(raw, raw)
    return key if key in KEYS else "idle"


def glyph(value: Any) -> SafeString:
    """The drawing alone, from the page's symbols; for use beside a word only."""
    return mark_safe(_glyph(light_key(value)))  # noqa: S308 - one of five keys


def _glyph(key: str) -> str:
    return f'<svg aria-hidden="true"><use href="#l-{key}"/></svg>'


def light(value: Any, word: str = "", *, chip: bool = False) -> SafeString:
    """The drawing with its word; a chip has a washed ground."""
    key = light_key(value)
    ground = "chip " if chip else ""
    said = escape(str(word or WORDS[key]))
    return mark_safe(f'<span class="light {ground}{key}">{_glyph(key)}{said}</span>')  # noqa: S308 - escaped


def light_bar(red: int, amber: int, green: int) -> SafeString:
    """Shares in fixed order red, amber, green with 2 px gaps; red is hatched; the sentence says the numbers."""
    counts = (("red", int(red)), ("amber", int(amber)), ("green", int(green)))
    total = sum(n for _, n in counts)
    said = escape(_("红灯 %(red)s，黄灯 %(amber)s，绿灯 %(green)s") % dict(counts))
    shown = [(key, max(2.0, 100 * n / total)) for key, n in counts if n]
    scale = 100 / (sum(width for _, width in shown) or 1)
    drawn, gaps, at = "", "", 0.0
    for key, width in shown:
        gaps += f'<rect class="f-gap" x="{at:.2f}%" width="2" height="100%"/>' if at else ""
        fill = HATCH if key == "red" else f' class="f-{key}"'
        drawn += f'<rect x="{at:.2f}%" width="{width * scale:.2f}%" height="100%"{fill}/>'
        at += width * scale
    return mark_safe(  # noqa: S308 - numbers and an escaped sentence
        f'<svg class="lightbar" role="img" aria-label="{said}">{drawn}{gaps}</svg>'
    )


def level_bar(level: int, of: int = 3) -> SafeString:
    """Small steps for a grade of supervision; the word stands beside it."""
    steps = [(10 * n, ON if n < level else "") for n in range(of)]
    return format_html(
        '<svg class="level" viewBox="0 0 {} 12" aria-hidden="true">{}</svg>',
        10 * of - 2,
        format_html_join("", '<rect x="{}" width="7" height="12" rx="1"{}/>', steps),
    )
