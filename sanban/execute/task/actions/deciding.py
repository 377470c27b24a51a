"""What the side that assigned or inspects a task decides about it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.log import append
from sanban.base.ledger.registry import Event, encode
from sanban.execute.task import events as e
from sanban.execute.task.models import Extension
from sanban.execute.task.recording import append_change, day_of, light_after, task_for_act, term_of
from sanban.execute.task.rules import require, require_text
from sanban.execute.task.terms import clockwork, resumed


@act
def decide_extension(
    actor: Actor, *, task_id: int, extension_id: int, approve: bool, note: str, version: int | None = None
) -> None:
    """Grant or refuse a later due date; granting moves the instants, refusing leaves them."""
    task = task_for_act(task_id)
    require(actor, "decide_extension", task, version)
    asked = Extension.objects.filter(pk=extension_id, task=task, state="asked").first()
    if asked is None:
        raise Refused(_("这份延期申请已有批复。"))
    words, due = require_text(note, "note", _("批复意见")), day_of(asked.due_to)
    made: Event = e.ExtensionRefused(extension_id=asked.pk, note=words)
    if approve:
        moved = {"due_at": asked.due_to, "extensions": task.extensions + 1}
        lit = encode({**moved, **light_after({**term_of(task), **moved}, clockwork())})
        made = e.ExtensionApproved(extension_id=asked.pk, due_to_on=due, note=words, changes=lit)
    append(actor, made, stream_id=task.pk, version=task.version, level=task.level)


@act
def pause(actor: Actor, *, task_id: int, reason: str, version: int | None = None) -> None:
    """Let the term stand still, with the reason."""
    task = task_for_act(task_id)
    require(actor, "pause", task, version)
    words = require_text(reason, "reason", _("暂停理由"))
    changes = {"state": "paused", "paused_at": clock.now()}
    append_change(actor, task, lambda done: e.TaskPaused(reason=words, changes=done), changes)


@act
def resume(actor: Actor, *, task_id: int, version: int | None = None) -> None:
    """Let the term run again: start and due move by the working time of the pause."""
    task = task_for_act(task_id)
    require(actor, "resume", task, version)
    changes = resumed(term_of(task), clockwork())
    changes["state"] = "acknowledged" if task.acknowledged_at else "assigned"
    due = day_of(changes["due_at"])
    append_change(actor, task, lambda done: e.TaskResumed(due_on=due, changes=done), changes)


@act
def verify(actor: Actor, *, task_id: int, accept: bool, note: str, version: int | None = None) -> None:
    """Check the result against the acceptance criteria: pass it, or return it for mending (核验)."""
    task = task_for_act(task_id)
    require(actor, "verify", task, version)
    words, now = require_text(note, "note", _("核验意见")), clock.now()
    changes: dict[str, Any] = {
        "state": "acknowledged",
        "progress": 80,
        "returned_at": now,
        "concluded_at": None,
    }
    if accept:
        changes = {"state": "verified", "ended_at": now}
    outcome = e.TaskVerified if accept else e.TaskReturned
    append_change(actor, task, lambda done: outcome(note=words, changes=done), changes)


@act
def close_out(actor: Actor, *, task_id: int, version: int | None = None) -> None:
    """Take a verified task off the register (销号)."""
    task = task_for_act(task_id)
    require(actor, "close_out", task, version)
    append_change(actor, task, lambda done: e.TaskClosedOut(changes=done), {"state": "closed_out"})


@act
def reopen(actor: Actor, *, task_id: int, due_at: datetime, reason: str, version: int | None = None) -> None:
    """Begin again what turned out not to be done, with a new term."""
    task = task_for_act(task_id)
    require(actor, "reopen", task, version)
    if due_at <= clock.now():
        raise Refused(_("新时限须晚于现在。"), field="due_at")
    words, due = require_text(reason, "reason", _("重新启动的理由")), day_of(due_at)
    changes = {
        "state": "acknowledged", "progress": 0, "due_at": due_at, "start_at": clock.now(), "reported_at": None,
        "concluded_at": None, "ended_at": None,
    }  # fmt: skip
    append_change(actor, task, lambda done: e.TaskReopened(due_on=due, reason=words, changes=done), changes)


@act
def withdraw(actor: Actor, *, task_id: int, reason: str, version: int | None = None) -> None:
    """Take a task back that need not be done."""
    task = task_for_act(task_id)
    require(actor, "withdraw", task, version)
    words = require_text(reason, "reason", _("撤销理由"))
    changes = {"state": "withdrawn", "ended_at": clock.now()}
    append_change(actor, task, lambda done: e.TaskWithdrawn(reason=words, changes=done), changes)
