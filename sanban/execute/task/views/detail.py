"""One task: why its light is so, what can be done, everything that happened."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanban.base.access.actor import Actor
from sanban.base.ledger.errors import Conflict, Refused
from sanban.base.ledger.queries import Line
from sanban.base.light.words import sentences
from sanban.base.people.queries import active_units, names_of
from sanban.execute.task import actions, queries
from sanban.execute.task.forms import VerbForm, due_instant
from sanban.execute.task.rules import STATES, VERBS, permitted_verbs
from sanban.execute.task.views.showing import actor_of, blame, shown

STAGES = ("assigned", "acknowledged", "concluded", "verified", "closed_out")


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One task: why its light is so, what can be done, and everything that happened."""
    return _detail(request, number)


@require_POST
def do(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Do one verb. What was typed stays when it is refused; a change by others is shown beside it."""
    actor = actor_of(request)
    task = queries.task_by_number(actor=actor, number=number)
    if task is None or verb not in VerbForm.FIELDS:
        raise Http404
    form = VerbForm(request.POST, verb=verb, units=active_units(actor=actor))
    if not form.is_valid():
        return _detail(request, number, verb=verb, form=form, status=422)
    try:
        _run(actor, task.pk, verb, form.cleaned_data)
    except Conflict as conflict:
        form.add_error(None, conflict.message)
        return _detail(request, number, verb=verb, form=form, status=409)
    except Refused as refusal:
        blame(form, refusal)
        return _detail(request, number, verb=verb, form=form, status=422)
    messages.success(request, _("%(verb)s完成。") % {"verb": VERBS[verb].word})
    return redirect("task:detail", number=number)


def _run(actor: Actor, task_id: int, verb: str, given: dict[str, Any]) -> None:
    values = {name: value for name, value in given.items() if name not in ("due_on", "to")}
    if isinstance(given.get("due_on"), date):
        values["due_at"] = due_instant(given["due_on"])
    if "to" in given:
        values["to_id"] = given["to"]
    if verb == "decide_extension":
        task = queries.task_by_id(actor=actor, task_id=task_id)
        open_ones = (
            [row for row in queries.extensions(actor=actor, task=task) if row.state == "asked"]
            if task
            else []
        )
        values["extension_id"] = open_ones[0].pk if open_ones else 0
    getattr(actions, verb)(actor, task_id=task_id, **values)


def _detail(
    request: HttpRequest, number: str, *, verb: str = "", form: VerbForm | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    task = queries.task_by_number(actor=actor, number=number)
    if task is None:
        raise Http404
    units = active_units(actor=actor)
    asked = queries.extensions(actor=actor, task=task)
    waiting = any(row.state == "asked" for row in asked)
    verbs = [
        (
            name,
            word,
            form
            if form and name == verb
            else VerbForm(initial={"version": task.version}, verb=name, units=units),
        )
        for name, word in permitted_verbs(actor, task)
        if name in VerbForm.FIELDS and (name != "decide_extension" or waiting)
    ]
    lines = queries.history(actor=actor, task=task)
    context = {
        "title": task.title,
        "crumbs": [(_("任务台账"), reverse("task:register")), (task.number, "")],
        "row": shown(task),
        "task": task,
        "why": sentences(queries.explained(actor=actor, task=task)),
        "stages": _stages(task.state),
        "verbs": verbs,
        "open_verb": verb,
        "form": form,
        "parts": [shown(part) for part in queries.parts(actor=actor, task=task)],
        "reports": queries.reports(actor=actor, task=task),
        "extensions": asked,
        "happenings": _named(actor, lines),
        "classification": _("秘密") if task.level == 2 else "",
    }
    return render(request, "task/detail.html", context, status=status)


def _stages(state: str) -> list[tuple[Any, str]]:
    at = STAGES.index(state) if state in STAGES else 1
    return [(STATES[name], "done" if n < at else "now" if n == at else "") for n, name in enumerate(STAGES)]


def _named(actor: Actor, lines: list[Line]) -> list[tuple[Line, str, str]]:
    names = names_of(actor=actor, refs=[line.actor_ref for line in lines])
    return [(line, *names.get(line.actor_ref, ("", ""))) for line in lines]
