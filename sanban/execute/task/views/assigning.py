"""Assigning one new task, and breaking one down into parts."""

from typing import Any

from django.contrib import messages
from django.forms import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.readlog.recording import listed
from sanban.base.access.readlog.recording import shown as on_record
from sanban.base.ledger.errors import Refused
from sanban.base.people.queries import active_units
from sanban.base.ui.fields import blame
from sanban.decide.policy.queries import policies
from sanban.execute.task import actions, queries
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.forms import PART_ROWS, AssignForm, due_instant
from sanban.execute.task.rules import may
from sanban.execute.task.views.showing import assigner_of

POLICIES_SHOWN = 100


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """Assign one new task, by itself or as a part of another."""
    actor = assigner_of(request)
    offered = list(policies(actor=actor)[:POLICIES_SHOWN])
    listed(request, "policy", offered, predicate={})
    titles = {row.pk: row.title for row in offered}
    given = {"parent": request.GET.get("parent", ""), "policy": request.GET.get("policy", "")}
    form = AssignForm(
        request.POST or None,
        initial=given,
        units=active_units(actor=actor),
        policies=titles,
        clearance=actor.clearance,
    )
    if request.method == "POST" and form.is_valid() and (draft := _draft(actor, form)):
        try:
            (task_id,) = actions.assign_many(actor, drafts=[draft])
        except Refused as refusal:
            blame(form, refusal, due_at="due_on")
        else:
            task = queries.task_by_id(actor=actor, task_id=task_id)
            messages.success(request, _("已交办。"))
            return redirect("task:detail", number=task.number) if task else redirect("task:register")
    context = {
        "title": _("交办事项"),
        "form": form,
        "crumbs": [(_("任务台账"), reverse("task:register")), (_("交办"), "")],
    }
    return render(request, "task/assign.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def break_down(request: HttpRequest, number: str) -> HttpResponse:
    """Break one task down into several parts at once."""
    actor = actor_of(request)
    task = queries.task_by_number(actor=actor, number=number)
    if task is None or not may(actor, "break_down", task):
        raise Http404
    on_record(request, "task", task.pk, level=task.level, fields=["title"])
    more: dict[str, Any] = {"form_kwargs": {"units": active_units(actor=actor)}, "prefix": "part"}
    rows = PART_ROWS(request.POST if request.method == "POST" else None, **more)
    refused, status = "", 200
    if request.method == "POST" and "more" in request.POST:
        longer = request.POST.copy()
        longer["part-TOTAL_FORMS"] = str(min(50, rows.total_form_count() + 3))
        rows = PART_ROWS(longer, **more)
    elif request.method == "POST":
        status = 422
        if rows.is_valid():
            drafts = [_part(form.cleaned_data) for form in rows if form.has_changed()]
            try:
                actions.break_down(actor, task_id=task.pk, drafts=drafts, version=_seen(request))
            except Refused as refusal:
                refused = refusal.message
            else:
                messages.success(request, _("已分解为 %(n)d 个子项。") % {"n": len(drafts)})
                return redirect("task:detail", number=number)
    context = {
        "title": _("分解事项"),
        "subtitle": task.title,
        "crumbs": [(task.number, reverse("task:detail", args=[number])), (_("分解"), "")],
        "task": task,
        "rows": rows,
        "refused": refused,
        "asked": status == 422,
    }
    return render(request, "task/break_down.html", context, status=status)


def _draft(actor: Actor, form: AssignForm) -> TaskDraft | None:
    """The draft of a valid form, or nothing after the form was told what it names that is not there."""
    given = form.cleaned_data
    try:
        return TaskDraft(
            title=given["title"], lead_id=given["lead"], due_at=due_instant(given["due_on"]), detail=given["detail"],
            acceptance=given["acceptance"], partners=tuple(given["partners"]), level=given["level"],
            urgency=given["urgency"], policy_id=given["policy"], owner_id=_owner(actor, given["owner"], given["lead"]),
            parent_id=_parent(actor, given["parent"]),
        )  # fmt: skip
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return None


def _owner(actor: Actor, name: str, lead_id: int) -> int | None:
    """The person of this name in the lead unit."""
    if not name.strip():
        return None
    found = queries.people_by_name(actor=actor, names=[name.strip()]).get(name.strip(), [])
    fit = [one for one in found if lead_id in one.above]
    if len(fit) == 1:
        return fit[0].id
    why = (
        _("牵头单位有 %(n)d 位“%(name)s”，请先交办，再由单位指定责任人。")
        if fit
        else _("牵头单位没有名叫“%(name)s”的在岗人员，请核对姓名或留空。")
    )
    raise ValidationError({"owner": why % {"n": len(fit), "name": name.strip()}})


def _parent(actor: Actor, number: str) -> int | None:
    """The task of this number."""
    if not number.strip():
        return None
    task = queries.task_by_number(actor=actor, number=number.strip())
    if task is None:
        words = _("没有编号为“%(number)s”的事项，或您无权查看。") % {"number": number.strip()}
        raise ValidationError({"parent": words})
    return task.pk


def _part(given: dict[str, Any]) -> TaskDraft:
    return TaskDraft(
        title=given["title"],
        lead_id=given["lead"],
        due_at=due_instant(given["due_on"]),
        acceptance=given["acceptance"],
    )


def _seen(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() else None
