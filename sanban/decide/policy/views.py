"""Pages of policies: the list with its lights, and one policy with measures, text and timeline."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base.access.actor import actor_of
from sanban.base.access.levels import LEVEL_WORDS, band
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.ledger.errors import Denied
from sanban.base.ui.spans import Span
from sanban.decide.policy import queries
from sanban.decide.policy.forms import MEASURE_STATES, STATES, FilterForm

PAGE = 20
COLOURS = {"proposed": "amber", "confirmed": "green", "dispatched": "", "rejected": ""}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The list of policies with filters, the state of their measures and the lights of their tasks."""
    actor = actor_of(request)
    form = FilterForm(request.GET)
    units = queries.registering_units(actor=actor)
    form.fields["unit"].choices = [("", _("全部单位")), *units.items()]  # type: ignore[attr-defined]
    form.fields["year"].choices = [  # type: ignore[attr-defined]
        ("", _("全部年度")),
        *((year, _("%(year)d 年") % {"year": year}) for year in queries.years(actor=actor)),
    ]
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = queries.policies(
        actor=actor,
        words=asked.get("q", ""),
        state=asked.get("state", ""),
        unit_id=asked.get("unit"),
        year=asked.get("year"),
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    listed(request, "policy", page)
    lights = queries.lights_of(actor=actor, policy_ids=[row.id for row in page])
    states = dict(STATES)
    rows = [(row, states.get(row.state, row.state), lights[row.id]) for row in page]
    context = {
        "title": _("政策文件"),
        "page": page,
        "rows": rows,
        "filter": form,
        "filtered": any(asked.values()),
    }
    return render(request, "policy/index.html", context)


@require_GET
def detail(request: HttpRequest, policy_id: int) -> HttpResponse:
    """One policy: its measures with leads and dates, its text with their spans, and all that happened to it."""
    actor = actor_of(request)
    try:
        policy = queries.get_policy(actor=actor, policy_id=policy_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    shown(request, "policy", policy.pk, level=policy.level)
    measures = queries.measures_of(actor=actor, policy_id=policy_id)
    words = dict(MEASURE_STATES)
    standing = [row for row in measures if row.state != "rejected"]
    context = {
        "title": policy.title,
        "subtitle": policy.doc_number,
        "crumbs": [(_("政策文件"), reverse("policy:index")), (policy.doc_number or policy.title, "")],
        "policy": policy,
        "state": dict(STATES).get(policy.state, policy.state),
        "level": LEVEL_WORDS.get(policy.level, ""),
        "classification": band(policy.level),
        "lights": queries.lights_of(actor=actor, policy_ids=[policy.id])[policy.id],
        "lines": [
            (line, words.get(line.measure.state, line.measure.state), COLOURS.get(line.measure.state, ""))
            for line in queries.measure_lines(actor=actor, measures=measures)
        ],
        "spans": [
            Span(row.start, row.end, COLOURS.get(row.state, ""), str(words.get(row.state, "")))
            for row in standing
        ],
        "happenings": queries.policy_timeline(actor=actor, policy=policy, measures=measures),
    }
    return render(request, "policy/detail.html", context)
