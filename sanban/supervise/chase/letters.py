"""What people are told about slips: the unit that must answer, those who sign, those who judge."""

from collections.abc import Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from sanban.base.ledger.entry import Entry
from sanban.base.notify.kinds import Kind
from sanban.base.notify.letters import Letter, Sent
from sanban.base.notify.projections import informs
from sanban.supervise.chase import events as e
from sanban.supervise.chase import rules
from sanban.supervise.chase.ladder import CIRCULAR, NOTICE, REMIND, URGE
from sanban.supervise.chase.models import Slip

CHUNK: Final = 500
Words = tuple[str, str]
ISSUED: Final[dict[str, Words]] = {
    REMIND: (_("提醒：事项临近时限，请抓紧办理"), _("提醒：{count} 件事项临近时限")),
    URGE: (_("催办：请说明情况并答复"), _("催办 {count} 件事项，请答复")),
    NOTICE: (_("督办单已发出，请按时答复"), _("{count} 份督办单已发出，请答复")),
    CIRCULAR: (_("已列入通报"), _("{count} 件事项列入通报")),
}
PROPOSED: Final = (_("拟发督办，请您审签：{reason}"), _("{count} 份拟发督办待审签"))
SIGNED: Final = (_("督办单{number}已签发，请按时答复"), _("{count} 份督办单已签发，请答复"))
REPLIED: Final = (_("单位已答复，请审看：{text}"), _("{count} 份督办已有答复"))
ACCEPTED: Final = (_("答复已认可。{note}"), _("{count} 份答复已认可"))
REJECTED: Final = (_("答复未认可，请重新答复：{reason}"), _("{count} 份答复未认可"))
DISMISSED: Final = (_("不予签发：{reason}"), _("{count} 份拟发督办不予签发"))
WITHDRAWN: Final = (_("督办已撤回：{reason}"), _("{count} 份督办已撤回"))
MISSED: Final = (_("逾期未答复，转入下一级督办"), _("{count} 份督办逾期未答复"))
GRAVE: Final = (NOTICE, CIRCULAR)


def _slips(entries: Sequence[Entry]) -> dict[int, Slip]:
    ids = list({entry.stream_id for entry in entries})
    found: dict[int, Slip] = {}
    for start in range(0, len(ids), CHUNK):
        found |= {slip.pk: slip for slip in Slip.objects.filter(pk__in=ids[start : start + CHUNK])}
    return found


def _letter(slip: Slip, words: Words, kind: Kind, **more: Any) -> Letter:
    return Letter(
        kind=kind, words=words[0], many=words[1], number=slip.task_number, title=slip.task_title, level=slip.level,
        link=reverse("chase:detail", args=[slip.pk]), link_many=reverse("chase:register"), **more,
    )  # fmt: skip


def _unit(slip: Slip) -> dict[str, Any]:
    """The addressed unit's liaison, and the person the slip names."""
    return {"units": (slip.unit_id,), "people": (slip.person_id,) if slip.person_id is not None else ()}


def _office(slip: Slip) -> dict[str, Any]:
    """Those who issued it: its signer, else who opened it; slips of the clock are everybody's in the office."""
    if slip.signer_ref:
        return {"refs": (slip.signer_ref,)}
    return {"roles": ("supervisor",)} if slip.opened_by == "system" else {"refs": (slip.opened_by,)}


@informs(e.SlipOpened)
def _opened(entries: Sequence[Entry]) -> list[Sent]:
    """An issued slip is told to the unit, a proposed one to those who sign."""
    slips = _slips(entries)
    sent: list[Sent] = []
    for entry in entries:
        slip, made = slips[entry.stream_id], entry.event
        if made.state == rules.PROPOSED:
            letter = _letter(slip, PROPOSED, Kind.ASKED, values={"reason": made.reason}, roles=("signer",))
        else:
            words = ISSUED.get(made.rung, ISSUED[URGE])
            letter = _letter(slip, words, Kind.CHASED, urgent=made.rung != REMIND, **_unit(slip))
        sent.append((entry, letter))
    return sent


@informs(e.SlipSigned)
def _signed(entries: Sequence[Entry]) -> list[Sent]:
    slips = _slips(entries)
    sent: list[Sent] = []
    for entry in entries:
        slip, values = slips[entry.stream_id], {"number": entry.event.number}
        sent.append((entry, _letter(slip, SIGNED, Kind.CHASED, values=values, urgent=True, **_unit(slip))))
    return sent


@informs(e.SlipReplied)
def _replied(entries: Sequence[Entry]) -> list[Sent]:
    slips = _slips(entries)
    return [
        (entry, _letter(slips[entry.stream_id], REPLIED, Kind.ASKED, values={"text": entry.event.text},
                        **_office(slips[entry.stream_id])))
        for entry in entries
    ]  # fmt: skip


@informs(e.ReplyAccepted)
def _accepted(entries: Sequence[Entry]) -> list[Sent]:
    slips = _slips(entries)
    return [
        (entry, _letter(slips[entry.stream_id], ACCEPTED, Kind.ANSWERED, values={"note": entry.event.note},
                        **_unit(slips[entry.stream_id])))
        for entry in entries
    ]  # fmt: skip


@informs(e.ReplyRejected)
def _rejected(entries: Sequence[Entry]) -> list[Sent]:
    slips = _slips(entries)
    return [
        (entry, _letter(slips[entry.stream_id], REJECTED, Kind.CHASED, urgent=True,
                        values={"reason": entry.event.reason}, **_unit(slips[entry.stream_id])))
        for entry in entries
    ]  # fmt: skip


@informs(e.SlipDismissed)
def _dismissed(entries: Sequence[Entry]) -> list[Sent]:
    """Who proposed it learns why it is not signed; the unit never heard of it."""
    slips = _slips(entries)
    return [
        (entry, _letter(slips[entry.stream_id], DISMISSED, Kind.ANSWERED, values={"reason": entry.event.reason},
                        refs=(slips[entry.stream_id].opened_by,)))
        for entry in entries
    ]  # fmt: skip


@informs(e.SlipWithdrawn)
def _withdrawn(entries: Sequence[Entry]) -> list[Sent]:
    """Taken back: told to the unit, if the unit had it."""
    slips = _slips(entries)
    return [
        (entry, _letter(slips[entry.stream_id], WITHDRAWN, Kind.CHANGED, values={"reason": entry.event.reason},
                        **_unit(slips[entry.stream_id])))
        for entry in entries
        if slips[entry.stream_id].issued_at is not None
    ]  # fmt: skip


@informs(e.AnswerMissed)
def _missed(entries: Sequence[Entry]) -> list[Sent]:
    """The unit is told that it is late, and the supervision office that nobody answered."""
    slips = _slips(entries)
    sent: list[Sent] = []
    for entry in entries:
        slip = slips[entry.stream_id]
        sent.append((entry, _letter(slip, MISSED, Kind.CHASED, urgent=True, **_unit(slip))))
        sent.append((entry, _letter(slip, MISSED, Kind.ASKED, **_office(slip))))
    return sent
