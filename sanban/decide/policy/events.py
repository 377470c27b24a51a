"""What happens to a policy and to each of its measures."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, copies, event


@event("policy.policy_registered", stream="policy", sentence=_("登记政策文件《{title}》"))
class PolicyRegistered(Event):
    """A policy came in, with its whole text: every later quotation is a span of this text."""

    title: str
    doc_number: str
    organ: str
    issued_on: date | None
    file_id: int | None
    file_no: int
    text: str
    unit_id: int


@event("policy.policy_confirmed", stream="policy", sentence=_("核定《{title}》的举措共 {measures} 条"))
class PolicyConfirmed(Event):
    """Every proposed measure was decided on by a person; the list of measures is settled."""

    title: str
    measures: int


@event("policy.measure_proposed", stream="measure", sentence=_("识别出举措“{title}”"))
class MeasureProposed(Event):
    """The reading engine found an obligation; nothing follows from it until a person confirms."""

    policy_id: int
    order: int
    path: str
    text: str
    start: int
    end: int
    title: str
    lead_id: int | None
    partners: list[int]
    due_on: date | None
    acceptance: str
    targets: list[dict[str, str]]
    facts: list[dict[str, Any]]


@event("policy.measure_added", stream="measure", sentence=_("从原文补录举措“{title}”"))
class MeasureAdded(MeasureProposed):
    """A person marked an obligation the engine had passed over; it counts as confirmed."""


@event("policy.measure_edited", stream="measure", sentence=_("修改举措“{title}”"))
class MeasureEdited(Event):
    """A person corrected the measure: the new values stand whole, the old ones are in the events before."""

    policy_id: int
    title: str
    lead_id: int | None
    partners: list[int]
    due_on: date | None
    acceptance: str


@event("policy.measure_confirmed", stream="measure", sentence=_("确认举措“{title}”"))
class MeasureConfirmed(Event):
    """A person confirmed what was proposed."""

    policy_id: int
    title: str


@event("policy.measure_rejected", stream="measure", sentence=_("剔除举措“{title}”：{reason}"))
class MeasureRejected(Event):
    """A person said that this is no measure; the rules that read it are counted."""

    policy_id: int
    title: str
    reason: str
    rules: list[str]


@event("policy.measure_dispatched", stream="measure", sentence=_("举措“{title}”已转为任务"))
class MeasureDispatched(Event):
    """The measure became a task; from here on its progress is the task's."""

    policy_id: int
    title: str
    task_id: int


for _of in ("policy.measure_proposed", "policy.measure_added", "policy.measure_edited"):
    for _later in ("policy.measure_confirmed", "policy.measure_rejected", "policy.measure_dispatched"):
        copies((_of, "title"), _later, "title")
