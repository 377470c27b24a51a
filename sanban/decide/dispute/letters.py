"""What people are told about disputes: the parties, the arbiter, and those who may name one."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from sanban.base.ledger.entry import Entry
from sanban.base.notify.kinds import Kind
from sanban.base.notify.letters import Letter, Sent
from sanban.base.notify.projections import informs
from sanban.decide.dispute import events as e
from sanban.decide.dispute.models import Dispute

Words = tuple[str, str]
OPENED: Final = (_("有单位就此与贵单位提起争议，请按时答辩"), _("{count} 件争议请答辩"))
TO_NAME: Final = (_("新的争议，请指定仲裁员"), _("{count} 件争议请指定仲裁员"))
ANSWERED: Final = (_("对方已答辩：{text}"), _("{count} 件争议已答辩"))
ADDED: Final = (_("有新的陈述与证据：{text}"), _("{count} 件争议有新的陈述与证据"))
NAMED: Final = (_("您被指定为仲裁员，请按时裁决"), _("您被指定为 {count} 件争议的仲裁员"))
NAMED_TOLD: Final = (_("本案已指定仲裁员：{name}"), _("{count} 件争议已指定仲裁员"))
RELIEVED: Final = (_("本案已另行指定仲裁员"), _("{count} 件争议已另行指定仲裁员"))
MEDIATED: Final = (_("调解记录：{text}"), _("{count} 件争议有调解记录"))
OFFERED: Final = (_("对方提出和解方案：{text}"), _("{count} 件争议有和解方案"))
SETTLED: Final = (_("双方已和解：{text}"), _("{count} 件争议已和解"))
WITHDRAWN: Final = (_("争议已撤回：{reason}"), _("{count} 件争议已撤回"))
RULED: Final = (_("已作出裁决：{decision}"), _("{count} 件争议已裁决"))
CORRECTING: Final = (_("裁决须更正：{reason}"), _("{count} 件裁决须更正"))


def _told(
    words: Words, kind: Kind, to: Callable[[Dispute, Any], dict[str, Any]], *names: str
) -> Callable[[Sequence[Entry]], list[Sent]]:
    """One letter an event: its words, filled with the named values, to whom `to` says."""

    def compose(entries: Sequence[Entry]) -> list[Sent]:
        rows = Dispute.objects.in_bulk({entry.stream_id for entry in entries})
        sent: list[Sent] = []
        for entry in entries:
            row = rows[entry.stream_id]
            letter = Letter(
                kind=kind, words=words[0], many=words[1], number=row.number, title=row.question, level=row.level,
                link=reverse("dispute:detail", args=[row.pk]), link_many=reverse("dispute:index"),
                values={name: getattr(entry.event, name) for name in names}, **to(row, entry),
            )  # fmt: skip
            sent.append((entry, letter))
        return sent

    return compose


def _respondent(row: Dispute, entry: Any) -> dict[str, Any]:
    return {"units": (row.respondent_id,)}


def _both(row: Dispute, entry: Any) -> dict[str, Any]:
    return {"units": (row.claimant_id, row.respondent_id), "refs": (row.opened_by,)}


def _everybody(row: Dispute, entry: Any) -> dict[str, Any]:
    return {**_both(row, entry), "people": (row.arbiter_id,) if row.arbiter_id is not None else ()}


def _namers(row: Dispute, entry: Any) -> dict[str, Any]:
    return {"roles": ("dispatcher",)}


def _arbiter(row: Dispute, entry: Any) -> dict[str, Any]:
    return {"people": (entry.event.person_id,)}


def _former(row: Dispute, entry: Any) -> dict[str, Any]:
    return {"people": (entry.event.former,) if entry.event.former is not None else ()}


informs(e.DisputeOpened)(_told(OPENED, Kind.ASKED, _respondent))
informs(e.DisputeOpened)(_told(TO_NAME, Kind.ASKED, _namers))
informs(e.DisputeAnswered)(_told(ANSWERED, Kind.ANSWERED, _everybody, "text"))
informs(e.EvidenceAdded)(_told(ADDED, Kind.CHANGED, _everybody, "text"))
informs(e.MediationNoted)(_told(MEDIATED, Kind.CHANGED, _both, "text"))
informs(e.ArbiterNamed)(_told(NAMED, Kind.ASKED, _arbiter))
informs(e.ArbiterNamed)(_told(RELIEVED, Kind.CHANGED, _former))
informs(e.ArbiterNamed)(_told(NAMED_TOLD, Kind.CHANGED, _both, "name"))
informs(e.SettlementProposed)(_told(OFFERED, Kind.ASKED, _both, "text"))
informs(e.DisputeSettled)(_told(SETTLED, Kind.CHANGED, _everybody, "text"))
informs(e.DisputeWithdrawn)(_told(WITHDRAWN, Kind.CHANGED, _everybody, "reason"))
informs(e.DisputeRuled)(_told(RULED, Kind.ANSWERED, _both, "decision"))
informs(e.CorrectionOpened)(_told(CORRECTING, Kind.ASKED, _arbiter, "reason"))
