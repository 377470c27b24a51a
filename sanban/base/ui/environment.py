"""The language of the templates: Jinja2 with the house's drawings, Django's catalogue and a few of its filters."""

from typing import Any

from django.template import defaultfilters
from django.templatetags.static import static
from django.utils.translation import get_language, gettext, ngettext
from django_htmx.jinja import htmx_script
from jinja2 import ChainableUndefined, Environment

from sanban.base.ui import charts, fields, functions, icons, lights, registry, spans, times

DRAWINGS = (
    icons.icon, lights.light, lights.light_bar, lights.level_bar, charts.sparkline, times.when, times.due,
    fields.field, spans.marked, functions.light_chip, functions.count_text, functions.people_text,
    functions.empty, functions.errors, functions.pager, functions.panels, functions.qs, functions.url,
    functions.place_url, functions.undo_url, functions.now_text, static, htmx_script,
)  # fmt: skip
FILTERS = (
    defaultfilters.date, defaultfilters.linebreaksbr, defaultfilters.filesizeformat,
    functions.tone,
)  # fmt: skip


def environment(**options: Any) -> Environment:
    """What Django asks for once: globals, filters and words; a name that is missing draws nothing."""
    options["undefined"] = ChainableUndefined
    made = Environment(extensions=["jinja2.ext.i18n"], **options)  # noqa: S701 - Django sets autoescape
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update({drawing.__name__: drawing for drawing in DRAWINGS}, language_now=get_language)
    made.globals.update(registry.template_functions())
    made.filters.update({made_by.__name__: made_by for made_by in FILTERS})
    return made
