"""Who is told: leaders and signers of a lowering that waits, and who asked, of the answer."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from sanban.base.access.actor import SECRET
from sanban.base.access.events import LabelSet, LoweringAsked, LoweringRefused
from sanban.base.label.models import Label
from sanban.base.ledger.entry import Entry
from sanban.base.notify.kinds import Kind
from sanban.base.notify.letters import Letter, Sent
from sanban.base.notify.projections import informs


@informs(LoweringAsked)
def _asked(entries: Sequence[Entry]) -> list[Sent]:
    """Those who may be the second see it on their lists; leaders are told."""
    words, many = _("{level_name}：有降密申请待确认"), _("{count} 件降密申请待确认")
    return [
        (
            entry,
            Letter(
                kind=Kind.ASKED, words=words, many=many, level=SECRET, roles=("leader",),
                values={"level_name": entry.event.level_name},
                link=reverse("label:one", args=[entry.event.of_stream, entry.event.object_id]),
                link_many=reverse("label:index"),
            ),
        )
        for entry in entries
    ]  # fmt: skip


@informs(LabelSet)
def _lowered(entries: Sequence[Entry]) -> list[Sent]:
    """Who asked."""
    words, many = _("已同意降为“{level_name}”"), _("{count} 件降密申请已同意")
    return [
        (
            entry,
            Letter(
                kind=Kind.ANSWERED, words=words, many=many, level=entry.level, refs=(entry.event.asked_by,),
                values={"level_name": entry.event.level_name},
                link=reverse("label:one", args=[entry.event.of_stream, entry.event.object_id]),
                link_many=reverse("label:index"),
            ),
        )
        for entry in entries
        if entry.event.asked_by
    ]  # fmt: skip


@informs(LoweringRefused)
def _refused(entries: Sequence[Entry]) -> list[Sent]:
    """Who asked; the row has forgotten him."""
    rows = Label.objects.in_bulk([entry.stream_id for entry in entries])
    words, many = _("没有同意降低密级：{note}"), _("{count} 件降密申请未同意")
    return [
        (
            entry,
            Letter(
                kind=Kind.ANSWERED, words=words, many=many, level=entry.level, refs=(entry.event.asked_by,),
                values={"note": entry.event.note},
                link=reverse("label:one", args=[rows[entry.stream_id].stream, entry.stream_id]),
                link_many=reverse("label:index"),
            ),
        )
        for entry in entries
    ]  # fmt: skip
