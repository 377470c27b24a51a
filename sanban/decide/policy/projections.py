"""Tables of policies and measures, written from their events alone."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from sanban.base.access.events import LabelSet
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds, rebuilds
from sanban.decide.policy.events import (
    MeasureAdded,
    MeasureConfirmed,
    MeasureDispatched,
    MeasureEdited,
    MeasureProposed,
    MeasureRejected,
    PolicyConfirmed,
    PolicyRegistered,
)
from sanban.decide.policy.models import Measure, Policy


@folds(PolicyRegistered)
def _registered(entries: Sequence[Entry]) -> None:
    Policy.objects.bulk_create(
        Policy(
            id=entry.stream_id,
            version=entry.ver,
            title=entry.event.title,
            doc_number=entry.event.doc_number,
            organ=entry.event.organ,
            issued_on=entry.event.issued_on,
            level=entry.level,
            file_id=entry.event.file_id,
            file_no=entry.event.file_no,
            text=entry.event.text,
            unit_id=entry.event.unit_id,
            registered_by=entry.actor_ref,
            registered_at=entry.at,
        )
        for entry in entries
    )


@folds(LabelSet)
def _label_set(entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.event.of_stream == "policy":
            Policy.objects.filter(pk=entry.event.object_id).update(level=entry.event.level)


@folds(PolicyConfirmed)
def _confirmed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Policy.objects.filter(id=entry.stream_id).update(version=entry.ver, state="confirmed")


@folds(MeasureProposed, MeasureAdded)
def _found(entries: Sequence[Entry]) -> None:
    Measure.objects.bulk_create(_row(entry) for entry in entries)
    _conclude({entry.event.policy_id for entry in entries})


def _row(entry: Entry) -> Measure:
    made: MeasureProposed = entry.event
    by_hand = isinstance(made, MeasureAdded)
    return Measure(
        id=entry.stream_id,
        version=entry.ver,
        policy_id=made.policy_id,
        order=made.order,
        path=made.path,
        text=made.text,
        start=made.start,
        end=made.end,
        title=made.title,
        lead_id=made.lead_id,
        partners=made.partners,
        due_on=made.due_on,
        acceptance=made.acceptance,
        targets=made.targets,
        facts=made.facts,
        state="confirmed" if by_hand else "proposed",
        origin="added" if by_hand else "read",
    )


@folds(MeasureEdited)
def _edited(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: MeasureEdited = entry.event
        Measure.objects.filter(id=entry.stream_id).update(
            version=entry.ver,
            title=made.title,
            lead_id=made.lead_id,
            partners=made.partners,
            due_on=made.due_on,
            acceptance=made.acceptance,
        )


@folds(MeasureConfirmed)
def _measure_confirmed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Measure.objects.filter(id=entry.stream_id).update(version=entry.ver, state="confirmed", reason="")
    _conclude({entry.event.policy_id for entry in entries})


@folds(MeasureRejected)
def _rejected(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Measure.objects.filter(id=entry.stream_id).update(
            version=entry.ver, state="rejected", reason=entry.event.reason
        )
    _conclude({entry.event.policy_id for entry in entries})


@folds(MeasureDispatched)
def _dispatched(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Measure.objects.filter(id=entry.stream_id).update(
            version=entry.ver, state="dispatched", task_id=entry.event.task_id
        )
    _conclude({entry.event.policy_id for entry in entries})


def _conclude(policy_ids: set[int]) -> None:
    """A policy is dispatched when some measure is and none waits; one that waits again is open again."""
    waiting = Measure.objects.filter(policy_id=OuterRef("pk"), state__in=("proposed", "confirmed"))
    sent = Measure.objects.filter(policy_id=OuterRef("pk"), state="dispatched")
    rows = Policy.objects.filter(id__in=policy_ids)
    rows.filter(Exists(sent), ~Exists(waiting), state__in=("registered", "confirmed")).update(
        state="dispatched"
    )
    rows.filter(Exists(waiting), state="dispatched").update(state="registered")


rebuilds(Policy)
rebuilds(Measure)
