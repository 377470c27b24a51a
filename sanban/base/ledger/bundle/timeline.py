"""What happened, for people: one line an event, in the sentence of its kind; a rendering, not the evidence itself."""

import json
from collections.abc import Collection, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.ledger.contents import Stored
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.queries import say


class Lined(Protocol):
    """An event and its stored fields."""

    @property
    def row(self) -> LedgerEvent: ...
    @property
    def fields(self) -> dict[str, Stored]: ...


def text(events: Sequence[Lined], redact: Collection[str] = ()) -> str:
    """Lines in the order of time: when, who (by the reference that the envelope holds), and what."""
    head = _("时间线（由事件生成，供阅读；以 events.jsonl 及其证明为准）")
    ordered = sorted(events, key=lambda one: (one.row.at, one.row.id))
    return "\n".join([head, "", *(_line(one, redact) for one in ordered), ""])


def _line(one: Lined, redact: Collection[str]) -> str:
    values = {name: _value(name, value, redact) for name, value in one.fields.items()}
    at, row = clock.local(one.row.at), one.row
    who = row.actor_ref + (f"（代 {row.on_behalf_of}）" if row.on_behalf_of else "")
    return f"{at:%Y-%m-%d %H:%M:%S}  {row.stream_type}/{row.stream_id} #{row.ver}  {who}  {say(row.kind, values)}"


def _value(name: str, value: Stored, redact: Collection[str]) -> Any:
    if value.erased_by is not None:
        return _("［已依法删除］")
    if name in redact or value.body is None:
        return _("［已遮盖］")
    return json.loads(value.body)
