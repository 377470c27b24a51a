"""The language of the templates: Jinja2 with the house's drawings, Django's catalogue and a few of its filters."""

from functools import lru_cache
from typing import Any

from django.template import defaultfilters
from django.templatetags.static import static
from django.utils.translation import get_language, gettext, ngettext
from django_htmx.jinja import htmx_script
from jinja2 import ChainableUndefined, Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from sanban.base.ui import charts, fields, functions, icons, lights, registry, shell, spans, times

DRAWINGS = (
    icons.icon, lights.light, lights.light_bar, lights.level_bar, charts.sparkline, times.when, times.due,
    fields.field, spans.marked, functions.light_chip, functions.count_text, functions.people_text,
    functions.ask_about, functions.empty, functions.errors, functions.pager, functions.panels, functions.qs, shell.url,
    shell.place_url, functions.undo_url, functions.now_text, static, htmx_script,
)  # fmt: skip
FILTERS = (
    defaultfilters.date, defaultfilters.linebreaksbr, defaultfilters.filesizeformat,
    functions.tone,
)  # fmt: skip


@pass_context
def said(context: Context, text: str, /, **values: Any) -> Markup:
    """`{{ _("共 %(n)s 件", n=total) }}`: the words of the page's language; the values are escaped."""
    words = _words(context.get("language") or get_language(), text)
    return words % values if "%" in text else words


@lru_cache(maxsize=4096)
def _words(language: str | None, text: str) -> Markup:
    return Markup(gettext(text))  # noqa: S704 - from the catalogue


def counted(one: str, many: str, n: int, /, **values: Any) -> Markup:
    """What `trans` with `pluralize` says."""
    return Markup(ngettext(one, many, n)) % values  # noqa: S704 - from the catalogue


def environment(**options: Any) -> Environment:
    """What Django asks for once: globals, filters and words; a name that is missing draws nothing."""
    options["undefined"] = ChainableUndefined
    made = Environment(extensions=["jinja2.ext.i18n"], **options)  # noqa: S701 - Django sets autoescape
    made.newstyle_gettext = True  # type: ignore[attr-defined]
    made.globals |= {"_": said, "gettext": said, "ngettext": counted}
    made.globals |= {drawing.__name__: drawing for drawing in DRAWINGS} | registry.template_functions()
    made.filters |= {filter.__name__: filter for filter in FILTERS}
    return made
