"""The clock's first look of a day keeps the counts: the trend reads what was, not what today would make of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sanban.base.access.actor import SYSTEM
from sanban.base.light.actions import note_tick
from sanban.base.light.engine import Light
from sanban.base.light.models import DayFigure, LightCounter
from sanban.base.light.queries import figures

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
RED, GREEN = int(Light.RED), int(Light.GREEN)


def count(unit: int, level: int, light: int, n: int) -> None:
    key: dict[str, Any] = {
        "client": "task",
        "scope": "unit",
        "scope_id": unit,
        "level": level,
        "light": light,
    }
    LightCounter.objects.update_or_create(**key, defaults={"n": n})


def test_only_the_first_look_of_a_day_keeps_the_counts() -> None:
    count(1, 1, RED, 2)
    count(2, 1, RED, 3)
    count(2, 2, RED, 4)
    note_tick(actor=SYSTEM, client="task", at=MONDAY, turned=0)
    count(1, 1, RED, 9)
    note_tick(actor=SYSTEM, client="task", at=MONDAY + timedelta(hours=2), turned=0)
    assert sorted(DayFigure.objects.values_list("day", "name", "level", "n")) == [
        (date(2026, 3, 2), "red", 1, 5),
        (date(2026, 3, 2), "red", 2, 4),
    ]
    note_tick(actor=SYSTEM, client="task", at=MONDAY + timedelta(days=1), turned=0)
    assert DayFigure.objects.get(day=date(2026, 3, 3), level=1).n == 12


def test_a_day_the_clock_did_not_see_reads_as_the_day_before_it() -> None:
    for day, n in ((date(2026, 3, 2), 5), (date(2026, 3, 6), 7)):
        DayFigure.objects.create(client="task", day=day, name="red", level=1, n=n)
    wanted = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 9)]
    read = figures(actor=SYSTEM, client="task", since=wanted[0], until=wanted[-1])
    assert [read.get((day, "red"), 0) for day in wanted] == [0, 5, 5, 7]
