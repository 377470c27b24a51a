"""One task: why its light is so, what can be done, everything that happened."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.levels import band
from sanban.base.access.readlog.recording import shown as on_record
from sanban.base.files.evidence import exhibits, gather
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.queries import Line
from sanban.base.light.words import sentences
from sanban.base.people.queries import active_units, names_of
from sanban.base.ui.fields import blame, status_of
from sanban.execute.task import queries
from sanban.execute.task.forms import VerbForm
from sanban.execute.task.rules import OF_SECRETS, STATES, VERBS, permitted_verbs
from sanban.execute.task.views.doing import run
from sanban.execute.task.views.showing import shown

STAGES = ("assigned", "acknowledged", "concluded", "verified", "closed_out")


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One task: why its light is so, what can be done, and everything that happened; with ?verb, the form of one."""
    verb = request.GET.get("verb", "")
    if verb and request.htmx:  # type: ignore[attr-defined]
        return _verb_alone(request, number, verb)
    return _detail(request, number, verb=verb)


@require_POST
def do(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """Do one verb. What was typed stays when it is refused; a change by others is shown beside it."""
    actor = actor_of(request)
    task = queries.task_by_number(actor=actor, number=number)
    if task is None or verb not in VerbForm.FIELDS:
        raise Http404
    form = _form(actor, task, verb, request.POST, request.FILES)
    if not form.is_valid():
        return _detail(request, number, form=form, verb=verb, status=422)
    try:
        run(actor, task.pk, verb, _given(actor, task, verb, form))
    except Refused as refusal:
        blame(form, refusal, due_at="due_on")
        return _detail(request, number, form=form, verb=verb, status=status_of(refusal))
    messages.success(request, _("%(verb)s完成。") % {"verb": VERBS[verb].word})
    return redirect("task:detail", number=number)


def _verb_alone(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """The form of a verb for a page that stands already."""
    actor = actor_of(request)
    task = queries.task_by_number(actor=actor, number=number)
    if task is None or verb not in dict(permitted_verbs(actor, task)) or not VerbForm.FIELDS.get(verb):
        raise Http404
    on_record(request, "task", task.pk, level=task.level, fields=["owner", "partners"])
    context = {"task": task, "form": _fresh(actor, task, verb), "verb": verb, "word": VERBS[verb].word}
    answer = render(request, "task/_verb.html", context)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _form(actor: Actor, task: Any, verb: str, *data: Any, **more: Any) -> VerbForm:
    people = {}
    if verb == "set_owner":
        people = {
            one.id: _("%(name)s（%(place)s）") % {"name": one.name, "place": one.place}
            for one in queries.officers(actor=actor, unit_id=task.lead_id)
        }
    if verb in OF_SECRETS:
        naming = verb == "name_member"
        found = queries.nameable(actor=actor) if naming else queries.members(actor=actor, task=task)
        people = {one.id: _("%(name)s（%(place)s）") % {"name": one.name, "place": one.unit} for one in found}
    units = active_units(actor=actor) if verb in ("forward", "set_partners") else {}
    return VerbForm(*data, verb=verb, units=units, people=people, **more)


def _given(actor: Actor, task: Any, verb: str, form: VerbForm) -> dict[str, Any]:
    """What was typed; files are stored first, for those who already have to do with the task to see."""
    given = dict(form.cleaned_data)
    if "evidence" in given:
        del given["kept"], given["evidence"]
        seen_by = [task.lead_id, task.assigner_unit_id, *(row.unit_id for row in task.partners.all())]
        given["files"] = gather(
            actor, form, level=task.level, about=("task", task.pk), shared_units=seen_by, act=f"task.{verb}"
        )
    return given


def _detail(
    request: HttpRequest, number: str, *, form: VerbForm | None = None, verb: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    task = queries.task_by_number(actor=actor, number=number)
    if task is None:
        raise Http404
    on_record(request, "task", task.pk, level=task.level)
    lines = _named(actor, queries.history(actor=actor, task=task))
    asked = queries.extensions(actor=actor, task=task)
    permitted = permitted_verbs(actor, task)
    verbs = _verbs(permitted, waiting=any(row.state == "asked" for row in asked))
    if form is None and VerbForm.FIELDS.get(verb) and verb in dict(verbs):
        form = _fresh(actor, task, verb)
    context = {
        "title": task.title,
        "crumbs": [(_("任务台账"), reverse("task:register")), (task.number, "")],
        "row": shown(task),
        "task": task,
        "why": sentences(queries.explained(actor=actor, task=task)),
        "stages": _stages(task.state),
        "verb": verb,
        "word": dict(verbs).get(verb, ""),
        "form": form,
        "meanwhile": _meanwhile(task, form, lines) if form is not None and status == 409 else [],
        "parts": [shown(part) for part in queries.parts(actor=actor, task=task)],
        "reports": _reported(actor, task),
        "extensions": asked,
        "members": queries.members(actor=actor, task=task),
        "verbs": [(name, word, bool(VerbForm.FIELDS[name])) for name, word in verbs],
        "may_break_down": "break_down" in dict(permitted),
        "happenings": lines,
        "classification": band(task.level),
    }
    answer = render(request, "task/detail.html", context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _verbs(permitted: list[tuple[str, Any]], *, waiting: bool) -> list[tuple[str, Any]]:
    """The verbs the page offers a form or a button for."""
    return [
        (name, word)
        for name, word in permitted
        if name in VerbForm.FIELDS and (name != "decide_extension" or waiting)
    ]


def _fresh(actor: Actor, task: Any, verb: str) -> VerbForm:
    now: dict[str, Any] = {"version": task.version, "owner": task.owner_id}
    if verb == "set_partners":
        now["partners"] = [row.unit_id for row in task.partners.all()]
    return _form(actor, task, verb, initial=now)


def _meanwhile(task: Any, form: VerbForm, lines: list[tuple[Line, str, str]]) -> list[tuple[Line, str, str]]:
    """What others did since the person opened the page; the form now speaks of the task as it is."""
    seen = form.cleaned_data.get("version") or 0
    typed: Any = form.data
    form.data = typed = typed.copy()
    typed["version"] = str(task.version)
    return [entry for entry in lines if entry[0].stream == "task" and entry[0].ver > seen]


def _reported(actor: Actor, task: Any) -> list[tuple[Any, list[Any]]]:
    """Reports with the files one may see."""
    rows = queries.reports(actor=actor, task=task)
    files = exhibits(actor=actor, ids={key for row in rows for key in row.files})
    return [(row, [files[key] for key in row.files if key in files]) for row in rows]


def _stages(state: str) -> list[tuple[Any, str]]:
    at = STAGES.index(state) if state in STAGES else 1
    return [(STATES[name], "done" if n < at else "now" if n == at else "") for n, name in enumerate(STAGES)]


def _named(actor: Actor, lines: list[Line]) -> list[tuple[Line, str, str]]:
    names = names_of(actor=actor, refs=[line.actor_ref for line in lines])
    return [(line, *names.get(line.actor_ref, ("", ""))) for line in lines]
