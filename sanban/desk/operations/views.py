"""How the machine is: a page for its keepers, and the health address that a watchdog asks."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanban.base import clock
from sanban.base.access.actor import ANYBODY
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.light.queries import last_tick
from sanban.base.search.actions import rebuild_index
from sanban.desk.operations import queries

LATE_SECONDS = 180


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; says how old the last tick is. Nothing about the work."""
    tick = last_tick(actor=ANYBODY, client="task")
    age = int((clock.now() - tick).total_seconds()) if tick else None
    return JsonResponse(
        {"ok": True, "tick_age_seconds": age, "clock": age is not None and age <= LATE_SECONDS}
    )


@require_GET
def operations(request: HttpRequest) -> HttpResponse:
    """The state of clock, ledger, jobs, calendar and storage, with what to do where something is wrong."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        groups = queries.look_round(actor=actor)
    except Denied as refusal:
        raise PermissionDenied(refusal.message) from refusal
    sentences = {
        queries.RED: _("有紧急问题，请先处理标红的各项。"),
        queries.AMBER: _("基本正常，有需要留意的事项。"),
        queries.GREEN: _("一切正常。"),
    }
    gravest = queries.worst(actor=actor, groups=groups)
    context = {
        "title": _("运行状况"),
        "subtitle": f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
        "groups": groups,
        "gravest": gravest,
        "sentence": sentences[gravest],
        "words": {queries.RED: _("异常"), queries.AMBER: _("留意"), queries.GREEN: _("正常")},
        "may_rebuild": actor.has("admin"),
    }
    return render(request, "desk/operations.html", context)


@require_POST
def rebuild(request: HttpRequest) -> HttpResponse:
    """Fold the search index from the ledger again."""
    try:
        rebuild_index(request.actor)  # type: ignore[attr-defined]
        messages.success(request, _("检索索引已重建。"))
    except Refused as refusal:
        raise PermissionDenied(refusal.message) from refusal
    return redirect("desk:operations")
