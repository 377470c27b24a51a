"""Emergency sights as rows; what is opened goes into the table that every rule reads, and ends there by its time."""

from collections.abc import Sequence

from sanban.base.access.grants import Grant, close_grants, open_grants
from sanban.base.glass import events as e
from sanban.base.glass import rules
from sanban.base.glass.models import EmergencySight, GlassTerms
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds, rebuilds

GROUND = "glass"


@folds(e.SightAsked)
def _asked(entries: Sequence[Entry]) -> None:
    EmergencySight.objects.bulk_create(
        EmergencySight(
            id=entry.stream_id, version=entry.ver, at=entry.at, person_id=entry.event.person_id,
            person_ref=entry.actor_ref, person_name=entry.event.person_name, person_unit=entry.event.person_unit,
            unit_id=entry.office, address=entry.event.address, stream=entry.event.of_stream,
            object_id=entry.event.object_id, level=entry.event.object_level, reason=entry.event.reason,
        )
        for entry in entries
    )  # fmt: skip


@folds(e.SightOpened)
def _opened(entries: Sequence[Entry]) -> None:
    for entry in entries:
        said = entry.event
        EmergencySight.objects.filter(pk=entry.stream_id).update(
            version=entry.ver, state=rules.OPENED, second_ref=entry.actor_ref, second_id=said.second_id,
            opened_at=entry.at, ends_at=said.until, review_due=said.review_due, note=said.note,
        )  # fmt: skip
        open_grants(
            [
                Grant(
                    ground=GROUND, ground_id=entry.stream_id, person_id=said.person_id, stream=said.of_stream,
                    object_id=said.object_id, starts_at=entry.at, ends_at=said.until,
                )
            ]
        )  # fmt: skip


@folds(e.SightRefused)
def _refused(entries: Sequence[Entry]) -> None:
    for entry in entries:
        EmergencySight.objects.filter(pk=entry.stream_id).update(
            version=entry.ver, state=rules.REFUSED, second_ref=entry.actor_ref,
            second_id=entry.event.second_id, note=entry.event.note,
        )  # fmt: skip


@folds(e.SightEnded)
def _ended(entries: Sequence[Entry]) -> None:
    for entry in entries:
        EmergencySight.objects.filter(pk=entry.stream_id).update(
            version=entry.ver, state=rules.ENDED, ends_at=entry.at
        )
        close_grants(GROUND, entry.stream_id, entry.at)


@folds(e.SightReviewed)
def _reviewed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        EmergencySight.objects.filter(pk=entry.stream_id).update(
            version=entry.ver, state=rules.REVIEWED, reviewed_at=entry.at, reviewed_by=entry.actor_ref,
            justified=entry.event.justified, finding=entry.event.finding,
        )  # fmt: skip


@folds(e.TermsPublished)
def _terms_published(entries: Sequence[Entry]) -> None:
    GlassTerms.objects.bulk_create(
        GlassTerms(
            number=entry.event.number, minutes=entry.event.minutes, review_days=entry.event.review_days,
            note=entry.event.note, published_at=entry.at, publisher_ref=entry.actor_ref,
        )
        for entry in entries
    )  # fmt: skip


rebuilds(EmergencySight)
rebuilds(GlassTerms)
