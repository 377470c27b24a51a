"""What people are told about tasks: who must act, who asked, who answers for it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from sanban.base.ledger.entry import Entry
from sanban.base.ledger.prepared import PreparedMany
from sanban.base.light.engine import Light
from sanban.base.notify.kinds import Kind
from sanban.base.notify.letters import Letter, Sent
from sanban.base.notify.projections import informs
from sanban.execute.task import events as e
from sanban.execute.task.models import TaskItem, TaskPartner

_NAMED: Final = ("number", "title", "level", "lead_id", "owner_id", "assigner_ref", "assigner_unit_id")
CHUNK: Final = 500
ASKED: Final = {
    e.TaskSentBack: (_("退回交办单位：{reason}"), _("{count} 件任务被退回")),
    e.ConclusionAsked: (_("申请办结，待核验：{text}"), _("{count} 件任务申请办结")),
    e.ExtensionAsked: (_("申请延期至 {due_to_on}：{reason}"), _("{count} 件任务申请延期")),
}
"""What the unit asks of the side that assigned the task."""
ANSWERED: Final = {
    e.TaskReturned: (_("核验未通过，退回整改：{note}"), _("{count} 件任务退回整改")),
    e.ExtensionApproved: (_("同意延期至 {due_to_on}：{note}"), _("{count} 件任务同意延期")),
    e.ExtensionRefused: (_("不同意延期：{note}"), _("{count} 件任务不同意延期")),
    e.TaskPaused: (_("暂停办理：{reason}"), _("{count} 件任务暂停办理")),
    e.TaskResumed: (_("恢复办理，时限顺延至 {due_on}"), _("{count} 件任务恢复办理")),
    e.TaskWithdrawn: (_("任务撤销：{reason}"), _("{count} 件任务撤销")),
    e.TaskReopened: (_("重新启动，时限 {due_on}：{reason}"), _("{count} 件任务重新启动")),
}
"""What is decided about a task that a unit leads."""
CHANGES: Final = (e.TaskPaused, e.TaskResumed, e.TaskWithdrawn, e.TaskReopened)
LEADING: Final = (_("请签收办理，时限 {due_on}"), _("新交办 {count} 件任务"))
PARTNERING: Final = (_("请配合{lead_name}办理，时限 {due_on}"), _("请配合办理 {count} 件任务"))
FORWARDED: Final = (_("由{from_name}转来，请签收：{reason}"), _("转来 {count} 件任务"))
NAMED: Final = (_("您已列为知悉人员，至 {until_on}"), _("{count} 件任务列您为知悉人员"))
OWNING: Final = (_("由您负责办理"), _("由您负责办理 {count} 件任务"))
RED: Final = (_("亮红灯：{words}"), _("{count} 件任务亮红灯"))


_TASKS = PreparedMany(lambda keys, slot: TaskItem.objects.filter(pk__in=keys).values_list("pk", *_NAMED))


def _tasks(entries: Sequence[Entry]) -> dict[int, dict[str, Any]]:
    """The tasks as they stand after these events."""
    ids = list({entry.stream_id for entry in entries})
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), CHUNK):
        for row in _TASKS(ids[start : start + CHUNK]):
            found[row[0]] = dict(zip(("pk", *_NAMED), row, strict=True))
    return found


def _letter(
    task: Mapping[str, Any], words: tuple[str, str], kind: Kind, query: str = "?mine=on", **more: Any
) -> Letter:
    return Letter(
        kind=kind, words=words[0], many=words[1], number=task["number"], title=task["title"], level=task["level"],
        link=reverse("task:detail", args=[task["number"]]), link_many=reverse("task:register") + query, **more,
    )  # fmt: skip


def _side(task: Mapping[str, Any]) -> dict[str, Any]:
    """Those who answer for the task: the liaison of the unit that leads it, and the person named for it."""
    return {
        "units": (task["lead_id"],),
        "people": (task["owner_id"],) if task["owner_id"] is not None else (),
    }


def _said(entry: Entry, *names: str) -> dict[str, Any]:
    return {name: getattr(entry.event, name) for name in names}


def _spoken(words: tuple[str, str], entry: Entry) -> dict[str, Any]:
    return _said(entry, *(name for name in entry.event.names if "{" + name + "}" in words[0]))


@informs(e.TaskAssigned)
def _assigned(entries: Sequence[Entry]) -> list[Sent]:
    tasks = _tasks(entries)
    sent: list[Sent] = []
    for entry in entries:
        task = tasks[entry.stream_id]
        said = _said(entry, "due_on", "lead_name")
        urgent = bool(entry.event.changes.get("urgency"))
        query = "?state=assigned&mine=on"
        sent.append(
            (entry, _letter(task, LEADING, Kind.NEW, query, values=said, urgent=urgent, **_side(task)))
        )
        if entry.event.partners:
            partners = tuple(entry.event.partners)
            sent.append((entry, _letter(task, PARTNERING, Kind.PARTNER, "", values=said, units=partners)))
    return sent


@informs(e.TaskForwarded)
def _forwarded(entries: Sequence[Entry]) -> list[Sent]:
    tasks = _tasks(entries)
    return [
        (entry, _letter(tasks[entry.stream_id], FORWARDED, Kind.NEW, values=_said(entry, "from_name", "reason"),
                        **_side(tasks[entry.stream_id])))
        for entry in entries
    ]  # fmt: skip


@informs(e.OwnerSet)
def _owner_set(entries: Sequence[Entry]) -> list[Sent]:
    tasks = _tasks(entries)
    return [
        (entry, _letter(tasks[entry.stream_id], OWNING, Kind.NEW, people=(tasks[entry.stream_id]["owner_id"],)))
        for entry in entries
        if tasks[entry.stream_id]["owner_id"] is not None
    ]  # fmt: skip


@informs(e.MemberNamed)
def _member_named(entries: Sequence[Entry]) -> list[Sent]:
    tasks = _tasks(entries)
    return [
        (entry, _letter(tasks[entry.stream_id], NAMED, Kind.NEW, "", values=_said(entry, "until_on"),
                        people=(entry.event.person_id,)))
        for entry in entries
    ]  # fmt: skip


@informs(*ASKED)
def _asked(entries: Sequence[Entry]) -> list[Sent]:
    """To the person who assigned the task; when that person has left, to the dispatchers of that unit."""
    tasks = _tasks(entries)
    sent: list[Sent] = []
    for entry in entries:
        task, words = tasks[entry.stream_id], ASKED[type(entry.event)]
        whom = {"refs": (task["assigner_ref"],), "reserve": task["assigner_unit_id"]}
        sent.append((entry, _letter(task, words, Kind.ASKED, "", values=_spoken(words, entry), **whom)))
    return sent


@informs(*ANSWERED)
def _answered(entries: Sequence[Entry]) -> list[Sent]:
    tasks = _tasks(entries)
    sent: list[Sent] = []
    for entry in entries:
        task, words = tasks[entry.stream_id], ANSWERED[type(entry.event)]
        kind = Kind.CHANGED if isinstance(entry.event, CHANGES) else Kind.ANSWERED
        letter = _letter(task, words, kind, values=_spoken(words, entry), **_side(task))
        sent.append((entry, letter))
        if isinstance(entry.event, e.TaskWithdrawn):
            sent.append(
                (entry, _letter(task, words, kind, values=_spoken(words, entry), units=_partners(task)))
            )
    return sent


def _partners(task: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(
        TaskPartner.objects.filter(task_id=task["pk"]).order_by("pk").values_list("unit_id", flat=True)
    )


@informs(e.LightTurned)
def _turned_red(entries: Sequence[Entry]) -> list[Sent]:
    red = [entry for entry in entries if entry.event.light == int(Light.RED)]
    tasks = _tasks(red)
    return [
        (entry, _letter(tasks[entry.stream_id], RED, Kind.LIGHT, "?light=red&mine=on", urgent=True,
                        values=_said(entry, "words"), **_side(tasks[entry.stream_id])))
        for entry in red
    ]  # fmt: skip
