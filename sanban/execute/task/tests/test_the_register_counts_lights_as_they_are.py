"""The numbers by light above the register are those of its rows, wherever they are read from."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.light.colours import light_of
from sanban.base.light.engine import Light
from sanban.execute.task import actions, queries
from sanban.execute.task.models import TaskItem
from sanban.execute.task.queries import TaskFilter
from sanban.execute.task.tests.office import MONDAY, Office, assigned, open_office
from sanban.execute.task.ticking import tick_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    """Tasks of every light; one owned by somebody of another unit; turns that the clock has not made yet."""
    made = open_office()
    tasks = [assigned(made, lead=unit) for unit in ("water", "water", "water", "roads", "roads", "parks")]
    actions.acknowledge(made.water, task_id=tasks[0].pk)
    actions.conclude(made.water, task_id=tasks[0].pk, text="已完成")
    actions.pause(made.dispatcher, task_id=tasks[1].pk, reason="等待批复")
    TaskItem.objects.filter(pk=tasks[3].pk).update(owner_id=made.water.person_id)
    return made


def recount(actor: Actor, asked: TaskFilter) -> dict[str, int]:
    rows = queries.matching(actor=actor, filter=replace(asked, light="", open_only=False))
    found = Counter(light_of(row=row, now=clock.now())[0] for row in rows)
    return {light.id: found[light] for light in Light}


@pytest.mark.parametrize("days", [1, 15, 30])
@pytest.mark.parametrize("ticked", [True, False])
def test_counts_are_those_of_the_rows(office: Office, days: int, ticked: bool) -> None:
    with clock.freeze(MONDAY + timedelta(days=days)):
        if ticked:
            tick_all(SYSTEM)
        water = office.units["water"]
        for who in ("dispatcher", "supervisor", "water", "roads", "stranger"):
            actor = getattr(office, who)
            for asked in (
                TaskFilter(), TaskFilter(mine=True), TaskFilter(mine=True, open_only=True, light="red"),
                TaskFilter(lead=water), TaskFilter(under=(water, office.units["roads"])), TaskFilter(q="段"),
                TaskFilter(mine=True, state="assigned"),
            ):  # fmt: skip
                counted = queries.light_counts(actor=actor, filter=asked)
                assert counted == recount(actor, asked), (who, asked)
