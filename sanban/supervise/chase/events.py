"""What happens to a slip and to the ladder itself."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, copies, event


@event("chase.ladder_published", stream="ladder", sentence=_("发布督办规则第 {number} 版：{note}"))
class LadderPublished(Event):
    """A new version of the ladder holds for every alarm that begins from now on."""

    number: int
    rungs: dict[str, dict[str, int | bool | str]]
    note: str


@event("chase.slip_opened", stream="slip", sentence=_("{act}：{task_title}"))
class SlipOpened(Event):
    """A step of the ladder was taken (issued) or put before the signers (proposed).

    `next_*` is what the watch waits for after this step; all of it empty when nothing follows by itself.
    """

    act: str
    state: str
    task_id: int
    rung: str
    arming: int
    occurrence: int
    level: int
    task_title: str
    task_number: str
    task_due_at: datetime | None
    unit_id: int
    person_id: int | None
    ladder: int
    reason: str
    by_hand: bool
    due_instant: datetime
    noticed_at: datetime
    due_at: datetime | None
    previous: int | None
    next_rung: str
    next_occurrence: int
    next_at: datetime | None


@event("chase.slip_signed", stream="slip", sentence=_("签发{number}，签发人 {signer_name}"))
class SlipSigned(Event):
    """A named officer signed a proposed slip; it is issued with its own deadline."""

    number: str
    signer_name: str
    due_at: datetime | None


@event("chase.slip_dismissed", stream="slip", sentence=_("不予签发：{reason}"))
class SlipDismissed(Event):
    """A signer looked at a proposal and decided against it, with the reason."""

    reason: str


@event("chase.slip_replied", stream="slip", sentence=_("回复：{text}"))
class SlipReplied(Event):
    """The addressed unit answered, with evidence and, where asked, the request for a later date."""

    text: str
    files: list[int]
    extension_id: int | None


@event("chase.reply_accepted", stream="slip", sentence=_("认可回复。{note}"))
class ReplyAccepted(Event):
    """The supervision office is satisfied with the answer."""

    note: str


@event("chase.reply_rejected", stream="slip", sentence=_("未认可回复：{reason}"))
class ReplyRejected(Event):
    """The answer does not do; another one is due."""

    reason: str
    due_at: datetime | None


@event("chase.slip_withdrawn", stream="slip", sentence=_("撤回：{reason}"))
class SlipWithdrawn(Event):
    """A slip was taken back, with the reason."""

    reason: str


@event("chase.answer_missed", stream="slip", sentence=_("逾期未复，进入下一级督办"))
class AnswerMissed(Event):
    """The slip's own deadline passed without an answer; the matter goes to the next rung."""

    task_id: int
    arming: int
    rung: str
    due_instant: datetime
    noticed_at: datetime
    next_rung: str


copies(("task.task_assigned", "title"), "chase.slip_opened", "task_title")
