"""One task with everything that belongs to it."""

from typing import Final

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.queries import current_axis
from sanban.base.ledger.prepared import Prepared
from sanban.base.ledger.queries import Line, timeline
from sanban.base.ledger.registry import story
from sanban.base.light.engine import Explanation, explain
from sanban.base.light.queries import current_rule
from sanban.execute.task.models import Extension, Handover, ProgressReport, TaskItem
from sanban.execute.task.queries.partners import give_partners
from sanban.execute.task.rules import TASK_VISIBLE
from sanban.execute.task.terms import facts_of

_WITH_UNITS: Final = TaskItem.objects.select_related("lead", "owner", "assigner_unit")
_BY_NUMBER: Final = Prepared(lambda slot: _WITH_UNITS.filter(number=slot("number")))
_BY_ID: Final = Prepared(lambda slot: _WITH_UNITS.filter(pk=slot("key")))
_PARTS: Final = Prepared(lambda slot: _WITH_UNITS.filter(parent_id=slot("task")).order_by("due_at", "pk"))
_REPORTS: Final = Prepared(
    lambda slot: ProgressReport.objects.filter(task_id=slot("task")).order_by("-at", "-pk")[:50]
)
_EXTENSIONS: Final = Prepared(
    lambda slot: Extension.objects.filter(task_id=slot("task")).order_by("-asked_at")
)


def task_by_number(*, actor: Actor, number: str) -> TaskItem | None:
    """One task with its units and partners, or nothing when it is not there for this viewer. Two queries."""
    return _seen(actor, _BY_NUMBER.first(number=number))


def id_by_number(*, actor: Actor, number: str) -> int | None:
    """The id of a task that this viewer may see. One query; one more where only its partners decide."""
    task = _BY_NUMBER.first(number=number)
    return task.pk if task is not None and TASK_VISIBLE.test(actor, task) else None


def task_by_id(*, actor: Actor, task_id: int) -> TaskItem | None:
    """As `task_by_number`, by id."""
    return _seen(actor, _BY_ID.first(key=task_id))


def _seen(actor: Actor, task: TaskItem | None) -> TaskItem | None:
    """The task with its partners, if this viewer may see it."""
    if task is None:
        return None
    give_partners(actor=actor, tasks=[task])
    return task if TASK_VISIBLE.test(actor, task) else None


def parts(*, actor: Actor, task: TaskItem) -> list[TaskItem]:
    """The visible parts of a task with their partners. Two queries."""
    found = _PARTS(task=task.pk)
    give_partners(actor=actor, tasks=found)
    return [part for part in found if TASK_VISIBLE.test(actor, part)]


def reports(*, actor: Actor, task: TaskItem) -> list[ProgressReport]:
    """Progress reports, newest first."""
    return _REPORTS(task=task.pk)


def extensions(*, actor: Actor, task: TaskItem) -> list[Extension]:
    """Requests for a later due date, newest first."""
    return _EXTENSIONS(task=task.pk)


def handovers(*, actor: Actor, task: TaskItem) -> list[Handover]:
    """Changes of the lead unit, newest first."""
    return list(Handover.objects.filter(task=task).select_related("from_unit", "to_unit").order_by("-at"))


def history(*, actor: Actor, task: TaskItem) -> list[Line]:
    """The one timeline of a task from the ledger: its own acts, its light, and what other rooms add to its story."""
    return timeline(actor=actor, streams=[("task_light", task.pk), *story(actor, "task", task.pk)])


def explained(*, actor: Actor, task: TaskItem) -> Explanation:
    """Why the light is as it is, since when, what changes it next, and which act would mend it."""
    columns = {
        name: getattr(task, name)
        for name in ("state", "start_at", "due_at", "progress", "reported_at", "returned_at", "paused_at")
    }
    if task.own_red_at != task.red_at:
        columns["child_red_at"] = task.red_at
    if task.own_amber_at != task.amber_at:
        columns["child_amber_at"] = task.amber_at
    return explain(facts_of(columns), current_rule(actor=actor), current_axis(actor), clock.now())
