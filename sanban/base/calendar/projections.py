"""Tables of the calendar, written from its events alone."""

from collections.abc import Sequence
from datetime import date

from sanban.base.calendar.events import VersionPublished
from sanban.base.calendar.models import CalendarDay, CalendarVersion
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds, rebuilds


@folds(VersionPublished)
def _published(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: VersionPublished = entry.event
        CalendarVersion.objects.create(
            id=made.version_id,
            version=entry.ver,
            number=made.number,
            name=made.name,
            published_at=entry.at,
            publisher_ref=entry.actor_ref,
            first_day=made.first_day,
            last_day=made.last_day,
            provisional_from=made.provisional_from,
            week=made.week,
        )
        CalendarDay.objects.bulk_create(
            CalendarDay(
                calendar_id=made.version_id,
                date=date.fromisoformat(day["date"]),
                kind=day["kind"],
                note=day["note"],
            )
            for day in made.days
        )


rebuilds(CalendarVersion)
rebuilds(CalendarDay, key=("calendar_id", "date"))
