"""Labels as rows, folded from events. The level itself stands on the object: its own room folds the same event."""

from collections.abc import Sequence
from typing import Any, Final

from sanban.base.access.events import LabelSet, LoweringAsked, LoweringRefused
from sanban.base.label.models import Label
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds, rebuilds

_NOTHING_WAITS: Final[dict[str, Any]] = {
    "lower_to": None, "lower_reason": "", "lower_review_on": None, "lower_flags": [], "lower_at": None,
    "lower_by": "",
}  # fmt: skip


@folds(LabelSet)
def _set(entries: Sequence[Entry]) -> None:
    for entry in entries:
        said = entry.event
        values = {
            "version": entry.ver, "stream": said.of_stream, "object_id": said.object_id, "unit_id": said.unit_id,
            "level": said.level, "reason": said.reason, "review_on": said.review_on, "flags": said.flags,
            "set_at": entry.at, "set_by": said.asked_by or entry.actor_ref, **_NOTHING_WAITS,
        }  # fmt: skip
        Label.objects.update_or_create(id=entry.stream_id, defaults=values)


@folds(LoweringAsked)
def _lowering_asked(entries: Sequence[Entry]) -> None:
    for entry in entries:
        said = entry.event
        values = {
            "version": entry.ver, "lower_to": said.level, "lower_reason": said.reason,
            "lower_review_on": said.review_on, "lower_flags": said.flags, "lower_at": entry.at,
            "lower_by": entry.actor_ref,
        }  # fmt: skip
        first = {
            "stream": said.of_stream, "object_id": said.object_id, "unit_id": said.unit_id,
            "level": said.level_from,
        }  # fmt: skip
        Label.objects.update_or_create(
            id=entry.stream_id, defaults=values, create_defaults={**first, **values}
        )


@folds(LoweringRefused)
def _lowering_refused(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Label.objects.filter(pk=entry.stream_id).update(version=entry.ver, **_NOTHING_WAITS)


rebuilds(Label)
