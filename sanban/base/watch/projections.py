"""Refusals and requests as rows; what is granted goes into the table that every rule reads."""

from collections.abc import Sequence

from sanban.base.access.grants import Grant, open_grants
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.events import ActRefused
from sanban.base.ledger.registry import folds, rebuilds
from sanban.base.watch import events as e
from sanban.base.watch import rules
from sanban.base.watch.models import (
    Bait,
    InterceptionRules,
    Refusal,
    RequestApprover,
    SightRequest,
    WatchCase,
)
from sanban.base.watch.numbers import NAMES

GROUND = "sight_request"


@folds(ActRefused)
def _act_refused(entries: Sequence[Entry]) -> None:
    Refusal.objects.bulk_create(
        Refusal(
            id=entry.stream_id, at=entry.at, actor_ref=entry.actor_ref, unit_id=entry.office, act=entry.event.act[:80],
            code=entry.event.code, reason=entry.event.reason, stream=entry.event.of_stream or "",
            object_id=entry.event.object_id,
        )
        for entry in entries
    )  # fmt: skip


@folds(e.ReadRefused)
def _read_refused(entries: Sequence[Entry]) -> None:
    Refusal.objects.bulk_create(
        Refusal(
            id=entry.stream_id, at=entry.at, actor_ref=entry.actor_ref, unit_id=entry.office, act=entry.event.page,
            code="hidden", reason=entry.event.reason, stream=entry.event.of_stream, object_id=entry.event.object_id,
        )
        for entry in entries
    )  # fmt: skip


@folds(e.SightRequested)
def _requested(entries: Sequence[Entry]) -> None:
    for entry in entries:
        said = entry.event
        SightRequest.objects.create(
            id=entry.stream_id, version=entry.ver, at=entry.at, person_id=said.person_id, person_ref=entry.actor_ref,
            person_name=said.person_name, person_unit=said.person_unit, address=said.address, stream=said.of_stream,
            object_id=said.object_id, level=said.object_level, purpose=said.purpose, until=said.until,
        )  # fmt: skip
        RequestApprover.objects.bulk_create(
            RequestApprover(request_id=entry.stream_id, unit_id=unit) for unit in said.owner_units
        )


@folds(e.SightGranted)
def _granted(entries: Sequence[Entry]) -> None:
    for entry in entries:
        said = entry.event
        _decided(entry, rules.GRANTED)
        open_grants(
            [
                Grant(
                    ground=GROUND, ground_id=entry.stream_id, person_id=said.person_id, stream=said.of_stream,
                    object_id=said.object_id, starts_at=entry.at, ends_at=said.until,
                )
            ]
        )  # fmt: skip


@folds(e.SightDenied)
def _denied(entries: Sequence[Entry]) -> None:
    for entry in entries:
        _decided(entry, rules.DENIED)


def _decided(entry: Entry, state: str) -> None:
    SightRequest.objects.filter(pk=entry.stream_id).update(
        version=entry.ver, state=state, decided_at=entry.at, decided_by=entry.actor_ref, note=entry.event.note
    )


@folds(e.CaseOpened)
def _case_opened(entries: Sequence[Entry]) -> None:
    WatchCase.objects.bulk_create(
        WatchCase(
            id=entry.stream_id, version=entry.ver, at=entry.at, rule=entry.event.rule, person_id=entry.event.person_id,
            person_ref=entry.event.person_ref, unit_id=entry.event.unit_id, words=entry.event.words,
            stream=entry.event.of_stream, object_id=entry.event.object_id, held=True,
            hold_until=entry.event.hold_until,
        )
        for entry in entries
    )  # fmt: skip


@folds(e.IdentityProved)
def _identity_proved(entries: Sequence[Entry]) -> None:
    for entry in entries:
        WatchCase.objects.filter(pk=entry.stream_id).update(version=entry.ver, held=False, met_at=entry.at)


@folds(e.CaseClosed)
def _case_closed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        WatchCase.objects.filter(pk=entry.stream_id).update(
            version=entry.ver, held=False, state="closed", finding=entry.event.finding, closed_at=entry.at,
            closed_by=entry.actor_ref,
        )  # fmt: skip


@folds(e.RulesPublished)
def _rules_published(entries: Sequence[Entry]) -> None:
    InterceptionRules.objects.bulk_create(
        InterceptionRules(
            number=entry.event.number, note=entry.event.note, published_at=entry.at, publisher_ref=entry.actor_ref,
            **{name: getattr(entry.event, name) for name in NAMES},
        )
        for entry in entries
    )  # fmt: skip


@folds(e.BaitSet)
def _bait_set(entries: Sequence[Entry]) -> None:
    Bait.objects.bulk_create(
        Bait(
            id=entry.stream_id, version=entry.ver, stream=entry.event.of_stream, object_id=entry.event.object_id,
            reason=entry.event.reason, set_at=entry.at,
        )
        for entry in entries
    )  # fmt: skip


@folds(e.BaitLifted)
def _bait_lifted(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Bait.objects.filter(pk=entry.stream_id).update(version=entry.ver, lifted_at=entry.at)


rebuilds(Refusal)
rebuilds(SightRequest)
rebuilds(RequestApprover, key=("request_id", "unit_id"))
rebuilds(InterceptionRules)
rebuilds(Bait)
rebuilds(WatchCase)
