"""The register 台账."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base.light.engine import Light
from sanban.base.light.words import LIGHT_NAMES
from sanban.base.people.queries import active_units
from sanban.execute.task import queries
from sanban.execute.task.forms import FilterForm
from sanban.execute.task.rules import MAY_ASSIGN
from sanban.execute.task.views.showing import actor_of, shown


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The register 台账: filter in the address, lights by number, rows by keyset."""
    actor = actor_of(request)
    units = active_units(actor=actor)
    form = FilterForm(request.GET)
    form.fields["unit"].choices = [("", _("全部单位")), *units.items()]  # type: ignore[attr-defined]
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    wanted = queries.TaskFilter(
        q=asked.get("q", ""), light=asked.get("light", ""), state=asked.get("state", ""), lead=asked.get("unit"),
        policy=asked.get("policy"), mine=asked.get("mine", False), sort=asked.get("sort") or "due",
        open_only=not any(asked.get(name) for name in ("q", "light", "state", "policy")),
    )  # fmt: skip
    page = queries.task_list(actor=actor, filter=wanted, after=request.GET.get("after", ""))
    counted = queries.light_counts(actor=actor, filter=wanted)
    context = {
        "title": _("任务台账"),
        "filter": form,
        "filtered": any(value for name, value in asked.items() if name != "sort"),
        "rows": [shown(task) for task in page.rows],
        "after": page.after,
        "strip": [(light.id, LIGHT_NAMES[light], counted[light.id]) for light in Light],
        "may_assign": actor.has(*MAY_ASSIGN),
    }
    return render(request, "task/register.html", context)
