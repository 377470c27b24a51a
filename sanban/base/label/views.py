"""Pages of labels: those of the own units, and one with what may be done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanban.base.access.actor import SECRET, Actor, actor_of
from sanban.base.access.levels import LEVEL_WORDS, band
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.label import actions, panels, queries, rules
from sanban.base.label.catalogue import grades
from sanban.base.label.forms import LabelForm, LowerForm, RefuseForm
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.people.queries import names_of, unit_names
from sanban.base.ui.fields import blame, status_of
from sanban.base.watch.queries import subject_of
from sanban.base.watch.subjects import kind_name

Forms = dict[str, Form]


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The labels of the own units: lowerings to sign, secrets without a reason, and all by the day of review."""
    actor = actor_of(request)
    if not actor.has(*panels.KEEPERS):
        raise PermissionDenied(_("密级标注只供各单位领导、联络员、交办员和签发人查看。"))
    waiting, missing = queries.to_second(actor=actor), queries.without_reason(actor=actor)
    rows, today = queries.of_units(actor=actor), rules.today()
    highest = max([SECRET if missing else 1, *(row.level for row in (*waiting, *rows))])
    listed(request, "label", [*waiting, *rows], level=highest)
    context = {
        "title": _("密级标注"), "levels": LEVEL_WORDS, "classification": band(highest),
        "waiting": [(row, kind_name(row.stream)) for row in waiting],
        "missing": [(row, kind_name(row.stream)) for row in missing],
        "rows": [(row, kind_name(row.stream), _light(row, today)) for row in rows],
    }  # fmt: skip
    return render(request, "label/index.html", context)


@require_GET
def fields(request: HttpRequest) -> HttpResponse:
    """The catalogue of graded fields, for everybody who signs in: it names no object."""
    today = rules.today()
    context = {
        "title": _("字段分级目录"), "crumbs": [(_("密级标注"), reverse("label:index")), (_("字段分级目录"), "")],
        "levels": LEVEL_WORDS, "flags": {name: word for name, (word, _floor) in rules.FLAGS.items()},
        "rows": [(row, len(row.kinds()), _light(row, today)) for row in grades()],
    }  # fmt: skip
    return render(request, "label/fields.html", context)


@require_GET
def one(request: HttpRequest, stream: str, object_id: int) -> HttpResponse:
    """One object's label with what may be done now."""
    return _one(request, stream, object_id, {}, 200)


@require_POST
def do(request: HttpRequest, stream: str, object_id: int, verb: str) -> HttpResponse:
    """Set, ask to lower, confirm, refuse; a refusal is said on the same page with what was typed."""
    actor = actor_of(request)
    found = _found(actor, stream, object_id)
    page = reverse("label:one", args=[stream, object_id])
    acts: dict[str, tuple[Form, Callable[..., None], str]] = {
        "set": (LabelForm(request.POST), actions.set_label, _("已标注。")),
        "lower": (LowerForm(request.POST, now=found.thing.level), actions.ask_lowering,
                  _("已提出，须由另一位领导或签发人确认。")),
        "confirm": (Form(request.POST), actions.confirm_lowering, _("已同意，新的密级立即生效。")),
        "refuse": (RefuseForm(request.POST), actions.refuse_lowering, _("已答复不同意。")),
    }  # fmt: skip
    if verb not in acts:
        raise Http404
    form, run, done = acts[verb]
    if not form.is_valid():
        return _one(request, stream, object_id, {verb: form}, 422)
    try:
        run(actor, stream=stream, object_id=object_id, **form.cleaned_data)
    except Refused as no:
        if not form.fields:
            messages.error(request, no.message)
            return redirect(page)
        blame(form, no)
        return _one(request, stream, object_id, {verb: form}, status_of(no))
    messages.success(request, done)
    return redirect(page)


def _one(request: HttpRequest, stream: str, object_id: int, forms: Forms, status: int) -> HttpResponse:
    actor = actor_of(request)
    found = _found(actor, stream, object_id)
    label, thing = found.label, found.thing
    shown(request, stream, object_id, level=thing.level)
    subject = subject_of(actor=actor, stream=stream, object_id=object_id)
    name = getattr(thing, "title", "") or getattr(thing, "name", "")
    names = names_of(actor=actor, refs={label.set_by, label.lower_by} - {""} if label else set())
    context = {
        "title": _("密级标注"), "subtitle": name, "classification": band(thing.level),
        "crumbs": [(name, subject.url if subject else ""), (_("密级标注"), "")],
        "stream": stream, "thing": thing, "level": LEVEL_WORDS[thing.level], "label": label,
        "lower_to": LEVEL_WORDS[label.lower_to] if label and label.lower_to is not None else "",
        "flags": [rules.FLAGS[name][0] for name in label.flags] if label else [],
        "unit": unit_names(actor=actor).get(found.unit_id or 0, ""),
        "setter": names.get(label.set_by, ("", ""))[0] if label else "",
        "asker": names.get(label.lower_by, ("", ""))[0] if label else "",
        **_forms(actor, found, forms),
    }  # fmt: skip
    return render(request, "label/one.html", context, status=status)


def _forms(actor: Actor, found: queries.Labelled, given: Forms) -> dict[str, Any]:
    """The forms that are open to this actor: what was typed, or a first proposal."""
    label, level, today = found.label, found.thing.level, rules.today()
    waits = label is not None and label.lower_to is not None
    labels = rules.may_label(actor, found.stream, found.thing) and not waits
    first = {
        "level": level, "reason": label.reason if label else "", "flags": label.flags if label else [],
        "review_on": today + rules.LONGEST[level] - timedelta(days=1), "version": found.version,
    }  # fmt: skip
    below = {"level": level - 1, "review_on": today + rules.LONGEST[max(level - 1, 0)] - timedelta(days=1)}
    second = (
        label is not None and waits and rules.may_second(actor, found.stream, found.thing, label.lower_by)
    )
    mine = label is not None and waits and label.lower_by == actor.ref
    version = {"version": found.version}
    return {
        "set_form": given.get("set", LabelForm(initial=first)) if labels else None,
        "lower_form": given.get("lower", LowerForm(now=level, initial={**version, **below}))
        if labels and level else None,
        "refuse_form": given.get("refuse", RefuseForm(initial=version)) if second or mine else None,
        "second": second, "form": next(iter(given.values()), None),
    }  # fmt: skip


def _found(actor: Actor, stream: str, object_id: int) -> queries.Labelled:
    try:
        return queries.get(actor=actor, stream=stream, object_id=object_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden


def _light(row: Any, today: Any) -> str:
    """Red after the day of review, amber in the two weeks before it."""
    if row.review_on < today:
        return "red"
    return "amber" if row.review_on <= today + panels.SOON else "green"
