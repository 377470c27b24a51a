"""The clock's part of supervision: due steps are taken and missed answers noted, each exactly once.

A watch names its next step. Taking a step writes the slip and moves the watch in one transaction, so whatever
stops the machine, a step is either taken and passed or still due. The unique key of a slip stands behind that.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.axis import Axis
from sanban.base.calendar.queries import current_axis
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.ids import new_ids
from sanban.base.ledger.log import Item, append_many
from sanban.supervise.chase import queries, rules
from sanban.supervise.chase.events import AnswerMissed, SlipOpened
from sanban.supervise.chase.ladder import AUTOMATIC, Ladder, Step, after, higher, opening, reach
from sanban.supervise.chase.models import Slip, Watch

BATCH: Final = 250


def tick_all(actor: Actor) -> int:
    """Everything that is due now, batch after batch; how many slips were opened or went overdue."""
    done = 0
    while moved := tick(actor):
        done += moved
    return done


def tick(actor: Actor, *, limit: int = BATCH) -> int:
    """One batch of due steps and one of missed answers, the longest due first."""
    return take_steps(actor=actor, limit=limit) + miss_answers(actor=actor, limit=limit)


@act
def take_steps(actor: Actor, *, limit: int = BATCH) -> int:
    """Reminders and urges are issued, higher rungs proposed, each with the instant it was due (§4.1)."""
    _only_the_clock(actor)
    now = clock.now()
    due = list(
        Watch.objects.select_for_update(skip_locked=True)
        .filter(next_at__lte=now)
        .order_by("next_at", "task_id")[:limit]
    )
    if not due:
        return 0
    axis = current_axis()
    current = queries.ladder_in_force(actor=actor)
    known = queries.ladders(actor=actor, numbers={watch.ladder for watch in due})
    before = queries.missed_before(actor=actor, task_ids=[watch.task_id for watch in due])
    items = [
        Item(_step(watch, known.get(watch.ladder, current), axis, now, before), slip_id, 0, watch.level)
        for watch, slip_id in zip(due, new_ids(len(due)), strict=True)
    ]
    return len(append_many(actor, items, at=now))


@act
def miss_answers(actor: Actor, *, limit: int = BATCH) -> int:
    """A slip whose own deadline passed unanswered is overdue, and its matter goes to the next rung."""
    _only_the_clock(actor)
    now = clock.now()
    missed = list(
        Slip.objects.select_for_update(skip_locked=True)
        .filter(
            state__in=rules.WAITING,
            due_at__lte=now,
            task_id__in=Watch.objects.filter(running=True).values("task_id"),
        )
        .order_by("due_at", "id")[:limit]
    )
    items = [
        Item(
            AnswerMissed(
                task_id=slip.task_id,
                arming=slip.arming,
                rung=slip.rung,
                due_instant=slip.due_at or now,
                noticed_at=now,
                next_rung=higher(slip.rung),
            ),
            slip.id,
            slip.version,
            slip.level,
        )
        for slip in missed
    ]
    return len(append_many(actor, items, at=now))


def _only_the_clock(actor: Actor) -> None:
    if not actor.system:
        raise Denied(_("到期步骤由系统时钟自动办理，不能由人代办；需要立即催办请使用“催办”。"))


def _step(
    watch: Watch, ladder: Ladder, axis: Axis, now: datetime, before: Mapping[tuple[int, int], int]
) -> SlipOpened:
    at = watch.next_at or now
    step = opening(ladder, Step(rung=watch.next_rung, occurrence=watch.next_occurrence, at=at), watch.urgency)
    red = max(watch.red_at, watch.armed_at) if watch.red_at else None
    following = after(ladder, step, red, axis)
    return opened(
        watch,
        step,
        now=now,
        ladder=ladder.number,
        due_at=answer_due(ladder, step.rung, now, axis) if step.rung in AUTOMATIC else None,
        previous=before.get((watch.task_id, watch.arming)) if step.rung not in AUTOMATIC else None,
        following=following,
    )


def answer_due(ladder: Ladder, rung: str, now: datetime, axis: Axis) -> datetime | None:
    """When the answer to a slip issued now is due; None where none is asked."""
    minutes = ladder.answer_minutes(rung)
    return None if minutes is None else reach(axis, now, minutes)


def opened(
    watch: Watch,
    step: Step,
    *,
    now: datetime,
    ladder: int,
    due_at: datetime | None,
    previous: int | None = None,
    following: Step | None = None,
    by_hand: bool = False,
    reason: str = "",
) -> SlipOpened:
    """The complete record of one step taken for a task."""
    automatic = step.rung in AUTOMATIC
    name = str(rules.RUNG_NAMES[step.rung])
    return SlipOpened(
        act=(_("发出%(rung)s") if automatic else _("拟发%(rung)s")) % {"rung": name},
        state=rules.ISSUED if automatic else rules.PROPOSED,
        task_id=watch.task_id,
        rung=step.rung,
        arming=watch.arming,
        occurrence=step.occurrence,
        level=watch.level,
        task_title=watch.title,
        task_number=watch.number,
        task_due_at=watch.due_at,
        unit_id=watch.unit_id,
        person_id=watch.person_id,
        ladder=ladder,
        reason=reason,
        by_hand=by_hand,
        due_instant=step.at,
        noticed_at=now,
        due_at=due_at,
        previous=previous,
        next_rung=following.rung if following else "",
        next_occurrence=following.occurrence if following else 1,
        next_at=following.at if following else None,
    )
