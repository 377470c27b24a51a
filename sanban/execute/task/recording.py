"""What every act on a task shares: the row under lock, its term, and the one event with the light that follows."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.axis import OutsideCalendar
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.log import append
from sanban.base.ledger.prepared import Prepared
from sanban.base.ledger.registry import Event, encode
from sanban.execute.task.models import TaskItem
from sanban.execute.task.terms import Clockwork, clockwork, lamp

TERM_COLUMNS = (
    "state", "start_at", "due_at", "progress", "reported_at", "returned_at", "paused_at",
)  # fmt: skip


_LOCKED = Prepared(lambda slot: TaskItem.objects.select_for_update().filter(pk=slot("key")))


def task_for_act(task_id: int) -> TaskItem:
    """The task of an act, locked against others where the database can."""
    task = _LOCKED.first(key=task_id)
    if task is None:
        raise Denied(_("没有这件事项，或您无权查看。"))
    return task


def term_of(task: TaskItem) -> dict[str, Any]:
    """What the light depends on, as it stands before the act."""
    return {name: getattr(task, name) for name in TERM_COLUMNS}


def append_change(actor: Actor, task: TaskItem, event: Any, changes: dict[str, Any]) -> None:
    """Work out the light after the changes and write the event that carries both."""
    works = clockwork()
    lights = light_after({**term_of(task), **changes}, works)
    made: Event = event(encode({**changes, **lights}))
    append(actor, made, stream_id=task.pk, version=task.version, level=task.level, at=works.now)


def light_after(columns: dict[str, Any], works: Clockwork) -> dict[str, Any]:
    """The light columns that follow, or the refusal of a term beyond the published calendar."""
    try:
        return lamp(columns, works)
    except OutsideCalendar:
        raise Refused(_("时限超出已发布的工作日历，请选择更早的日期。"), field="due_at") from None


def day_of(instant: datetime) -> str:
    """The day of an instant as the office writes it."""
    return clock.local(instant).strftime("%Y-%m-%d")
