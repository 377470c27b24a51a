"""Taking values away for good where the law wants it, while every proof still holds (LEDGER.md, 5.3).

A value and its salt go; the salted digest in the sealed envelope stays and says nothing about the value. Who ordered
it, on what ground and by whose authority is an event. A legal hold stops it while a dispute is open. The live rows
get the mark that a fold of the ledger now gives, and the search index is told.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.ledger.act import act
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.events import FieldErased
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.kept import Kept, keys_under, sealed_names
from sanban.base.ledger.log import ActorLike, Item, record
from sanban.base.ledger.models import LedgerEvent, LedgerHold
from sanban.base.ledger.queries import Reader, stored_fields
from sanban.base.ledger.registry import COPIES, ERASED, EVENTS, FOLDS, REBUILT, rebuilds
from sanban.base.ledger.shredding import take_out
from sanban.base.vault import boxes


class Eraser(ActorLike, Reader, Protocol):
    """Who orders an erasure."""

    def has(self, *roles: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Erasable:
    """A record as who erases may know it: not what its fields hold. `fields` are those texts that can still go."""

    event_id: UUID
    kind: str
    stream: str
    object_id: int
    at: datetime
    level: int
    fields: list[str]
    erased: list[str]
    held: bool


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased, on what ground, by whose authority; its id is that of the order."""

    id: int
    at: datetime
    actor_ref: str
    kind: str
    names: list[str]
    ground: str
    authority: str


def record_numbered(*, actor: Reader, number: str) -> Erasable | None:
    """The record `stream-object-version`, or nothing. Three queries."""
    stream, _dash, rest = number.partition("-")
    object_id, _dash, ver = rest.partition("-")
    if not (object_id.isdecimal() and ver.isdecimal() and len(object_id) < 19 and len(ver) < 10):
        return None
    rows = LedgerEvent.objects.filter(stream_type=stream, stream_id=int(object_id), ver=int(ver))
    row = rows.first()
    if row is None or row.kind not in EVENTS:
        return None
    stored = stored_fields(actor=actor, ids=[row.id]).get(row.id, {})
    texts = EVENTS[row.kind].texts
    said = {name for name in texts & stored.keys() if stored[name].body not in (None, b'""')}
    gone = {name for name in stored if stored[name].erased_by is not None}
    held = hold_of(row.stream_type, row.stream_id) is not None
    return Erasable(
        row.id,
        row.kind,
        row.stream_type,
        row.stream_id,
        row.at,
        row.label,
        sorted(said - gone),
        sorted(gone),
        held,
    )


def erasures(*, actor: Reader, limit: int = 100) -> list[Erasure]:
    """What was erased, the latest first. Two queries."""
    rows = list(LedgerEvent.objects.filter(kind="ledger.field_erased").order_by("-id")[:limit])
    said = stored_fields(actor=actor, ids=[row.id for row in rows])
    found = []
    for row in rows:
        value = {name: json.loads(one.body or b"null") for name, one in said.get(row.id, {}).items()}
        told = (value["of_kind"], value["erased"], value["ground"], value["authority"])
        found.append(Erasure(row.stream_id, row.at, row.actor_ref, *told))
    return found


@act
def erase(
    actor: Eraser, *, event_id: UUID, names: Collection[str], ground: str, authority: str,
    within: Collection[tuple[str, int]] = (),
) -> Entry:  # fmt: skip
    """Erase these fields of an event. `ground` is the legal ground, `authority` who approved it in writing.

    The security administrator alone may; refused while the object is under a legal hold, without ground or
    authority, and for fields that are not there or gone already. What records of other streams `within` the object's
    story copied from these fields goes too, each copy by an order of its own.
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
    texts = EVENTS[row.kind].texts if row.kind in EVENTS else frozenset()
    stored = stored_fields(actor=actor, ids=[event_id])[event_id]
    kept = {name for name in set(names) & texts & stored.keys() if stored[name].erased_by is None}
    missing = sorted(set(names) - kept)
    if missing or not names:
        told = "、".join(missing) or _("未选择字段")
        raise Refused(_("这些字段不存在、不是文字或已删除：%(names)s") % {"names": told}, field="names")
    texts_gone = {name: json.loads(stored[name].body or b"null") for name in sorted(names)}
    entry = _take(actor, row, sorted(names), ground, authority)
    for text in texts_gone.values():
        _wipe(row.stream_id, text)
    for other, copies in _copies(actor, row, texts_gone, within):
        _take(actor, other, copies, ground, authority)
        for text in texts_gone.values():
            _wipe(other.stream_id, text)
    return entry


def _take(actor: Eraser, row: LedgerEvent, names: list[str], ground: str, authority: str) -> Entry:
    """Write the order, take the values out, and let those who listen follow."""
    event = FieldErased(
        event=row.id.hex, of_kind=row.kind, of_stream=row.stream_type, of_id=row.stream_id, erased=names,
        ground=ground.strip(), authority=authority.strip(),
    )  # fmt: skip
    (entry,) = record(actor, [Item(event, new_id(), 0, row.label)])
    take_out(row, names, order=entry.id)
    for fold in FOLDS.get(FieldErased, ()):
        fold([entry])
    return entry


def _copies(
    actor: Reader, row: LedgerEvent, texts: dict[str, str | None], within: Collection[tuple[str, int]]
) -> list[tuple[LedgerEvent, list[str]]]:
    """Records of the story that say the same where their kind is known to copy it."""
    found = []
    own = (row.stream_type, row.stream_id)
    for stream, object_id in sorted({*within, own}):
        events = list(LedgerEvent.objects.filter(stream_type=stream, stream_id=object_id).exclude(id=row.id))
        stored = stored_fields(actor=actor, ids=[event.id for event in events])
        for event in events:
            wanted = {
                copy: texts[name] for name in texts for copy in COPIES.get((row.kind, name, event.kind), ())
            }
            same = [
                name for name, text in sorted(wanted.items())
                if text and (one := stored[event.id].get(name)) and one.erased_by is None
                and json.loads(one.body or b"null") == text
            ]  # fmt: skip
            if same:
                found.append((event, same))
    return found


def _wipe(object_id: int, text: str | None) -> None:
    """Put the mark in the place of this text in every row that speaks of the object."""
    if not text:
        return
    for one in REBUILT.values():
        fields = [field for field in one.table._meta.concrete_fields if field.attname not in one.apart]
        about = Q(pk__in=[])
        for field in fields:
            if isinstance(field, models.ForeignKey | models.BigIntegerField):
                about |= Q(**{field.attname: object_id})
        rows = one.table._default_manager.filter(about)
        for field in fields:
            if isinstance(field, models.JSONField):
                _wipe_within(one.table, field.attname, text)
            elif isinstance(field, models.CharField | models.TextField):
                rows.filter(**{field.attname: text}).update(**{field.attname: ERASED})
        if issubclass(one.table, Kept):
            _wipe_sealed(one.table, text)


def _wipe_sealed(table: type[Kept], text: str) -> None:
    """The same in what lies sealed: each secret row of the table is opened. The keys that the text lay under are let
    go, whatever object they were made for."""
    names, pk = sealed_names(table), str(getattr(table._meta.pk, "attname", "pk"))
    for row in table._default_manager.filter(table.sealed_under.secret()).values(pk, *names).iterator():
        wiped = {name: _without(row[name], text) for name in names if _holds(row[name], text)}
        if wiped:
            for key_id in keys_under(table, row[pk], wiped):
                boxes.keyring().retire(key_id)
            table._default_manager.filter(pk=row[pk]).update(**wiped)


def _holds(value: Any, text: str) -> bool:
    return bool(_without(value, text) != value)


def _wipe_within(table: type[models.Model], name: str, text: str) -> None:
    """The same within lists and objects, which may speak of many: wherever the whole text stands."""
    written = [text, json.dumps(text)[1:-1]]
    rows = table._default_manager.annotate(_said=Cast(name, models.TextField()))
    for row in rows.filter(Q(_said__contains=written[0]) | Q(_said__contains=written[1])).only("pk", name):
        table._default_manager.filter(pk=row.pk).update(**{name: _without(getattr(row, name), text)})


def _without(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {key: _without(part, text) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, text) for part in value]
    return ERASED if value == text else value


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
