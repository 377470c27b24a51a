"""What this room draws on the page of a task: its slips, what comes next by the ladder, and the urge button."""

from sanban.base.access.actor import Actor
from sanban.base.calendar.queries import current_axis
from sanban.base.ui.registry import Panel
from sanban.supervise.chase import queries, rules
from sanban.supervise.chase.ladder import Ladder, Step, outlook
from sanban.supervise.chase.models import Watch


def task_panel(actor: Actor | None, task_id: int) -> Panel | None:
    """The slips of this task and its ladder; nothing for a task that was never watched."""
    if actor is None:
        return None
    slips = queries.of_task(actor=actor, task_id=task_id)
    watch = queries.watch_of(actor=actor, task_id=task_id)
    if watch is None and not slips:
        return None
    return Panel(
        "chase/_task_panel.html",
        {
            "task_id": task_id,
            "rows": [(slip, rules.RUNG_NAMES[slip.rung], rules.STATE_NAMES[slip.state]) for slip in slips],
            "ahead": [(step, rules.RUNG_NAMES[step.rung]) for step in _ahead(actor, watch)],
            "may_propose": rules.may_judge(actor) and watch is not None and watch.running,
            "may_urge": rules.may_chase(actor) and watch is not None and watch.running,
        },
    )


def _ahead(actor: Actor, watch: Watch | None) -> list[Step]:
    if watch is None or watch.next_at is None:
        return []
    current: Ladder = queries.ladder_in_force(actor=actor)
    ladder = queries.ladders(actor=actor, numbers=[watch.ladder]).get(watch.ladder, current)
    step = Step(rung=watch.next_rung, occurrence=watch.next_occurrence, at=watch.next_at)
    red = max(watch.red_at, watch.armed_at) if watch.red_at else None
    return outlook(ladder, step, red, watch.urgency, current_axis())
