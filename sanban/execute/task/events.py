"""The life of a task. `changes` are the columns of the task after the event, whole and ready to fold."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("task.task_assigned", stream="task", sentence=_("交办给{lead_name}，时限 {due_on}"))
class TaskAssigned(Event):
    """A task came to be: `changes` hold every column, `partners` the cooperating units."""

    title: str
    lead_name: str
    due_on: str
    changes: dict[str, Any]
    partners: list[int]


@event("task.task_acknowledged", stream="task", sentence=_("签收"))
class TaskAcknowledged(Event):
    """The lead unit took the task."""

    changes: dict[str, Any]


@event("task.owner_set", stream="task", sentence=_("责任人定为{owner_name}"))
class OwnerSet(Event):
    """Who in the unit answers for it."""

    owner_name: str
    changes: dict[str, Any]


@event("task.partners_set", stream="task", sentence=_("配合单位调整为{partner_names}：{reason}"))
class PartnersSet(Event):
    """Which units cooperate from now on, all of them."""

    partner_names: str
    partners: list[int]
    reason: str


@event("task.member_named", stream="task", sentence=_("{person_name}列入知悉人员，至 {until_on}：{reason}"))
class MemberNamed(Event):
    """One person may see this work secret until then; naming him again sets another day."""

    person_id: int
    person_name: str
    until: datetime
    until_on: str
    reason: str


@event("task.member_removed", stream="task", sentence=_("{person_name}移出知悉人员：{reason}"))
class MemberRemoved(Event):
    """The person sees it no longer by being named."""

    person_id: int
    person_name: str
    reason: str


@event("task.progress_reported", stream="task", sentence=_("反馈进度 {progress}%：{text}"))
class ProgressReported(Event):
    """A report with its evidence; `files` are ids of stored files."""

    report_id: int
    unit_id: int | None
    progress: int
    text: str
    files: list[int]
    changes: dict[str, Any]


@event("task.extension_asked", stream="task", sentence=_("申请延期至 {due_to_on}：{reason}"))
class ExtensionAsked(Event):
    """A later due date is asked for; the light does not wait for the answer."""

    extension_id: int
    due_from: datetime
    due_to: datetime
    due_to_on: str
    reason: str


@event("task.extension_approved", stream="task", sentence=_("同意延期至 {due_to_on}：{note}"))
class ExtensionApproved(Event):
    """The due date moves."""

    extension_id: int
    due_to_on: str
    note: str
    changes: dict[str, Any]


@event("task.extension_refused", stream="task", sentence=_("不同意延期：{note}"))
class ExtensionRefused(Event):
    """The due date stays."""

    extension_id: int
    note: str


@event("task.task_sent_back", stream="task", sentence=_("退回交办单位：{reason}"))
class TaskSentBack(Event):
    """The unit holds that the task is not its own."""

    reason: str
    changes: dict[str, Any]


@event("task.task_forwarded", stream="task", sentence=_("由{from_name}转办{to_name}：{reason}"))
class TaskForwarded(Event):
    """Another unit leads now (§2.1 互相转办 is counted)."""

    handover_id: int
    from_id: int
    from_name: str
    to_id: int
    to_name: str
    reason: str
    changes: dict[str, Any]


@event("task.task_paused", stream="task", sentence=_("暂停：{reason}"))
class TaskPaused(Event):
    """The term stands still."""

    reason: str
    changes: dict[str, Any]


@event("task.task_resumed", stream="task", sentence=_("恢复办理，时限顺延至 {due_on}"))
class TaskResumed(Event):
    """The term runs again, moved by the working time of the pause."""

    due_on: str
    changes: dict[str, Any]


@event("task.conclusion_asked", stream="task", sentence=_("申请办结：{text}"))
class ConclusionAsked(Event):
    """The unit says it is done; evidence attached."""

    report_id: int
    unit_id: int | None
    text: str
    files: list[int]
    changes: dict[str, Any]


@event("task.task_verified", stream="task", sentence=_("核验通过：{note}"))
class TaskVerified(Event):
    """The acceptance criteria are met."""

    note: str
    changes: dict[str, Any]


@event("task.task_returned", stream="task", sentence=_("核验未通过，退回整改：{note}"))
class TaskReturned(Event):
    """The result is not good enough: amber until the unit reports again."""

    note: str
    changes: dict[str, Any]


@event("task.task_closed_out", stream="task", sentence=_("销号"))
class TaskClosedOut(Event):
    """Done and off the register."""

    changes: dict[str, Any]


@event("task.task_reopened", stream="task", sentence=_("重新启动，时限 {due_on}：{reason}"))
class TaskReopened(Event):
    """It was not done after all."""

    due_on: str
    reason: str
    changes: dict[str, Any]


@event("task.task_withdrawn", stream="task", sentence=_("撤销：{reason}"))
class TaskWithdrawn(Event):
    """The task need not be done any more."""

    reason: str
    changes: dict[str, Any]


@event(
    "task.light_redated", stream="task_light", sentence=_("工作日历第 {calendar} 版发布，亮灯时点随之调整")
)
class LightRedated(Event):
    """The instants of one task followed a new calendar: how ledgers of before `LightsRedated` say it."""

    calendar: int
    changes: dict[str, Any]


@event(
    "task.lights_redated",
    stream="task_redate",
    sentence=_("工作日历第 {calendar} 版发布，一批事项的亮灯时点随之调整"),
)
class LightsRedated(Event):
    """The instants of many tasks follow a new calendar or rule; their due dates stay.

    The lists run in step, one place a task. Instants are numbers (base.light.stamps).
    """

    calendar: int
    rule: int
    ids: list[int]
    amber: list[int | None]
    amber_cause: list[int]
    next: list[int | None]
    lit: list[int]
    lit_cause: list[int]


@event("task.light_turned", stream="task_light", sentence=_("亮灯变化：{words}"))
class LightTurned(Event):
    """The clock met an instant: when it was due; the entry's own instant is when it was noticed."""

    words: str
    light: int
    cause: int
    due_instant: datetime
    next_at: datetime | None
