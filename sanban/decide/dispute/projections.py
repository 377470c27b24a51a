"""Disputes, statements, rulings, the arbiter's sight and the legal hold of a case, written from the events alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sanban.base.access.events import LabelSet
from sanban.base.access.grants import Grant, close_grants, open_grants
from sanban.base.ledger import erasing
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds, rebuilds
from sanban.decide.dispute import events as e
from sanban.decide.dispute import rules
from sanban.decide.dispute.models import Dispute, DisputeTerms, Ruling, Statement

GROUND = "dispute"
RULED = "ruling"
"""The ground on which who ruled keeps sight of the case itself, when his sight of object and files has ended."""


@folds(LabelSet)
def _label_set(entries: Sequence[Entry]) -> None:
    """A case is no lower than what it is about; when that is lowered, the case keeps the level of its own words."""
    for entry in entries:
        said = entry.event
        rows = Dispute.objects.filter(stream=said.of_stream, object_id=said.object_id)
        rows.filter(level__lt=said.level).update(level=said.level)


@folds(e.DisputeOpened)
def _opened(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: e.DisputeOpened = entry.event
        Dispute.objects.create(
            id=entry.stream_id, version=entry.ver, number=made.number, stream=made.object_stream,
            object_id=made.object_id, object_title=made.object_title, object_number=made.object_number,
            object_url=made.object_url, level=entry.level, claimant_id=made.claimant_id,
            respondent_id=made.respondent_id, question=made.question, claim=made.claim, asks=made.asks,
            ground=made.ground, files=made.files, opened_by=entry.actor_ref, opened_at=entry.at,
            terms_since=made.terms_since, answer_due_at=made.answer_due_at, ruling_due_at=made.ruling_due_at,
            state=rules.OPENED,
        )  # fmt: skip
        _hold(entry, made.object_stream, made.object_id)


@folds(e.DisputeAnswered)
def _answered(entries: Sequence[Entry]) -> None:
    for entry in entries:
        _change(
            entry, state=rules.ANSWERED, answer=entry.event.text, answer_files=entry.event.files,
            answered_by=entry.actor_ref, answered_at=entry.at,
        )  # fmt: skip
        _show_files(entry, entry.event.files)


@folds(e.EvidenceAdded)
def _evidence_added(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: e.EvidenceAdded = entry.event
        _said(entry, rules.EVIDENCE, unit_id=made.unit_id, files=made.files)
        _show_files(entry, made.files)


@folds(e.MediationNoted)
def _mediation_noted(entries: Sequence[Entry]) -> None:
    for entry in entries:
        _said(entry, rules.MEDIATION, unit_id=entry.office)


@folds(e.ArbiterNamed)
def _arbiter_named(entries: Sequence[Entry]) -> None:
    """Who decided before sees the case no longer."""
    for entry in entries:
        made: e.ArbiterNamed = entry.event
        _change(entry, arbiter_id=made.person_id, named_at=entry.at, sight_until=made.until)
        close_grants(GROUND, entry.stream_id, entry.at)
        _give_sight(entry, made.person_id, made.until, made.files)


@folds(e.SettlementProposed)
def _settlement_proposed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        _change(entry, offer=entry.event.text, offer_by_id=entry.event.unit_id, offered_at=entry.at)


@folds(e.DisputeSettled)
def _settled(entries: Sequence[Entry]) -> None:
    for entry in entries:
        _end(entry, state=rules.SETTLED)


@folds(e.DisputeWithdrawn)
def _withdrawn(entries: Sequence[Entry]) -> None:
    for entry in entries:
        _end(entry, state=rules.WITHDRAWN, reason=entry.event.reason)


@folds(e.DisputeRuled)
def _ruled(entries: Sequence[Entry]) -> None:
    """The first ruling says how long the case took; a correction does not change that."""
    for entry in entries:
        made: e.DisputeRuled = entry.event
        Ruling.objects.create(
            id=made.ruling_id, dispute_id=entry.stream_id, ordinal=made.ordinal, findings=made.findings,
            grounds=made.grounds, decision=made.decision, duties=made.duties, basis=made.basis,
            event_id=entry.id, corrects_id=made.corrects, arbiter_name=made.arbiter_name, by_ref=entry.actor_ref,
            at=entry.at,
        )  # fmt: skip
        first = {"ruled_at": entry.at} if made.corrects is None else {}
        _end(entry, state=rules.RULED, **first)
        arbiter_id = Dispute.objects.values_list("arbiter_id", flat=True).get(pk=entry.stream_id)
        if arbiter_id is not None:
            _keep_sight(entry, arbiter_id)


@folds(e.CorrectionOpened)
def _correction_opened(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: e.CorrectionOpened = entry.event
        _change(
            entry, state=rules.CORRECTING, reason=made.reason, ruling_due_at=made.due_at, named_at=entry.at,
            sight_until=made.until, ended_at=None,
        )  # fmt: skip
        _give_sight(entry, made.person_id, made.until, made.files)
        dispute = Dispute.objects.get(pk=entry.stream_id)
        _hold(entry, dispute.stream, dispute.object_id)


def _change(entry: Entry, **columns: Any) -> None:
    Dispute.objects.filter(pk=entry.stream_id).update(version=entry.ver, **columns)


def _end(entry: Entry, **columns: Any) -> None:
    """The case is over, and with it the arbiter's sight of its object and files, and the legal hold."""
    _change(entry, ended_at=entry.at, **columns)
    close_grants(GROUND, entry.stream_id, entry.at)
    erasing.release(ground=GROUND, ground_id=entry.stream_id, at=entry.at)


def _hold(entry: Entry, stream: str, object_id: int) -> None:
    """Nothing of the case or of its object may be erased while the case is open."""
    for kind, key in ((GROUND, entry.stream_id), (stream, object_id)):
        erasing.hold(stream=kind, object_id=key, ground=GROUND, ground_id=entry.stream_id, since=entry.at)


def _said(entry: Entry, kind: str, *, unit_id: int | None, files: Sequence[int] = ()) -> None:
    Statement.objects.create(
        id=entry.event.statement_id, dispute_id=entry.stream_id, kind=kind, unit_id=unit_id,
        text=entry.event.text, files=list(files), by_ref=entry.actor_ref, at=entry.at,
    )  # fmt: skip
    _change(entry)


def _give_sight(entry: Entry, person_id: int, until: datetime, files: Iterable[int]) -> None:
    """The case, its object, and what was handed in."""
    dispute = Dispute.objects.get(pk=entry.stream_id)
    places = [(GROUND, dispute.pk), (dispute.stream, dispute.object_id)]
    _show(entry, person_id, until, [*places, *(("file", one) for one in files)])


def _keep_sight(entry: Entry, person_id: int) -> None:
    """Who ruled may read his case again, and no more of it than the case."""
    open_grants(
        [
            Grant(
                ground=RULED, ground_id=entry.stream_id, person_id=person_id, stream=GROUND,
                object_id=entry.stream_id, starts_at=entry.at,
            )
        ]
    )  # fmt: skip


def _show_files(entry: Entry, files: Sequence[int]) -> None:
    """What is handed in later is shown to the arbiter who is there already."""
    dispute = Dispute.objects.get(pk=entry.stream_id)
    if files and dispute.arbiter_id is not None and dispute.sight_until is not None:
        _show(entry, dispute.arbiter_id, dispute.sight_until, [("file", one) for one in files])


def _show(entry: Entry, person_id: int, until: datetime, places: Iterable[tuple[str, int]]) -> None:
    open_grants(
        Grant(
            ground=GROUND, ground_id=entry.stream_id, person_id=person_id, stream=stream, object_id=object_id,
            starts_at=entry.at, ends_at=until,
        )
        for stream, object_id in places
    )  # fmt: skip


@folds(e.TermsPublished)
def _terms_published(entries: Sequence[Entry]) -> None:
    DisputeTerms.objects.bulk_create(
        DisputeTerms(
            number=entry.event.number, since=entry.event.since, answer_days=entry.event.answer_days,
            ruling_days=entry.event.ruling_days, note=entry.event.note, published_at=entry.at,
            publisher_ref=entry.actor_ref,
        )
        for entry in entries
    )  # fmt: skip


rebuilds(Dispute)
rebuilds(Statement)
rebuilds(Ruling)
rebuilds(DisputeTerms)
