"""Who is told, at once: those who may be the second, then the owner and everybody who watches, and who asked."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from sanban.base.glass import events as e
from sanban.base.glass.models import EmergencySight
from sanban.base.ledger.entry import Entry
from sanban.base.notify.kinds import Kind
from sanban.base.notify.letters import Letter, Sent
from sanban.base.notify.projections import informs


@informs(e.SightAsked)
def _asked(entries: Sequence[Entry]) -> list[Sent]:
    """The security administrator; leaders of other units see it on their lists."""
    words, many = _("{person_name}请求紧急查阅，请即处理：{reason}"), _("{count} 次紧急查阅待处理")
    return [
        (
            entry,
            Letter(
                kind=Kind.ASKED, words=words, many=many, level=entry.level, roles=("security",), urgent=True,
                values={"person_name": entry.event.person_name, "reason": entry.event.reason},
                link=reverse("glass:one", args=[entry.stream_id]), link_many=reverse("glass:index"),
            ),
        )
        for entry in entries
    ]  # fmt: skip


@informs(e.SightOpened)
def _opened(entries: Sequence[Entry]) -> list[Sent]:
    """Who asked, the supervision office and the auditor."""
    rows = EmergencySight.objects.in_bulk([entry.stream_id for entry in entries])
    words, many = _("{person_name}正在紧急查阅：{reason}"), _("{count} 次紧急查阅已开启")
    return [
        (
            entry,
            Letter(
                kind=Kind.HOUSE, words=words, many=many, level=entry.level, roles=("supervisor", "auditor"),
                people=(entry.event.person_id,), urgent=True,
                values={"person_name": rows[entry.stream_id].person_name, "reason": rows[entry.stream_id].reason},
                link=reverse("glass:one", args=[entry.stream_id]), link_many=reverse("glass:index"),
            ),
        )
        for entry in entries
    ]  # fmt: skip


@informs(e.SightRefused)
def _refused(entries: Sequence[Entry]) -> list[Sent]:
    """Who asked."""
    rows = EmergencySight.objects.in_bulk([entry.stream_id for entry in entries])
    return [
        (
            entry,
            Letter(
                kind=Kind.ANSWERED, words=_("没有同意您的紧急查阅：{note}"), many=_("{count} 次紧急查阅未同意"),
                level=entry.level, values={"note": entry.event.note}, people=(rows[entry.stream_id].person_id,),
                link=reverse("glass:one", args=[entry.stream_id]), link_many=reverse("glass:index"),
            ),
        )
        for entry in entries
    ]  # fmt: skip
