"""Assigning one new task, and breaking one down into parts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sanban.base.ledger.errors import Refused
from sanban.base.people.queries import active_units
from sanban.execute.task import actions, queries
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.forms import AssignForm, due_instant
from sanban.execute.task.views.showing import assigner_of, blame


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """Assign one new task."""
    actor = assigner_of(request)
    units = active_units(actor=actor)
    form = AssignForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        draft = TaskDraft(
            title=given["title"], lead_id=given["lead"], due_at=due_instant(given["due_on"]), detail=given["detail"],
            acceptance=given["acceptance"], partners=tuple(given["partners"]),
        )  # fmt: skip
        try:
            (task_id,) = actions.assign_many(actor, drafts=[draft])
        except Refused as refusal:
            blame(form, refusal)
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
