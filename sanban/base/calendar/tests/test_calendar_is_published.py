"""A published version holds at once; who may not publish changes nothing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sanban.base.calendar.actions import CALENDAR, publish
from sanban.base.calendar.axis import STANDARD_WEEK, DayKind
from sanban.base.calendar.models import CalendarDay, CalendarVersion
from sanban.base.calendar.queries import current_axis, current_calendar
from sanban.base.calendar.rules import NamedDay
from sanban.base.calendar.tests.people import person
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.queries import entries
from sanban.base.ledger.replay import replay_difference

pytestmark = pytest.mark.django_db
NEW_YEAR = NamedDay(date(2027, 1, 1), DayKind.HOLIDAY, "元旦")
NEXT = datetime(2027, 1, 1, 2, 0, tzinfo=UTC)


def publish_next(*roles: str, **changes: Any) -> int:
    given: dict[str, Any] = {
        "name": "2027 年放假安排",
        "days": [NEW_YEAR],
        "base_number": 0,
        "provisional_from": date(2028, 1, 1),
    }
    return publish(actor=person(*roles), **(given | changes))


def test_the_built_in_calendar_holds_until_a_version_is_published() -> None:
    assert current_calendar(actor=person()).number == 0
    assert current_axis().is_working(NEXT)
    assert not current_axis().is_working_day(date(2026, 10, 1))


def test_a_new_version_is_noticed_at_once() -> None:
    before = current_axis()
    assert current_axis() is before
    assert publish_next("dispatcher") == 1
    after = current_axis()
    assert not after.is_working(NEXT)
    assert after.is_working_day(date(2026, 10, 1))
    assert not after.provisional(NEXT)
    assert current_axis() is after


def test_the_duty_axis_counts_every_minute_of_the_same_span() -> None:
    assert current_axis(duty24=True).is_working(datetime(2026, 10, 1, 18, 0, tzinfo=UTC))
    assert current_axis(duty24=True).spec.last_day == current_axis().spec.last_day


def test_the_event_lists_the_days_whose_hours_changed() -> None:
    current = list(current_calendar(actor=person()).days)
    publish_next("admin", days=[*current, NEW_YEAR])
    (run,) = entries(streams=["calendar"])
    assert (run[0].stream_id, run[0].ver) == (CALENDAR, 1)
    assert run[0].event.changed == ["2027-01-01"]


def test_new_hours_hold_from_the_new_version() -> None:
    publish_next("admin", week=(((540, 720),),) * 5 + STANDARD_WEEK[5:])
    assert current_axis().between(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)) == 180


def test_an_officer_may_not_publish_and_nothing_is_written_but_the_refusal() -> None:
    with pytest.raises(Denied, match="综合办交办员"):
        publish_next("officer")
    assert CalendarVersion.objects.count() == 0
    assert not LedgerEvent.objects.filter(stream_type="calendar").exists()


def test_two_who_publish_from_the_same_preview_cannot_overwrite_each_other() -> None:
    publish_next("admin")
    with pytest.raises(Conflict, match="第 1 版"):
        publish_next("dispatcher")
    assert CalendarVersion.objects.count() == 1


def test_a_day_outside_the_calendar_and_an_empty_name_are_refused() -> None:
    with pytest.raises(Refused, match="2099-01-01") as outside:
        publish_next("admin", days=[NamedDay(date(2099, 1, 1), DayKind.HOLIDAY)])
    assert outside.value.field == "lines"
    with pytest.raises(Refused) as unnamed:
        publish_next("admin", name="  ")
    assert unnamed.value.field == "name"


def test_the_tables_are_rebuilt_from_the_ledger_without_difference() -> None:
    publish_next("admin")
    publish_next(
        "admin", base_number=1, name="修订", days=[NEW_YEAR, NamedDay(date(2027, 1, 3), DayKind.WORKDAY)]
    )
    assert CalendarDay.objects.count() == 3
    assert replay_difference([CalendarVersion, CalendarDay]) == []
