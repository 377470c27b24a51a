"""What people are told about requests: the owning unit that one waits, who asked what came of it."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from sanban.base.ledger.entry import Entry
from sanban.base.notify.kinds import Kind
from sanban.base.notify.letters import Letter, Sent
from sanban.base.notify.projections import informs
from sanban.base.watch import events as e
from sanban.base.watch.models import SightRequest


@informs(e.SightRequested)
def _requested(entries: Sequence[Entry]) -> list[Sent]:
    """The liaisons of the units that own the object."""
    words, many = _("{person_name}申请查阅，请批复：{purpose}"), _("{count} 份查阅申请待批")
    return [
        (
            entry,
            Letter(
                kind=Kind.ASKED, words=words, many=many, level=entry.level, units=tuple(entry.event.owner_units),
                values={"person_name": entry.event.person_name, "purpose": entry.event.purpose},
                link=reverse("watch:request", args=[entry.stream_id]), link_many=reverse("watch:requests"),
            ),
        )
        for entry in entries
        if entry.event.owner_units
    ]  # fmt: skip


@informs(e.SightGranted)
def _granted(entries: Sequence[Entry]) -> list[Sent]:
    """Who asked."""
    return _answers(entries, _("同意您的查阅申请。{note}"), _("{count} 份查阅申请已同意"))


@informs(e.SightDenied)
def _denied(entries: Sequence[Entry]) -> list[Sent]:
    """Who asked."""
    return _answers(entries, _("没有同意您的查阅申请：{note}"), _("{count} 份查阅申请未同意"))


def _answers(entries: Sequence[Entry], words: str, many: str) -> list[Sent]:
    rows = SightRequest.objects.in_bulk([entry.stream_id for entry in entries])
    return [
        (
            entry,
            Letter(
                kind=Kind.ANSWERED, words=words, many=many, level=entry.level, values={"note": entry.event.note},
                people=(rows[entry.stream_id].person_id,), link=reverse("watch:request", args=[entry.stream_id]),
                link_many=reverse("watch:requests"),
            ),
        )
        for entry in entries
    ]  # fmt: skip


@informs(e.CaseOpened)
def _case_opened(entries: Sequence[Entry]) -> list[Sent]:
    """The supervision office, the auditor and the security administrator, at once."""
    words, many = _("拦截一起，请核查：{words}"), _("拦截 {count} 起，请核查")
    return [
        (
            entry,
            Letter(
                kind=Kind.HOUSE, words=words, many=many, level=entry.level, roles=("supervisor", "auditor", "security"),
                values={"words": entry.event.words}, urgent=True,
                link=reverse("watch:case", args=[entry.stream_id]), link_many=reverse("watch:cases"),
            ),
        )
        for entry in entries
    ]  # fmt: skip
