"""What happens in a dispute."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, copies, event


@event("dispute.dispute_opened", stream="dispute", sentence=_("提起{number}：{question}"))
class DisputeOpened(Event):
    """A unit brought a question before the desk; the object is named as it was called and found that day."""

    number: str
    object_stream: str
    object_id: int
    object_title: str
    object_number: str
    object_url: str
    claimant_id: int
    respondent_id: int
    question: str
    claim: str
    asks: str
    ground: str
    files: list[int]
    terms_since: date
    answer_due_at: datetime
    ruling_due_at: datetime


@event("dispute.dispute_answered", stream="dispute", sentence=_("答辩：{text}"))
class DisputeAnswered(Event):
    """The other party said how it sees the matter."""

    text: str
    files: list[int]


@event("dispute.evidence_added", stream="dispute", sentence=_("补充陈述与证据：{text}"))
class EvidenceAdded(Event):
    """A party added to what it had said or handed in."""

    statement_id: int
    unit_id: int
    text: str
    files: list[int]


@event("dispute.mediation_noted", stream="dispute", sentence=_("调解记录：{text}"))
class MediationNoted(Event):
    """Somebody tried to bring the parties together; what came of it."""

    statement_id: int
    text: str


@event("dispute.arbiter_named", stream="dispute", sentence=_("指定仲裁员{name}"))
class ArbiterNamed(Event):
    """A person of neither party decides; he sees the case, its object and these files until the named instant."""

    person_id: int
    name: str
    former: int | None
    until: datetime
    files: list[int]


@event("dispute.settlement_proposed", stream="dispute", sentence=_("提出和解方案：{text}"))
class SettlementProposed(Event):
    """One party says on what terms it would settle; the latest proposal stands."""

    unit_id: int
    text: str


@event("dispute.dispute_settled", stream="dispute", sentence=_("双方和解：{text}"))
class DisputeSettled(Event):
    """The other party agreed: both are bound by the text, and the case is over."""

    unit_id: int
    text: str


@event("dispute.dispute_withdrawn", stream="dispute", sentence=_("撤回争议：{reason}"))
class DisputeWithdrawn(Event):
    """The party that opened the case takes it back."""

    reason: str


@event("dispute.dispute_ruled", stream="dispute", sentence=_("{arbiter_name}作出裁决：{decision}"))
class DisputeRuled(Event):
    """The arbiter decided. `corrects` names the ruling that this one replaces."""

    ruling_id: int
    ordinal: int
    arbiter_name: str
    findings: str
    grounds: str
    decision: str
    duties: list[dict[str, Any]]
    basis: dict[str, Any]
    corrects: int | None


@event("dispute.correction_opened", stream="dispute", sentence=_("启动裁决更正：{reason}"))
class CorrectionOpened(Event):
    """A ruling is to be corrected by its arbiter, who sees the case again until the named instant."""

    reason: str
    person_id: int
    due_at: datetime
    until: datetime
    files: list[int]


@event("dispute.terms_published", stream="dispute_terms", sentence=_("发布争议时限第 {number} 版：{note}"))
class TermsPublished(Event):
    """How long answer and ruling may take for cases opened from a day on."""

    number: int
    since: date
    answer_days: int
    ruling_days: int
    note: str


for _of in (
    "task.task_assigned",
    "policy.policy_registered",
    "policy.measure_proposed",
    "policy.measure_added",
):
    copies((_of, "title"), "dispute.dispute_opened", "object_title")
