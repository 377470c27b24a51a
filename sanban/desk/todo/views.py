"""The to-do page."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base import clock
from sanban.base.access.readlog.recording import listed
from sanban.base.ui import registry
from sanban.desk.rows import shown
from sanban.execute.task import queries
from sanban.execute.task.rules import VERBS


@require_GET
def todo(request: HttpRequest) -> HttpResponse:
    """What waits for this person: late and today, this week, later; the next verb is the button."""
    actor = request.actor  # type: ignore[attr-defined]
    now = clock.now()
    today = clock.local(now).date()
    found = list(queries.todo(actor=actor))
    listed(request, "task", [task for task, _verb in found])
    waiting = [_task(shown(task, now), VERBS[verb].word) for task, verb in found]
    groups: dict[str, list[registry.Todo]] = {"today": [], "week": [], "later": []}
    for one in sorted([*waiting, *registry.todo(actor)], key=lambda row: row.due_at):
        day = clock.local(one.due_at).date()
        key = "today" if day <= today else "week" if day <= today + timedelta(days=7) else "later"
        groups[key].append(one)
    named = [
        (_("今天及逾期"), groups["today"]),
        (_("七天之内"), groups["week"]),
        (_("以后"), groups["later"]),
    ]
    context = {"title": _("我的待办"), "groups": [(name, rows) for name, rows in named if rows]}
    return render(request, "desk/todo.html", context)


def _task(row: dict[str, Any], verb: object) -> registry.Todo:
    task = row["task"]
    return registry.Todo(
        verb=str(verb), title=task.title, url=reverse("task:detail", args=[task.number]),
        note=f"{task.lead.short} · {task.number}", due_at=task.due_at, light=str(row["light"]),
    )  # fmt: skip
