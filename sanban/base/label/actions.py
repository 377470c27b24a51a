"""Labelling: set a level with its reason, ask to lower it, and the second signature under a lower one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.access.events import LabelSet, LoweringAsked, LoweringRefused
from sanban.base.access.levels import LEVEL_WORDS
from sanban.base.access.registry import prepare_for
from sanban.base.label import queries, rules
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.log import append


@act
def set_label(
    actor: Actor, *, stream: str, object_id: int, level: int, reason: str, review_on: date,
    flags: Iterable[str] = (), version: int | None = None,
) -> None:  # fmt: skip
    """Give an object a label of its own level or of a higher one; a lower one needs two persons."""
    found = _for_label(actor, stream, object_id, version)
    words, marked = rules.checked(level, reason, review_on, flags, rules.today())
    now = found.thing.level
    if level < now:
        raise Refused(_("降低密级须由两人签字。请用“申请降密”，由另一位负责人确认。"), field="level")
    if level > actor.clearance:
        raise Denied(_("您的知悉范围不到这一密级，不能这样标注。"), field="level")
    _refuse_while_waiting(found)
    event = LabelSet(**_said(found, level, words, review_on, marked), asked_by="")
    if level > now:
        prepare_for(stream, object_id, level)
    append(actor, event, stream_id=object_id, version=found.version, level=level)


@act
def ask_lowering(
    actor: Actor, *, stream: str, object_id: int, level: int, reason: str, review_on: date,
    flags: Iterable[str] = (), version: int | None = None,
) -> None:  # fmt: skip
    """The first signature under a lower level."""
    found = _for_label(actor, stream, object_id, version)
    words, marked = rules.checked(level, reason, review_on, flags, rules.today())
    if level >= found.thing.level:
        raise Refused(_("不低于现在的密级，不必两人签字，请用“标注”。"), field="level")
    _refuse_while_waiting(found)
    event = LoweringAsked(**_said(found, level, words, review_on, marked))
    append(actor, event, stream_id=object_id, version=found.version, level=found.thing.level)


@act
def confirm_lowering(actor: Actor, *, stream: str, object_id: int, version: int | None = None) -> None:
    """The second signature: the level is lower from now on. What was recorded before keeps the level of its day."""
    found, label = _waiting(actor, stream, object_id, version)
    words, marked = rules.checked(
        label.lower_to, label.lower_reason, label.lower_review_on, label.lower_flags, rules.today()
    )
    said = _said(found, label.lower_to, words, label.lower_review_on, marked)
    event = LabelSet(**said, asked_by=label.lower_by)
    append(actor, event, stream_id=object_id, version=found.version, level=found.thing.level)


@act
def refuse_lowering(
    actor: Actor, *, stream: str, object_id: int, note: str, version: int | None = None
) -> None:
    """The second person says no, and why; or who asked takes it back."""
    found, label = _waiting(actor, stream, object_id, version, taken_back=True)
    words = note.strip()
    if not words:
        raise Refused(_("请填写不同意的理由。"), field="note")
    event = LoweringRefused(note=words[:300], asked_by=label.lower_by)
    append(actor, event, stream_id=object_id, version=found.version, level=found.thing.level)


def _for_label(actor: Actor, stream: str, object_id: int, version: int | None) -> queries.Labelled:
    found = queries.get(actor=actor, stream=stream, object_id=object_id)
    if not rules.may_label(actor, stream, found.thing) or found.unit_id is None:
        raise Denied(_("密级由形成单位的领导、联络员或交办员标注。"))
    _same(found, version)
    return found


def _waiting(
    actor: Actor, stream: str, object_id: int, version: int | None, *, taken_back: bool = False
) -> tuple[queries.Labelled, Any]:
    found = queries.get(actor=actor, stream=stream, object_id=object_id)
    label = found.label
    if label is None or label.lower_to is None:
        raise Refused(_("没有待确认的降密申请，请刷新页面。"))
    own = taken_back and actor.ref == label.lower_by
    if not own and not rules.may_second(actor, stream, found.thing, label.lower_by):
        raise Denied(_("降低密级须由申请人以外、可阅此件的领导或签发人确认。"))
    _same(found, version)
    return found, label


def _same(found: queries.Labelled, version: int | None) -> None:
    if version is not None and version != found.version:
        raise Conflict(_("您打开页面之后，密级标注已有变动。请核对后再提交，您填写的内容已保留。"))


def _refuse_while_waiting(found: queries.Labelled) -> None:
    if found.label is not None and found.label.lower_to is not None:
        raise Refused(_("已有降密申请待确认。请先等它答复，或由申请人撤回。"))


def _said(
    found: queries.Labelled, level: int, reason: str, review_on: date, flags: list[str]
) -> dict[str, Any]:
    return {
        "of_stream": found.stream, "object_id": found.thing.pk, "unit_id": found.unit_id,
        "level_from": found.thing.level, "level": level, "level_name": str(LEVEL_WORDS[level]),
        "reason": reason, "review_on": review_on, "flags": flags,
    }  # fmt: skip
