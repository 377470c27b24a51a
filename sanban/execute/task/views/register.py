"""The register 台账."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.readlog.recording import listed
from sanban.base.light.engine import Light
from sanban.base.light.words import LIGHT_NAMES
from sanban.execute.task import queries
from sanban.execute.task.rules import MAY_ASSIGN, VERBS, may
from sanban.execute.task.views.bulk import BULK_VERBS
from sanban.execute.task.views.filtering import wanted
from sanban.execute.task.views.showing import shown


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The register 台账: filter in the address, lights by number, rows by keyset."""
    actor = actor_of(request)
    asked = wanted(request, actor)
    page = queries.task_list(actor=actor, filter=asked.filter, after=request.GET.get("after", ""))
    listed(request, "task", page.rows)
    counted = queries.light_counts(actor=actor, filter=asked.filter)
    context = {
        "title": _("任务台账"),
        "filter": asked.form,
        "filtered": asked.narrowed,
        "rows": [shown(task) for task in page.rows],
        "after": page.after,
        "strip": [(light.id, LIGHT_NAMES[light], counted[light.id]) for light in Light],
        "may_assign": actor.has(*MAY_ASSIGN),
        "bulk_verbs": _open_to(actor, page.rows),
        "query": request.GET.urlencode(),
    }
    return render(request, "task/register.html", context)


def _open_to(actor: Actor, tasks: Any) -> list[tuple[str, Any]]:
    """The verbs that are open on at least one task of the page."""
    return [(verb, VERBS[verb].word) for verb in BULK_VERBS if any(may(actor, verb, task) for task in tasks)]
