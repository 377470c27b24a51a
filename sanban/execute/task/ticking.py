"""The clock's part: lights turn when their instant comes, and follow a new calendar."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.queries import changed_since, current_calendar
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.log import Item, append_many
from sanban.base.ledger.registry import encode
from sanban.base.light.actions import note_tick
from sanban.base.light.engine import Cause, Instants, Light, colour, next_at
from sanban.base.light.queries import last_mark
from sanban.base.light.words import CAUSE_NAMES, LIGHT_NAMES
from sanban.execute.task import events as e
from sanban.execute.task.models import TaskItem
from sanban.execute.task.terms import COLUMNS, clockwork, lamp

BATCH = 2000
_DUE = (
    "id", "light_ver", "level", "lit", "amber_at", "amber_cause", "red_at", "red_cause", "next_at", "light_state",
)  # fmt: skip


@act
def tick(actor: Actor, *, limit: int = BATCH) -> int:
    """Turn the lights whose instant has come, oldest first, one event each, and return how many.

    The event says when the turn was due; its own instant says when it was noticed. What fell due during a stop
    is made up turn by turn. Rows that are not due are never visited.
    """
    if not actor.system:
        raise Denied(_("亮灯由时钟进程转动，不能由人代为。"))
    now = clock.now()
    due = TaskItem.objects.filter(next_at__lte=now).order_by("next_at").values_list(*_DUE)[:limit]
    items = [_turn(row, now) for row in due]
    append_many(actor, items, at=now)
    return len(items)


def tick_all(actor: Actor) -> int:
    """Tick until nothing is due, and remember when; one transaction a batch."""
    redate_all(actor)
    total = 0
    while turned := tick(actor):
        total += turned
    note_tick(actor=actor, client="task", at=clock.now(), turned=total)
    return total


@act
def redate(actor: Actor, *, after: int, span: tuple[datetime, datetime], limit: int = BATCH) -> int | None:
    """Let the lights of the next open tasks whose term meets changed days follow the calendar in force.

    One event for each task whose instants really differ. Returns the last id looked at, None at the end.
    """
    if not actor.system:
        raise Denied(_("亮灯由时钟进程转动，不能由人代为。"))
    works, number = clockwork(), current_calendar(actor=actor).number
    due = TaskItem.objects.filter(
        light_state="open", pk__gt=after, start_at__lte=span[1], due_at__gte=span[0]
    )
    rows = list(due.order_by("pk")[:limit])
    items = []
    for row in rows:
        lights = lamp({name: getattr(row, name) for name in ("state", *COLUMNS)}, works)
        if (lights["own_amber_at"], lights["own_red_at"]) != (row.own_amber_at, row.own_red_at):
            event = e.LightRedated(calendar=number, changes=encode(lights))
            items.append(Item(event, row.pk, row.light_ver, row.level))
    append_many(actor, items, at=works.now)
    return rows[-1].pk if rows else None


def redate_all(actor: Actor) -> bool:
    """Follow a calendar published since the last look, batch after batch; whether there was one."""
    number, handled = current_calendar(actor=actor).number, last_mark(actor=actor, client="calendar")
    if number == handled:
        return False
    days = changed_since(actor=actor, number=handled)
    if days:
        first = datetime.combine(days[0], time(), clock.SHANGHAI)
        last = datetime.combine(days[-1] + timedelta(days=1), time(), clock.SHANGHAI)
        after: int | None = 0
        while after is not None:
            after = redate(actor, after=after, span=(first, last))
    note_tick(actor=actor, client="calendar", at=clock.now(), turned=number)
    return True


def _turn(row: tuple[Any, ...], now: datetime) -> Item:
    task_id, light_ver, level, lit, amber_at, amber_cause, red_at, red_cause, due_instant, state = row
    whole = Instants(
        yellow_at=amber_at, yellow_cause=Cause(amber_cause) if amber_cause else None,
        red_at=red_at, red_cause=Cause(red_cause) if red_cause else None, state=state,
    )  # fmt: skip
    light, cause = colour(whole, due_instant)
    words = _("%(before)s转%(after)s（%(cause)s）") % {
        "before": LIGHT_NAMES[Light(lit)], "after": LIGHT_NAMES[light], "cause": CAUSE_NAMES[cause],
    }  # fmt: skip
    event = e.LightTurned(
        words=words, light=int(light), cause=int(cause), due_instant=due_instant,
        next_at=next_at(whole, due_instant),
    )  # fmt: skip
    return Item(event, task_id, light_ver, level)
