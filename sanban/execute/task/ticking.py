"""The clock's part: lights turn when their instant comes, and follow a new calendar."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.queries import changed_since, current_calendar
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import Item, append, append_many
from sanban.base.light.actions import note_tick
from sanban.base.light.engine import Cause, Instants, Light, colour, instants, next_at
from sanban.base.light.queries import last_mark
from sanban.base.light.stamps import stamp_of
from sanban.base.light.words import CAUSE_NAMES, LIGHT_NAMES
from sanban.execute.task import events as e
from sanban.execute.task.models import TaskItem
from sanban.execute.task.queries import terms
from sanban.execute.task.terms import COLUMNS, Clockwork, clockwork, facts_of

BATCH = 2000
REDATED_AT_ONCE = 2000
"""Tasks in one event that redates: so long other writers wait."""
_DUE = (
    "id", "light_ver", "level", "lit", "amber_at", "amber_cause", "red_at", "red_cause", "next_at", "light_state",
)  # fmt: skip
_INSTANTS = frozenset(n for n, name in enumerate(_DUE) if name.endswith("_at"))
_TERM = ("id", "level", "own_amber_at", "own_amber_cause", "red_at", "red_cause", "state", *COLUMNS)
Place = tuple[datetime, int]


@act
def tick(actor: Actor, *, limit: int = BATCH, before: int = 0) -> int:
    """Turn the lights whose instant has come, oldest first, one event each, and return how many.

    The event says when the turn was due; its own instant says when it was noticed. What fell due during a stop
    is made up turn by turn. Rows that are not due are never visited. A look that leaves nothing due is noted,
    with the `before` turned in the same look.
    """
    if not actor.system:
        raise Denied(_("亮灯由时钟进程转动，不能由人代为。"))
    now = clock.now()
    due = _due(now, limit)
    words: dict[tuple[int, Light, Cause], str] = {}
    turns = [_turn(row, now, words) for row in due]
    append_many(actor, [item for _event, item in turns], at=now)
    if len(due) < limit and not any(event.next_at and event.next_at <= now for event, _item in turns):
        note_tick(
            actor=actor, client="task", at=now, turned=before + len(due),
            count=lambda first, last: terms(actor=actor, first=first, last=last),
        )  # fmt: skip
    return len(due)


def tick_all(actor: Actor) -> int:
    """Tick until nothing is due; one transaction a batch, so a look that finds little is one transaction."""
    redate_all(actor)
    total = turned = tick(actor)
    while turned and _due(clock.now(), 1):
        turned = tick(actor, before=total)
        total += turned
    return total


@act
def redate(
    actor: Actor, *, after: Place, span: tuple[datetime, datetime], limit: int = REDATED_AT_ONCE
) -> Place | None:
    """Let the lights of the next open tasks whose term meets changed days follow the calendar in force.

    In order of due date, after the given place. One event for all whose instants really differ. Returns the last
    place looked at, None at the end.
    """
    if not actor.system:
        raise Denied(_("亮灯由时钟进程转动，不能由人代为。"))
    works, number = clockwork(), current_calendar(actor=actor).number
    due = TaskItem.objects.select_for_update().filter(
        Q(due_at__gt=after[0]) | Q(pk__gt=after[1]),
        light_state="open",
        due_at__gte=after[0],
        start_at__lte=span[1],
    )
    rows = list(due.order_by("due_at", "pk").values_list(*_TERM)[:limit])
    moved = [found for row in rows if (found := _moved(row, works))]
    if moved:
        levels, ids, amber, amber_cause, following, lit, lit_cause = (
            list(part) for part in zip(*moved, strict=True)
        )
        event = e.LightsRedated(
            calendar=number, rule=works.rule.version, ids=ids, amber=amber, amber_cause=amber_cause, next=following,
            lit=lit, lit_cause=lit_cause,
        )  # fmt: skip
        append(actor, event, stream_id=new_id(), version=0, level=max(levels), at=works.now)
    return (rows[-1][_DUE_AT], rows[-1][0]) if rows else None


_DUE_AT = _TERM.index("due_at")


def _moved(row: tuple[Any, ...], works: Clockwork) -> tuple[Any, ...] | None:
    """Level, id, own amber and its cause, next turn, light and cause of a task whose own instants differ."""
    task_id, level, amber_at, amber_cause, red_at, red_cause, *term = row
    own = instants(facts_of(dict(zip(("state", *COLUMNS), term, strict=True))), works.rule, works.axis)
    cause = int(own.yellow_cause or 0)
    if (own.yellow_at, cause) == (amber_at, amber_cause):
        return None
    whole = replace(own, red_at=red_at, red_cause=Cause(red_cause) if red_cause else None)
    light, lit_cause = colour(whole, works.now)
    following = stamp_of(next_at(whole, works.now))
    return level, task_id, stamp_of(own.yellow_at), cause, following, int(light), int(lit_cause)


def redate_all(actor: Actor) -> bool:
    """Follow a calendar published since the last look, batch after batch; whether there was one."""
    number, handled = current_calendar(actor=actor).number, last_mark(actor=actor, client="calendar")
    if number == handled:
        return False
    days = changed_since(actor=actor, number=handled)
    if days:
        first = datetime.combine(days[0], time(), clock.SHANGHAI)
        last = datetime.combine(days[-1] + timedelta(days=1), time(), clock.SHANGHAI)
        after: Place | None = (first, 0)
        while after is not None:
            after = redate(actor, after=after, span=(first, last))
    note_tick(actor=actor, client="calendar", at=clock.now(), turned=number)
    return True


def _due(now: datetime, limit: int) -> list[tuple[Any, ...]]:
    """The rows whose turn has come, locked where the database can; plain SQL, because every look asks it."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_DUE)} FROM task_taskitem WHERE next_at <= %s ORDER BY next_at LIMIT %s"  # noqa: S608
            f"{'' if sqlite else ' FOR UPDATE'}",
            [connection.ops.adapt_datetimefield_value(now), limit],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    if not sqlite:
        return rows
    return [tuple(_aware(value) if n in _INSTANTS else value for n, value in enumerate(row)) for row in rows]


def _aware(value: datetime | None) -> datetime | None:
    """SQLite gives instants without their zone, which is always UTC."""
    return value and value.replace(tzinfo=UTC)


def _turn(
    row: tuple[Any, ...], now: datetime, words: dict[tuple[int, Light, Cause], str]
) -> tuple[e.LightTurned, Item]:
    task_id, light_ver, level, lit, amber_at, amber_cause, red_at, red_cause, due_instant, state = row
    whole = Instants(
        yellow_at=amber_at, yellow_cause=Cause(amber_cause) if amber_cause else None,
        red_at=red_at, red_cause=Cause(red_cause) if red_cause else None, state=state,
    )  # fmt: skip
    light, cause = colour(whole, due_instant)
    if (said := words.get((lit, light, cause))) is None:
        said = words[lit, light, cause] = _("%(before)s转%(after)s（%(cause)s）") % {
            "before": LIGHT_NAMES[Light(lit)], "after": LIGHT_NAMES[light], "cause": CAUSE_NAMES[cause],
        }  # fmt: skip
    event = e.LightTurned(
        words=said,
        light=int(light),
        cause=int(cause),
        due_instant=due_instant,
        next_at=next_at(whole, due_instant),
    )
    return event, Item(event, task_id, light_ver, level)
