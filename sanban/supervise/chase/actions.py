"""What people do with slips: urge, propose, sign, dismiss, reply, judge, withdraw; and publish the ladder."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.queries import current_axis
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import PUBLIC, append
from sanban.base.ledger.series import hold
from sanban.supervise.chase import queries, rules
from sanban.supervise.chase.events import (
    LadderPublished,
    ReplyAccepted,
    ReplyRejected,
    SlipDismissed,
    SlipOpened,
    SlipReplied,
    SlipSigned,
    SlipWithdrawn,
)
from sanban.supervise.chase.ladder import CIRCULAR, NOTICE, SHIPPED, URGE, Ladder, Step, stored
from sanban.supervise.chase.models import Slip, Watch
from sanban.supervise.chase.steps import answer_due, opened
from sanban.supervise.chase.steps import tick as tick
from sanban.supervise.chase.steps import tick_all as tick_all

LADDER = 1
"""The one ladder of the house: its stream in the ledger; event n of it makes version n + 1."""
SERIES = 2
"""Numbers of signed slips."""
SERIAL_WORDS = {NOTICE: "督办", CIRCULAR: "通报"}


@act
def urge_now(actor: Actor, *, task_id: int, reason: str = "") -> int:
    """催办 by hand: the lead unit must answer within the ladder's working time; not twice while one is open."""
    rules.require(rules.may_chase(actor), _("只有督查办、交办员可以催办。请联系督查办。"))
    return _open_by_hand(actor, task_id, URGE, reason.strip())


@act
def propose(actor: Actor, *, task_id: int, rung: str, reason: str) -> int:
    """A notice or circular is put before the signers by hand, with the reason."""
    rules.require(rules.may_judge(actor), _("只有督查办可以拟发督办单。"))
    if rung not in (NOTICE, CIRCULAR):
        raise Refused(_("只能拟发督办单或通报；催办请直接发出。"), field="rung")
    return _open_by_hand(actor, task_id, rung, rules.require_text(reason, "reason", _("请写明拟发的理由。")))


@act
def sign(actor: Actor, *, slip_id: int) -> str:
    """签发: a named officer with the right signs; the slip gets its number and its own deadline."""
    hold(SERIES)
    slip = queries.get_slip(actor=actor, slip_id=slip_id)
    rules.require(
        rules.may_sign(actor, slip),
        _("只有督办签发人可以签发，且不能签发本人拟发的督办单。"),
    )
    rules.require_state(slip, (rules.PROPOSED,))
    now = clock.now()
    year = clock.local(now).year
    serial = queries.serial_count(actor=actor, rung=slip.rung, year=year) + 1
    number = f"{SERIAL_WORDS[slip.rung]}〔{year}〕{serial}号"
    due_at = answer_due(_ladder(actor, slip), slip.rung, now, current_axis())
    event = SlipSigned(number=number, signer_name=actor.name, due_at=due_at)
    append(actor, event, stream_id=slip.id, version=slip.version, level=slip.level, at=now)
    return number


@act
def dismiss(actor: Actor, *, slip_id: int, reason: str) -> None:
    """不予签发: a signer decides against a proposal and says why."""
    slip = queries.get_slip(actor=actor, slip_id=slip_id)
    rules.require(rules.may_dismiss(actor), _("只有督办签发人可以决定不予签发。"))
    rules.require_state(slip, (rules.PROPOSED,))
    event = SlipDismissed(reason=rules.require_text(reason, "reason", _("请写明不予签发的理由。")))
    append(actor, event, stream_id=slip.id, version=slip.version, level=slip.level)


@act
def reply(
    actor: Actor, *, slip_id: int, text: str, files: Sequence[int] = (), extension_id: int | None = None
) -> None:
    """回复: the addressed unit says what was done and when it will be finished, with evidence."""
    slip = queries.get_slip(actor=actor, slip_id=slip_id)
    rules.require(rules.may_reply(actor, slip), _("只有被督办单位的联络员或承办人可以回复。"))
    rules.require_state(slip, rules.ANSWERABLE)
    words = rules.require_text(text, "text", _("请写明办理情况和完成时间。"))
    event = SlipReplied(text=words, files=list(files), extension_id=extension_id)
    append(actor, event, stream_id=slip.id, version=slip.version, level=slip.level)


@act
def accept_reply(actor: Actor, *, slip_id: int, note: str = "") -> None:
    """认可: the supervision office is satisfied; the slip is at rest, the light stays what it is."""
    slip = _to_judge(actor, slip_id)
    event = ReplyAccepted(note=note.strip())
    append(actor, event, stream_id=slip.id, version=slip.version, level=slip.level)


@act
def reject_reply(actor: Actor, *, slip_id: int, reason: str) -> None:
    """未认可: the answer goes back with the reason, and the working time for a new one begins."""
    slip = _to_judge(actor, slip_id)
    why = rules.require_text(reason, "reason", _("请写明未认可的理由，便于单位补正。"))
    now = clock.now()
    due_at = answer_due(_ladder(actor, slip), slip.rung, now, current_axis())
    event = ReplyRejected(reason=why, due_at=due_at)
    append(actor, event, stream_id=slip.id, version=slip.version, level=slip.level, at=now)


@act
def withdraw(actor: Actor, *, slip_id: int, reason: str) -> None:
    """撤回: the supervision office takes a slip back, with the reason; the record stays."""
    slip = queries.get_slip(actor=actor, slip_id=slip_id)
    rules.require(rules.may_judge(actor), _("只有督查办可以撤回。"))
    rules.require_state(slip, rules.LIVE)
    event = SlipWithdrawn(reason=rules.require_text(reason, "reason", _("请写明撤回的理由。")))
    append(actor, event, stream_id=slip.id, version=slip.version, level=slip.level)


@act
def publish_ladder(actor: Actor, *, ladder: Ladder, base_number: int, note: str) -> int:
    """The next version of the ladder holds for alarms that begin from now on; those begun keep theirs."""
    rules.require(rules.may_publish(actor), _("只有系统管理员或兼任签发人的督查员可以发布督办规则。"))
    current = queries.ladder_in_force(actor=actor)
    if current.number != base_number:
        raise Refused(_("已有人发布第 %(number)d 版，请核对后重新发布。") % {"number": current.number})
    words = rules.require_text(note, "note", _("请写明修改了什么、为什么。"))
    event = LadderPublished(number=current.number + 1, rungs=stored(ladder), note=words)
    append(actor, event, stream_id=LADDER, version=current.number - SHIPPED, level=PUBLIC)
    return event.number


def _open_by_hand(actor: Actor, task_id: int, rung: str, reason: str) -> int:
    watch = queries.watch_of(actor=actor, task_id=task_id)
    if watch is None:
        raise Refused(_("事项已办结、撤销或不在您的范围内，无法督办。"))
    if not watch.running:
        raise Refused(_("事项已暂停计时，恢复后才能督办。"))
    if queries.open_slip(actor=actor, task_id=task_id, rung=rung):
        raise Refused(_("已有一份%(rung)s尚未了结，无需重复。") % {"rung": rules.RUNG_NAMES[rung]})
    now = clock.now()
    ladder = queries.ladder_in_force(actor=actor)
    count = queries.hand_count(actor=actor, task_id=task_id, rung=rung, arming=watch.arming)
    event = _hand_event(watch, Step(rung=rung, occurrence=-1 - count, at=now), ladder, reason)
    return append(actor, event, stream_id=new_id(), version=0, level=watch.level, at=now).stream_id


def _hand_event(watch: Watch, step: Step, ladder: Ladder, reason: str) -> SlipOpened:
    due_at = answer_due(ladder, step.rung, step.at, current_axis()) if step.rung == URGE else None
    return opened(watch, step, now=step.at, ladder=ladder.number, due_at=due_at, by_hand=True, reason=reason)


def _to_judge(actor: Actor, slip_id: int) -> Slip:
    slip = queries.get_slip(actor=actor, slip_id=slip_id)
    rules.require(rules.may_judge(actor), _("只有督查办可以认可或退回回复。"))
    rules.require_state(slip, (rules.REPLIED,))
    return slip


def _ladder(actor: Actor, slip: Slip) -> Ladder:
    """The version under which the slip was opened."""
    known = queries.ladders(actor=actor, numbers=[slip.ladder])
    return known.get(slip.ladder) or queries.ladder_in_force(actor=actor)
