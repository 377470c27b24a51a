"""What the unit that leads a task does with it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.people.queries import active_units, person_in_units, unit_names
from sanban.execute.task import events as e
from sanban.execute.task.models import Extension, TaskItem
from sanban.execute.task.recording import append_change, day_of, task_for_act
from sanban.execute.task.rules import DONE_STATES, HANDOVER_LIMIT, require, require_text


@act
def acknowledge(actor: Actor, *, task_id: int, version: int | None = None) -> None:
    """The lead unit takes the task (签收)."""
    task = task_for_act(task_id)
    require(actor, "acknowledge", task, version)
    now = clock.now()
    changes = {"state": "acknowledged", "acknowledged_at": task.acknowledged_at or now}
    append_change(actor, task, lambda done: e.TaskAcknowledged(changes=done), changes)


@act
def set_owner(actor: Actor, *, task_id: int, owner_id: int, version: int | None = None) -> None:
    """Name the officer who answers for the task within the lead unit."""
    task = task_for_act(task_id)
    require(actor, "set_owner", task, version)
    name = person_in_units(actor=actor, person_id=owner_id, path_of=task.lead_id)
    if name is None:
        raise Refused(_("责任人须是牵头单位的在岗人员。"), field="owner")
    append_change(actor, task, lambda done: e.OwnerSet(owner_name=name, changes=done), {"owner_id": owner_id})


@act
def report(
    actor: Actor,
    *,
    task_id: int,
    progress: int,
    text: str,
    files: Sequence[int] = (),
    version: int | None = None,
) -> int:
    """Report progress with evidence; a lower figure than before is allowed and shows (§6.3 反馈)."""
    task = task_for_act(task_id)
    require(actor, "report", task, version)
    if not 0 <= progress <= 100:
        raise Refused(_("进度应在 0 到 100 之间。"), field="progress")
    words, report_id, now = require_text(text, "text", _("进展情况")), new_id(), clock.now()
    changes = {
        "progress": progress,
        "reported_at": now,
        "returned_at": None,
        "first_report_at": task.first_report_at or now,
    }
    append_change(
        actor,
        task,
        lambda done: e.ProgressReported(
            report_id=report_id,
            unit_id=actor.unit_id,
            progress=progress,
            text=words,
            files=list(files),
            changes=done,
        ),
        changes,
    )
    return report_id


@act
def ask_extension(
    actor: Actor, *, task_id: int, due_at: datetime, reason: str, version: int | None = None
) -> int:
    """Ask for a later due date; one open request at a time."""
    task = task_for_act(task_id)
    require(actor, "ask_extension", task, version)
    if due_at <= task.due_at:
        raise Refused(_("新时限须晚于现时限 %(due)s。") % {"due": day_of(task.due_at)}, field="due_at")
    if Extension.objects.filter(task=task, state="asked").exists():
        raise Refused(_("上一次延期申请尚未批复，请等待或与交办单位联系。"))
    words, extension_id = require_text(reason, "reason", _("延期理由")), new_id()
    append(
        actor,
        e.ExtensionAsked(
            extension_id=extension_id, due_from=task.due_at, due_to=due_at, due_to_on=day_of(due_at), reason=words
        ),
        stream_id=task.pk, version=task.version, level=task.level,
    )  # fmt: skip
    return extension_id


@act
def send_back(actor: Actor, *, task_id: int, reason: str, version: int | None = None) -> None:
    """Send a task back unacknowledged, with the reason (退回)."""
    task = task_for_act(task_id)
    require(actor, "send_back", task, version)
    words = require_text(reason, "reason", _("退回理由"))
    append_change(
        actor, task, lambda done: e.TaskSentBack(reason=words, changes=done), {"state": "sent_back"}
    )


@act
def forward(actor: Actor, *, task_id: int, to_id: int, reason: str, version: int | None = None) -> None:
    """Give the lead to another unit, with the reason. Units pass a task on twice at most (§2.1 互相转办)."""
    task = task_for_act(task_id)
    require(actor, "forward", task, version)
    names = active_units(actor=actor)
    if to_id not in names or to_id == task.lead_id:
        raise Refused(_("请选择另一个在册单位。"), field="to")
    if task.handovers >= HANDOVER_LIMIT and not actor.has("dispatcher", "leader"):
        raise Refused(
            _("此事项已转办 %(n)d 次，再转须由综合办交办员裁定。") % {"n": task.handovers}, field="to"
        )
    words, handover_id = require_text(reason, "reason", _("转办理由")), new_id()
    append_change(
        actor,
        task,
        lambda done: e.TaskForwarded(
            handover_id=handover_id, from_id=task.lead_id,
            from_name=unit_names(actor=actor, ids=[task.lead_id]).get(task.lead_id, ""),
            to_id=to_id, to_name=names[to_id], reason=words, changes=done,
        ),
        {
            "state": "assigned", "lead_id": to_id, "owner_id": None, "handovers": task.handovers + 1,
            "acknowledged_at": None,
        },
    )  # fmt: skip


@act
def conclude(
    actor: Actor, *, task_id: int, text: str, files: Sequence[int] = (), version: int | None = None
) -> None:
    """Say that it is done and ask for verification; every mandatory part must be done first (办结)."""
    task = task_for_act(task_id)
    require(actor, "conclude", task, version)
    open_part = TaskItem.objects.filter(parent=task, mandatory=True).exclude(state__in=DONE_STATES).first()
    if open_part is not None:
        raise Refused(_("子项“%(title)s”尚未通过核验，本事项不能申请办结。") % {"title": open_part.title})
    words, report_id, now = require_text(text, "text", _("完成情况")), new_id(), clock.now()
    append_change(
        actor,
        task,
        lambda done: e.ConclusionAsked(
            report_id=report_id, unit_id=actor.unit_id, text=words, files=list(files), changes=done
        ),
        {
            "state": "concluded", "progress": 100, "reported_at": now, "returned_at": None, "concluded_at": now,
            "first_report_at": task.first_report_at or now,
        },
    )  # fmt: skip
