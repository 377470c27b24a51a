"""The tag library `people`: what the front door shows."""

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from sanban.base.access.actor import ANYBODY
from sanban.base.people.queries import demo_accounts as cast

register = template.Library()


@register.simple_tag
def demo_accounts() -> list[tuple[str, str, str, str]]:
    """The accounts of the demo world; nothing anywhere else."""
    return cast(actor=ANYBODY) if settings.SANBAN_DEMO else []


@register.simple_tag
def drawing(svg: str) -> SafeString:
    """A square code that this server drew, inside the page: no outside request, no data address."""
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - drawn by the code library from our own secret
