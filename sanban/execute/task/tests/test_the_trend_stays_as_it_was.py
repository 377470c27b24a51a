"""Rates of past days are counted when the day is over; what is granted later does not better them."""

from datetime import date, timedelta

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.light.models import DayFigure
from sanban.execute.task import actions, queries, ticking
from sanban.execute.task.models import TaskItem
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office, assigned

pytestmark = pytest.mark.django_db
SATURDAY = FRIDAY_DUE + timedelta(hours=16)
"""01:30 of the next day in the office."""


def lived(office: Office) -> TaskItem:
    """One task done in time, one late, which is returned, and one withdrawn, all due on the Friday."""
    done, late, gone = (assigned(office, title=title) for title in ("甲", "乙", "丙"))
    with clock.freeze(MONDAY + timedelta(days=1)):
        for task in (done, late):
            actions.acknowledge(office.water, task_id=task.pk)
        actions.conclude(office.water, task_id=done.pk, text="完成")
        actions.withdraw(office.dispatcher, task_id=gone.pk, reason="重复")
        ticking.tick_all(SYSTEM)
    return late


def test_a_day_is_counted_once_when_it_is_over(office: Office) -> None:
    lived(office)
    for moment in (FRIDAY_DUE, SATURDAY, SATURDAY + timedelta(hours=3)):
        with clock.freeze(moment):
            ticking.tick_all(SYSTEM)
    friday = DayFigure.objects.filter(day=date(2026, 3, 20)).values_list("name", "level", "n")
    assert sorted(friday) == [("concluded", 1, 2), ("due", 1, 2), ("kept", 1, 1), ("red", 1, 1)]


def test_a_later_extension_does_not_better_the_week(office: Office) -> None:
    late, later = lived(office), FRIDAY_DUE + timedelta(days=14)
    with clock.freeze(FRIDAY_DUE):
        asked = actions.ask_extension(office.water, task_id=late.pk, due_at=later, reason="雨季")
        week = queries.weekly(actor=office.dispatcher)[-1]
        assert (week["due"], week["kept"]) == (2, 1), "today counts as it stands"
    with clock.freeze(SATURDAY):
        ticking.tick_all(SYSTEM)
        actions.decide_extension(
            office.dispatcher, task_id=late.pk, extension_id=asked, approve=True, note="同意"
        )
        week = queries.weekly(actor=office.dispatcher)[-1]
        assert (week["due"], week["kept"]) == (2, 1)
    with clock.freeze(SATURDAY + timedelta(days=7)):
        before, last = queries.weekly(actor=office.dispatcher)[-2:]
        assert ((before["due"], before["kept"]), last["due"]) == ((2, 1), 0)


def test_a_stop_of_days_is_made_up(office: Office) -> None:
    lived(office)
    with clock.freeze(SATURDAY + timedelta(days=5)):
        ticking.tick_all(SYSTEM)
        assert DayFigure.objects.filter(day=date(2026, 3, 20), name="due").get().n == 2
