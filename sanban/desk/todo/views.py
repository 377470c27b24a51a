"""The to-do page."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base import clock
from sanban.base.access.readlog.recording import listed
from sanban.desk.rows import shown
from sanban.execute.task import queries
from sanban.execute.task.rules import VERBS


@require_GET
def todo(request: HttpRequest) -> HttpResponse:
    """What waits for this person: late and today, this week, later; the next verb is the button."""
    actor = request.actor  # type: ignore[attr-defined]
    now = clock.now()
    today = clock.local(now).date()
    groups: dict[str, list[dict[str, object]]] = {"today": [], "week": [], "later": []}
    waiting = list(queries.todo(actor=actor))
    listed(request, "task", [task for task, _verb in waiting])
    for task, verb in waiting:
        day = clock.local(task.due_at).date()
        key = "today" if day <= today else "week" if day <= today + timedelta(days=7) else "later"
        groups[key].append({**shown(task, now), "verb": VERBS[verb].word})
    named = [
        (_("今天及逾期"), groups["today"]),
        (_("七天之内"), groups["week"]),
        (_("以后"), groups["later"]),
    ]
    context = {"title": _("我的待办"), "groups": [(name, rows) for name, rows in named if rows]}
    return render(request, "desk/todo.html", context)
