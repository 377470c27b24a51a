"""Taking values away for good where the law wants it, while every proof still holds (LEDGER.md, 5.3).

A value and its salt go; the salted digest in the sealed envelope stays and says nothing about the value. Who ordered
it, on what ground and by whose authority is an event. A legal hold stops it while a dispute is open.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.ledger.act import act
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.events import FieldErased
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import ActorLike, append
from sanban.base.ledger.models import LedgerEvent, LedgerField, LedgerHold
from sanban.base.ledger.registry import rebuilds


class Eraser(ActorLike, Protocol):
    """Who orders an erasure."""

    def has(self, *roles: str) -> bool: ...


@act
def erase(actor: Eraser, *, event_id: UUID, names: Collection[str], ground: str, authority: str) -> Entry:
    """Erase these fields of an event. `ground` is the legal ground, `authority` who approved it in writing.

    The security administrator alone may; refused while the object is under a legal hold, without ground or
    authority, and for fields that are not there or gone already.
    """
    if not actor.has("security"):
        raise Denied(_("只有安全管理员可以执行依法删除。"))
    row = LedgerEvent.objects.filter(id=event_id).first()
    if row is None:
        raise Refused(_("没有这条台账记录。请核对编号。"), field="event")
    _require(ground, authority)
    held = hold_of(row.stream_type, row.stream_id)
    if held is not None:
        raise Refused(_("该对象正在争议或仲裁中（%(ground)s），证据保全期间不得删除。") % {"ground": held})
    kept = LedgerField.objects.filter(event_id=event_id, name__in=names, erased_by=None)
    missing = sorted(set(names) - set(kept.values_list("name", flat=True)))
    if missing or not names:
        told = "、".join(missing) or _("未选择字段")
        raise Refused(_("这些字段不存在或已删除：%(names)s") % {"names": told}, field="names")
    event = FieldErased(
        event=row.id.hex, of_kind=row.kind, of_stream=row.stream_type, of_id=row.stream_id, erased=sorted(names),
        ground=ground.strip(), authority=authority.strip(),
    )  # fmt: skip
    entry = append(actor, event, stream_id=new_id(), version=0, level=row.label)
    for name in sorted(names):
        LedgerField.objects.filter(event_id=event_id, name=name).update(
            ciphertext=None, salt=None, erased_by=entry.id
        )
    return entry


def _require(ground: str, authority: str) -> None:
    for text, field, what in (
        (ground, "ground", _("法律依据")), (authority, "authority", _("批准人和批准文号")),
    ):  # fmt: skip
        if not text.strip():
            raise Refused(_("请写明%(what)s。") % {"what": what}, field=field)


def hold_of(stream: str, object_id: int) -> str | None:
    """Why nothing of this object may be erased now, or nothing."""
    rows = LedgerHold.objects.filter(
        Q(until=None) | Q(until__gt=clock.now()), stream=stream, object_id=object_id
    )
    row = rows.order_by("since").first()
    return f"{row.ground}/{row.ground_id}" if row is not None else None


def hold(*, stream: str, object_id: int, ground: str, ground_id: int, since: datetime) -> None:
    """Keep everything of this object until the case is over. Called by projections of the room that has the case."""
    LedgerHold.objects.update_or_create(
        stream=stream, object_id=object_id, ground=ground, ground_id=ground_id,
        defaults={"since": since, "until": None},
    )  # fmt: skip


def release(*, ground: str, ground_id: int, at: datetime) -> None:
    """The case is over: what it held may be erased again. Called by projections."""
    LedgerHold.objects.filter(ground=ground, ground_id=ground_id, until=None).update(until=at)


rebuilds(LedgerHold)
