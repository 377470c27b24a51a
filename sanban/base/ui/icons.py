"""Icons from the lucide package, drawn inline so that a page asks no other host."""

import re
from functools import cache, lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def _inner(name: str) -> SafeString:
    """The strokes of one icon without its frame, white space removed."""
    try:
        drawn = lucide(name, size=None)
    except IconDoesNotExist as wrong:
        raise ValueError(
            f"there is no lucide icon {name!r}; names are listed at lucide's icon page"
        ) from wrong
    match = _INNER.search(drawn)
    body = match.group(1) if match else ""
    body = re.sub(r"\s+", " ", body).replace("> <", "><").replace(" />", "/>").strip()
    return mark_safe(body)  # noqa: S308 - the package's own drawing, no outside text


def icon(name: str, label: str = "") -> SafeString:
    """An inline SVG; with a label it speaks, without one it is decoration."""
    return _drawn(str(name), str(label))


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str) -> SafeString:
    inner = _inner(name)
    if label:
        return format_html(
            '<svg class="i" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, inner
        )
    return format_html('<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', inner)
