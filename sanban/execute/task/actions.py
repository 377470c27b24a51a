"""The verbs of a task. Each checks right and state, works out every column, and writes one event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.axis import OutsideCalendar
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_id, new_ids
from sanban.base.ledger.log import Item, append, append_many
from sanban.base.ledger.registry import Event, encode
from sanban.base.people.queries import active_units, person_in_units, unit_names
from sanban.execute.task import events as e
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import Extension, TaskItem
from sanban.execute.task.rules import DONE_STATES, HANDOVER_LIMIT, MAY_ASSIGN, require, require_text
from sanban.execute.task.terms import Clockwork, clockwork, lamp, resumed

TERM_COLUMNS = (
    "state", "start_at", "due_at", "progress", "reported_at", "returned_at", "paused_at",
)  # fmt: skip


@act
def assign_many(actor: Actor, *, drafts: Sequence[TaskDraft]) -> list[int]:
    """Assign a list or tree of tasks in one act, one event a task, and return their ids (§3.4 交办)."""
    if not actor.has(*MAY_ASSIGN):
        raise Denied(_("只有交办员、督查员、领导和单位联络员可以交办。"))
    return _assign(actor, drafts)


@act
def break_down(
    actor: Actor, *, task_id: int, drafts: Sequence[TaskDraft], version: int | None = None
) -> list[int]:
    """Break a task down into parts led by own or other units; the parts carry the whole's light (§6.3 分解)."""
    whole = _task(task_id)
    require(actor, "break_down", whole, version)
    late = [draft.title for draft in drafts if draft.due_at > whole.due_at]
    if late:
        raise Refused(_("子项“%(title)s”的时限晚于本事项时限，请提前。") % {"title": late[0]}, field="due_at")
    return _assign(actor, drafts, parent=whole)


def _assign(actor: Actor, drafts: Sequence[TaskDraft], parent: TaskItem | None = None) -> list[int]:
    if not drafts:
        raise Refused(_("没有可交办的事项。"))
    works, names = clockwork(), active_units(actor=actor)
    ids = new_ids(len(drafts))
    keys = {draft.key: task_id for draft, task_id in zip(drafts, ids, strict=True) if draft.key}
    numbers = _numbers(works.now.year, len(drafts))
    items = []
    for draft, task_id, number in zip(drafts, ids, numbers, strict=True):
        _check_draft(actor, draft, names, works.now)
        parent_id = parent.pk if parent else keys.get(draft.parent_key, draft.parent_id)
        columns: dict[str, Any] = {
            "number": number,
            "detail": draft.detail,
            "acceptance": draft.acceptance,
            "urgency": draft.urgency,
            "state": "assigned",
            "policy_id": draft.policy_id or (parent.policy_id if parent else None),
            "measure_id": draft.measure_id or (parent.measure_id if parent else None),
            "parent_id": parent_id,
            "mandatory": draft.mandatory,
            "lead_id": draft.lead_id,
            "owner_id": draft.owner_id,
            "assigner_unit_id": actor.unit_id or draft.lead_id,
            "assigner_ref": actor.ref,
            "progress": 0,
            "start_at": draft.start_at or works.now,
            "due_at": draft.due_at,
            "assigned_at": works.now,
        }
        event = e.TaskAssigned(
            title=draft.title.strip(), lead_name=names[draft.lead_id], due_on=_day(draft.due_at),
            changes=encode({**columns, **_lamp(columns, works)}),
            partners=sorted(set(draft.partners) - {draft.lead_id}),
        )  # fmt: skip
        items.append(Item(event, task_id, 0, draft.level))
    append_many(actor, items, at=works.now)
    return list(ids)


@act
def acknowledge(actor: Actor, *, task_id: int, version: int | None = None) -> None:
    """The lead unit takes the task (签收)."""
    task = _task(task_id)
    require(actor, "acknowledge", task, version)
    now = clock.now()
    changes = {"state": "acknowledged", "acknowledged_at": task.acknowledged_at or now}
    _record(actor, task, lambda done: e.TaskAcknowledged(changes=done), changes)


@act
def set_owner(actor: Actor, *, task_id: int, owner_id: int, version: int | None = None) -> None:
    """Name the officer who answers for the task within the lead unit."""
    task = _task(task_id)
    require(actor, "set_owner", task, version)
    name = person_in_units(actor=actor, person_id=owner_id, path_of=task.lead_id)
    if name is None:
        raise Refused(_("责任人须是牵头单位的在岗人员。"), field="owner")
    _record(actor, task, lambda done: e.OwnerSet(owner_name=name, changes=done), {"owner_id": owner_id})


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
    task = _task(task_id)
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
    _record(
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
    task = _task(task_id)
    require(actor, "ask_extension", task, version)
    if due_at <= task.due_at:
        raise Refused(_("新时限须晚于现时限 %(due)s。") % {"due": _day(task.due_at)}, field="due_at")
    if Extension.objects.filter(task=task, state="asked").exists():
        raise Refused(_("上一次延期申请尚未批复，请等待或与交办单位联系。"))
    words, extension_id = require_text(reason, "reason", _("延期理由")), new_id()
    append(
        actor,
        e.ExtensionAsked(
            extension_id=extension_id, due_from=task.due_at, due_to=due_at, due_to_on=_day(due_at), reason=words
        ),
        stream_id=task.pk, version=task.version, level=task.level,
    )  # fmt: skip
    return extension_id


@act
def decide_extension(
    actor: Actor, *, task_id: int, extension_id: int, approve: bool, note: str, version: int | None = None
) -> None:
    """Grant or refuse a later due date; granting moves the instants, refusing leaves them."""
    task = _task(task_id)
    require(actor, "decide_extension", task, version)
    asked = Extension.objects.filter(pk=extension_id, task=task, state="asked").first()
    if asked is None:
        raise Refused(_("这份延期申请已有批复。"))
    words, due = require_text(note, "note", _("批复意见")), _day(asked.due_to)
    made: Event = e.ExtensionRefused(extension_id=asked.pk, note=words)
    if approve:
        moved = {"due_at": asked.due_to, "extensions": task.extensions + 1}
        lit = encode({**moved, **_lamp({**_term(task), **moved}, clockwork())})
        made = e.ExtensionApproved(extension_id=asked.pk, due_to_on=due, note=words, changes=lit)
    append(actor, made, stream_id=task.pk, version=task.version, level=task.level)


@act
def send_back(actor: Actor, *, task_id: int, reason: str, version: int | None = None) -> None:
    """Send a task back unacknowledged, with the reason (退回)."""
    task = _task(task_id)
    require(actor, "send_back", task, version)
    words = require_text(reason, "reason", _("退回理由"))
    _record(actor, task, lambda done: e.TaskSentBack(reason=words, changes=done), {"state": "sent_back"})


@act
def forward(actor: Actor, *, task_id: int, to_id: int, reason: str, version: int | None = None) -> None:
    """Give the lead to another unit, with the reason. Units pass a task on twice at most (§2.1 互相转办)."""
    task = _task(task_id)
    require(actor, "forward", task, version)
    names = active_units(actor=actor)
    if to_id not in names or to_id == task.lead_id:
        raise Refused(_("请选择另一个在册单位。"), field="to")
    if task.handovers >= HANDOVER_LIMIT and not actor.has("dispatcher", "leader"):
        raise Refused(
            _("此事项已转办 %(n)d 次，再转须由综合办交办员裁定。") % {"n": task.handovers}, field="to"
        )
    words, handover_id = require_text(reason, "reason", _("转办理由")), new_id()
    _record(
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
def pause(actor: Actor, *, task_id: int, reason: str, version: int | None = None) -> None:
    """Let the term stand still, with the reason."""
    task = _task(task_id)
    require(actor, "pause", task, version)
    words = require_text(reason, "reason", _("暂停理由"))
    changes = {"state": "paused", "paused_at": clock.now()}
    _record(actor, task, lambda done: e.TaskPaused(reason=words, changes=done), changes)


@act
def resume(actor: Actor, *, task_id: int, version: int | None = None) -> None:
    """Let the term run again: start and due move by the working time of the pause."""
    task = _task(task_id)
    require(actor, "resume", task, version)
    changes = resumed(_term(task), clockwork())
    changes["state"] = "acknowledged" if task.acknowledged_at else "assigned"
    due = _day(changes["due_at"])
    _record(actor, task, lambda done: e.TaskResumed(due_on=due, changes=done), changes)


@act
def conclude(
    actor: Actor, *, task_id: int, text: str, files: Sequence[int] = (), version: int | None = None
) -> None:
    """Say that it is done and ask for verification; every mandatory part must be done first (办结)."""
    task = _task(task_id)
    require(actor, "conclude", task, version)
    open_part = TaskItem.objects.filter(parent=task, mandatory=True).exclude(state__in=DONE_STATES).first()
    if open_part is not None:
        raise Refused(_("子项“%(title)s”尚未通过核验，本事项不能申请办结。") % {"title": open_part.title})
    words, report_id, now = require_text(text, "text", _("完成情况")), new_id(), clock.now()
    _record(
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


@act
def verify(actor: Actor, *, task_id: int, accept: bool, note: str, version: int | None = None) -> None:
    """Check the result against the acceptance criteria: pass it, or return it for mending (核验)."""
    task = _task(task_id)
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
    _record(actor, task, lambda done: outcome(note=words, changes=done), changes)


@act
def close_out(actor: Actor, *, task_id: int, version: int | None = None) -> None:
    """Take a verified task off the register (销号)."""
    task = _task(task_id)
    require(actor, "close_out", task, version)
    _record(actor, task, lambda done: e.TaskClosedOut(changes=done), {"state": "closed_out"})


@act
def reopen(actor: Actor, *, task_id: int, due_at: datetime, reason: str, version: int | None = None) -> None:
    """Begin again what turned out not to be done, with a new term."""
    task = _task(task_id)
    require(actor, "reopen", task, version)
    if due_at <= clock.now():
        raise Refused(_("新时限须晚于现在。"), field="due_at")
    words, due = require_text(reason, "reason", _("重新启动的理由")), _day(due_at)
    changes = {
        "state": "acknowledged", "progress": 0, "due_at": due_at, "start_at": clock.now(), "reported_at": None,
        "concluded_at": None, "ended_at": None,
    }  # fmt: skip
    _record(actor, task, lambda done: e.TaskReopened(due_on=due, reason=words, changes=done), changes)


@act
def withdraw(actor: Actor, *, task_id: int, reason: str, version: int | None = None) -> None:
    """Take a task back that need not be done."""
    task = _task(task_id)
    require(actor, "withdraw", task, version)
    words = require_text(reason, "reason", _("撤销理由"))
    changes = {"state": "withdrawn", "ended_at": clock.now()}
    _record(actor, task, lambda done: e.TaskWithdrawn(reason=words, changes=done), changes)


def _task(task_id: int) -> TaskItem:
    rows = TaskItem.objects.filter(pk=task_id)
    task = rows.select_for_update().first() if connection.vendor == "postgresql" else rows.first()
    if task is None:
        raise Denied(_("没有这件事项，或您无权查看。"))
    return task


def _term(task: TaskItem) -> dict[str, Any]:
    return {name: getattr(task, name) for name in TERM_COLUMNS}


def _record(actor: Actor, task: TaskItem, event: Any, changes: dict[str, Any]) -> None:
    """Work out the light after the changes and write the event that carries both."""
    works = clockwork()
    lights = _lamp({**_term(task), **changes}, works)
    made: Event = event(encode({**changes, **lights}))
    append(actor, made, stream_id=task.pk, version=task.version, level=task.level, at=works.now)


def _lamp(columns: dict[str, Any], works: Clockwork) -> dict[str, Any]:
    try:
        return lamp(columns, works)
    except OutsideCalendar:
        raise Refused(_("时限超出已发布的工作日历，请选择更早的日期。"), field="due_at") from None


def _check_draft(actor: Actor, draft: TaskDraft, names: dict[int, str], now: datetime) -> None:
    title = require_text(draft.title, "title", _("事项名称"))
    if draft.lead_id not in names:
        raise Refused(_("“%(title)s”的牵头单位不在册，请从单位名录中选择。") % {"title": title}, field="lead")
    if draft.due_at <= (draft.start_at or now):
        raise Refused(_("“%(title)s”的时限须晚于开始时间。") % {"title": title}, field="due_at")
    if draft.level > actor.clearance:
        raise Denied(_("不能交办高于本人知悉范围的事项。"))


def _numbers(year: int, count: int) -> list[str]:
    """The next numbers of the year's series; on PostgreSQL under a lock, on SQLite the act holds the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(732451)")
    stem = f"DC-{year}-"
    last = (
        TaskItem.objects.filter(number__startswith=stem)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    start = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    return [f"{stem}{n:06d}" for n in range(start, start + count)]


def _day(instant: datetime) -> str:
    return clock.local(instant).strftime("%Y-%m-%d")
