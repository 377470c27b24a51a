"""The tag library `people`: how the pages of django-allauth, written in Django's language, get the house's frame."""

from collections.abc import Sequence

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.utils.safestring import SafeString, mark_safe

from sanban.base.access.actor import ANYBODY
from sanban.base.people.queries import demo_accounts as cast
from sanban.base.ui import fields, functions
from sanban.base.ui.pieces import piece

register = template.Library()


class Framed(Node):
    """The parts of a page, drawn and put into the plain frame."""

    child_nodelists: Sequence[str] = ("title", "content", "below")

    def __init__(self, title: NodeList, content: NodeList, below: NodeList) -> None:
        self.title, self.content, self.below = title, content, below

    def render(self, context: Context) -> SafeString:
        """Draw the parts where they stand, then the frame round them."""
        told = {name: getattr(self, name).render(context) for name in self.child_nodelists}
        return piece("people/framed.html", {**told, "form": context.get("form")}, context["request"])


@register.tag
def framed(parser: Parser, _token: Token) -> Framed:
    """`{% framed %}title{% content %}…{% below %}…{% endframed %}`."""
    parts = []
    for end in ("content", "below", "endframed"):
        parts.append(parser.parse((end,)))
        parser.delete_first_token()
    return Framed(*parts)


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """`{% field form.title %}`: label above, error, control, help."""
    return fields.field(bound)


@register.simple_tag
def errors(form: BaseForm) -> SafeString:
    """`{% errors form %}`: the summary on top, each line linked to its field."""
    return functions.errors(form)


@register.simple_tag
def demo_accounts() -> list[tuple[str, str, str, str]]:
    """The accounts of the demo world; nothing anywhere else."""
    return cast(actor=ANYBODY) if settings.SANBAN_DEMO else []


@register.simple_tag
def drawing(svg: str) -> SafeString:
    """A square code that this server drew, inside the page: no outside request, no data address."""
    return mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - drawn by the code library from our own secret
