"""The prepared lists show what the lists built by filter would show, page after page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.execute.task import actions
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import TaskItem
from sanban.execute.task.queries import register, usual
from sanban.execute.task.queries.filters import SORTS, TaskFilter
from sanban.execute.task.tests.office import MONDAY, Office, assigned, open_office

pytestmark = pytest.mark.django_db
LIGHTS = ("", "red", "amber", "green", "idle", "concluded")


@pytest.fixture
def office() -> Iterator[Office]:
    """Tasks of two units, due one after another, two of them at the same instant, one of them paused."""
    with clock.freeze(MONDAY):
        made = open_office()
        drafts = [
            TaskDraft(
                title=f"事项{n}", lead_id=made.units["water" if n % 3 else "roads"],
                due_at=MONDAY + timedelta(days=5 + n // 2),
            )
            for n in range(7)
        ]  # fmt: skip
        actions.assign_many(made.dispatcher, drafts=drafts)
        paused = assigned(made, title="停下的")
        actions.pause(made.dispatcher, task_id=paused.pk, reason="资金未到")
        yield made


def pages(actor: Actor, filter: TaskFilter, *, usually: bool, monkey: pytest.MonkeyPatch) -> list[list[int]]:
    """The ids of all pages of two rows."""
    with monkey.context() as patch:
        if not usually:
            patch.setattr(register, "usual_page", lambda **_: None)
        found, after = [], ""
        while True:
            page = register.task_list(actor=actor, filter=filter, after=after, size=2)
            found.append([row.pk for row in page.rows])
            after = page.after
            if not after:
                return found


def filters() -> list[TaskFilter]:
    shapes: Any = product(LIGHTS, (False, True), (False, True), SORTS)
    return [
        TaskFilter(light=light, open_only=only, mine=mine, sort=sort) for light, only, mine, sort in shapes
    ]


def test_every_usual_list_is_the_same_as_the_one_built_by_filter(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.freeze(MONDAY + timedelta(days=6)):
        shown = 0
        for actor, filter in product((office.dispatcher, office.water), filters()):
            found = pages(actor, filter, usually=True, monkey=monkeypatch)
            assert found == pages(actor, filter, usually=False, monkey=monkeypatch), filter
            shown += sum(map(len, found))
        assert shown > 200


def test_what_is_unusual_is_left_to_the_filter(office: Office) -> None:
    def usually(actor: Actor, filter: TaskFilter, after: str = "") -> bool:
        return usual.usual_page(actor=actor, filter=filter, after=after, size=3) is not None

    task = TaskItem.objects.all()[0]
    assert usually(office.dispatcher, TaskFilter()) and usually(
        office.water, TaskFilter(mine=True, light="red")
    )
    assert not usually(office.water, TaskFilter()), "a unit sees what its rights give it"
    assert not usually(office.dispatcher, TaskFilter(q="河"))
    assert not usually(office.dispatcher, TaskFilter(lead=office.units["water"]))
    assert not usually(office.dispatcher, TaskFilter(), after="no cursor")
    denied = replace(office.dispatcher, denials=frozenset({("task", task.pk)}))
    assert not usually(denied, TaskFilter()), "a denial wins"
    assert task.pk not in [row.pk for row in register.task_list(actor=denied, filter=TaskFilter()).rows]
