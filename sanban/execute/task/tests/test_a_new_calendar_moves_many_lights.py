"""A new calendar moves the lights of all tasks it touches in one event a batch, parents and parts alike."""

from datetime import date, timedelta

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.calendar.actions import publish
from sanban.base.calendar.axis import DayKind
from sanban.base.calendar.queries import current_calendar
from sanban.base.calendar.rules import NamedDay
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference
from sanban.base.light.models import LightCounter
from sanban.execute.task import actions, ticking
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import Extension, Handover, ProgressReport, TaskItem, TaskPartner
from sanban.execute.task.terms import COLUMNS, clockwork, lamp
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office, assigned

pytestmark = pytest.mark.django_db
TABLES = [LightCounter, TaskItem, TaskPartner, ProgressReport, Extension, Handover]


def announce_holiday() -> None:
    calendar = current_calendar(actor=SYSTEM)
    days = [*calendar.days, NamedDay(date(2026, 3, 18), DayKind.HOLIDAY, "临时放假")]
    publish(SYSTEM, name="临时放假", days=days, base_number=0, provisional_from=None)


def test_every_open_task_ends_where_the_engine_puts_it(office: Office) -> None:
    whole = assigned(office)
    due = [FRIDAY_DUE + timedelta(days=n) for n in (3, 4, 5, 6, 0)]
    with clock.freeze(MONDAY + timedelta(hours=1)):
        actions.acknowledge(office.water, task_id=whole.pk)
        (part_id,) = actions.break_down(
            office.water,
            task_id=whole.pk,
            drafts=[
                TaskDraft(title="清淤", lead_id=office.units["roads"], due_at=FRIDAY_DUE - timedelta(days=1))
            ],
        )
        drafts = [
            TaskDraft(title=f"事项{n}", lead_id=office.units["water"], due_at=at) for n, at in enumerate(due)
        ]
        others = actions.assign_many(office.dispatcher, drafts=drafts)
    with clock.freeze(MONDAY + timedelta(days=1)):
        announce_holiday()
        assert ticking.redate_all(SYSTEM) is True
        assert ticking.redate_all(SYSTEM) is False
        works = clockwork()
    for row in TaskItem.objects.filter(pk__in=[part_id, *others, whole.pk]):
        expected = lamp({name: getattr(row, name) for name in ("state", *COLUMNS)}, works)
        assert (row.own_amber_at, row.own_amber_cause) == (
            expected["own_amber_at"],
            expected["own_amber_cause"],
        )
    after, part = TaskItem.objects.get(pk=whole.pk), TaskItem.objects.get(pk=part_id)
    assert after.amber_at == min(filter(None, (after.own_amber_at, part.amber_at)))
    assert LedgerEvent.objects.filter(kind="task.lights_redated").count() >= 1
    assert replay_difference(TABLES) == []


def test_batches_go_on_where_the_last_one_ended(office: Office) -> None:
    drafts = [
        TaskDraft(title=f"事项{n}", lead_id=office.units["water"], due_at=FRIDAY_DUE + timedelta(days=n // 2))
        for n in range(7)
    ]
    with clock.freeze(MONDAY):
        actions.assign_many(office.dispatcher, drafts=drafts)
    with clock.freeze(MONDAY + timedelta(days=1)):
        announce_holiday()
        span = (MONDAY, FRIDAY_DUE + timedelta(days=30))
        after, seen = (MONDAY, 0), []
        while (reached := ticking.redate(SYSTEM, after=after, span=span, limit=2)) is not None:
            seen.append(reached)
            after = reached
    assert seen == sorted(seen)
    assert len(seen) == 4
    assert TaskItem.objects.filter(rule_version=1, own_amber_at__isnull=False).count() == 7
