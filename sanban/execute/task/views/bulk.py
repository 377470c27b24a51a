"""One verb on many tasks: first what would happen to each and why not, then each by its own act."""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.readlog.recording import listed
from sanban.base.ledger.errors import Refused
from sanban.base.people.queries import active_units
from sanban.execute.task import queries
from sanban.execute.task.forms import VerbForm
from sanban.execute.task.rules import VERBS, require
from sanban.execute.task.views.doing import run
from sanban.execute.task.views.showing import shown

BULK_VERBS: Final = (
    "acknowledge", "set_owner", "forward", "pause", "resume", "verify", "close_out", "withdraw",
)  # fmt: skip
MOST = 200


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Without `confirm` the preview, which writes nothing; with it the acts, and a report of each."""
    actor, verb = actor_of(request), request.POST.get("verb", "")
    back = _back(request.POST)
    ids = [int(text) for text in dict.fromkeys(request.POST.getlist("ids")) if text.isdecimal()]
    if verb not in BULK_VERBS or not ids or len(ids) > MOST:
        messages.error(request, _("请勾选 1 到 %(most)d 件事项，并选定要办理的动作。") % {"most": MOST})
        return redirect(back)
    by_id = {task.pk: task for task in queries.tasks_by_ids(actor=actor, ids=ids)}
    tasks = [by_id[pk] for pk in ids if pk in by_id]
    listed(request, "task", tasks, predicate={"verb": verb})
    lines = [_judged(actor, verb, task) for task in tasks]
    able = [line["task"] for line in lines if not line["why"]]
    confirmed = "confirm" in request.POST
    form = _form(actor, verb, able, request.POST if confirmed else None)
    if verb == "set_owner" and len({task.lead_id for task in able}) > 1:
        able, words = [], _("选中的事项分属不同牵头单位，请按单位分批定责任人。")
        lines = [{**line, "why": line["why"] or words} for line in lines]
    context: dict[str, Any] = {
        "title": _("批量%(verb)s") % {"verb": VERBS[verb].word},
        "crumbs": [(_("任务台账"), back), (_("批量办理"), "")],
        "verb": verb, "word": VERBS[verb].word, "form": form, "lines": lines, "able": len(able),
        "unseen": len(ids) - len(tasks), "back": back, "query": request.POST.get("query", ""),
    }  # fmt: skip
    if not confirmed or not form.is_valid():
        return render(request, "task/bulk.html", context, status=422 if form.errors else 200)
    context["lines"] = done = [_done(actor, verb, line, form.cleaned_data, request.POST) for line in lines]
    context |= {"form": None, "done": sum(not line["why"] for line in done), "reported": True}
    return render(request, "task/bulk.html", context)


def _judged(actor: Actor, verb: str, task: Any) -> dict[str, Any]:
    """A line of the preview: the task, and why the verb is not open to it; empty when it is."""
    try:
        require(actor, verb, task, None)
    except Refused as refusal:
        return {**shown(task), "why": refusal.message}
    return {**shown(task), "why": ""}


def _done(
    actor: Actor, verb: str, line: dict[str, Any], given: dict[str, Any], posted: QueryDict
) -> dict[str, Any]:
    """One act, on the version that the preview showed; a task that moved on is reported and left as it is."""
    task: Any = line["task"]
    seen = posted.get(f"v-{task.pk}", "")
    try:
        run(actor, task.pk, verb, {**given, "version": int(seen) if seen.isdecimal() else 0})
    except Refused as refusal:
        return {**line, "why": refusal.message}
    return {**line, "why": ""}


def _form(actor: Actor, verb: str, able: Sequence[Any], posted: QueryDict | None) -> VerbForm:
    units = active_units(actor=actor) if verb == "forward" else {}
    people: dict[int, str] = {}
    if verb == "set_owner" and able:
        people = {one.id: one.label for one in queries.officers(actor=actor, unit_id=able[0].lead_id)}
    form = VerbForm(posted, verb=verb, units=units, people=people)
    del form.fields["version"]
    return form


def _back(posted: QueryDict) -> str:
    """The register with the filter the person came from."""
    query = QueryDict(posted.get("query", "")[:2000]).urlencode()
    place = reverse("task:register")
    return f"{place}?{query}" if query else place
