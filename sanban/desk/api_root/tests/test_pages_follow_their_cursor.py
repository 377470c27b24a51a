"""Lists are paged by keyset: nothing twice, nothing left out, every page at the same cost, also while rows come in."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sanban.base import clock
from sanban.base.access.cursors import cursor_of
from sanban.desk.api_root.tests.office import DUE, MONDAY, Office, furnish, get, open_office
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft

AUTH = 5
"""Queries that settle who asks: the key with its owner, deputies, roles, units."""


def with_tasks(count: int) -> Office:
    office = open_office()
    drafts = [
        TaskDraft(
            title=f"事项{n}", lead_id=office.units["water"], due_at=DUE, partners=(office.units["roads"],)
        )
        for n in range(count)
    ]
    with clock.freeze(MONDAY):
        tasks.assign_many(office.actors["dispatcher"], drafts=drafts)
    return office


def walk(client: Client, path: str) -> list[list[dict[str, Any]]]:
    pages, after = [], ""
    while True:
        answer = get(client, f"{path}&after={after}").json()  # type: ignore[attr-defined]
        pages.append(answer["items"])
        after = answer["next"]
        if not after:
            return pages


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["new", "due", "-due", "red"])
def test_every_order_gives_every_task_once(sort: str) -> None:
    office = with_tasks(23)
    with clock.freeze(MONDAY):
        pages = walk(office.client("dispatcher"), f"/tasks?limit=10&sort={sort}")
    assert [len(rows) for rows in pages] == [10, 10, 3]
    numbers = [row["number"] for rows in pages for row in rows]
    ascending = [f"DC-2026-{n:06d}" for n in range(1, 24)]
    assert numbers == (ascending if sort in ("due", "red") else ascending[::-1])


@pytest.mark.django_db
def test_a_task_that_comes_in_meanwhile_moves_no_page() -> None:
    office = with_tasks(12)
    client = office.client("dispatcher")
    with clock.freeze(MONDAY):
        first = get(client, "/tasks?limit=6").json()  # type: ignore[attr-defined]
        draft = TaskDraft(title="后来的", lead_id=office.units["water"], due_at=DUE)
        tasks.assign_many(office.actors["dispatcher"], drafts=[draft])
        second = get(client, f"/tasks?limit=6&after={first['next']}").json()  # type: ignore[attr-defined]
    assert [row["number"][-2:] for row in second["items"]] == ["06", "05", "04", "03", "02", "01"]
    assert second["next"] == ""


@pytest.mark.django_db
def test_a_page_costs_two_queries_however_long_and_however_deep() -> None:
    office = with_tasks(40)
    client = office.client("dispatcher")
    with clock.freeze(MONDAY):
        deep = get(client, "/tasks?limit=30").json()["next"]  # type: ignore[attr-defined]
        for query in ("limit=1", "limit=40", f"limit=10&after={deep}", "sort=due&light=green"):
            with CaptureQueriesContext(connection) as asked:
                assert get(client, f"/tasks?{query}").status_code == 200
            assert len(asked) == AUTH + 2, query


@pytest.mark.django_db
def test_other_operations_cost_what_they_cost() -> None:
    office = furnish(open_office())
    client, things = office.client("dispatcher"), office.things
    task = f"/tasks/{things['task_acknowledged']}"
    costs = {
        "/me": 0, "/tokens": 1, "/units": 2, "/people": 1, "/files": 1, f"/files/{things['file']}": 3,
        "/policies": 1, f"/policies/{things['policy_open']}": 1, task: 2, f"{task}/parts": 2, f"{task}/reports": 4,
        f"{task}/extensions": 3, "/slips": 1, f"/slips/{things['slip_issued']}": 1, f"{task}/slips": 2,
        "/ladder": 1, "/calendar": 1, "/lights?unit=1": 2,
    }  # fmt: skip
    get(client, "/lights"), get(client, f"/policies/{things['policy_open']}/measures")
    found = {}
    with clock.freeze(MONDAY):
        for path in costs:
            with CaptureQueriesContext(connection) as asked:
                assert get(client, path).status_code == 200, path
            found[path] = len(asked) - AUTH
    assert found == costs


@pytest.mark.django_db
@pytest.mark.parametrize(
    "after", ["%20", "abc", "YWJj", cursor_of("x", "y"), cursor_of("2026-03-02T09:00:00", "7")]
)
@pytest.mark.parametrize(
    "path", ["/tasks?", "/tasks?sort=due&", "/people?", "/slips?", "/policies?", "/files?"]
)
def test_a_cursor_that_is_not_ours_is_named(after: str, path: str) -> None:
    office = open_office()
    with clock.freeze(MONDAY):
        answer = get(office.client("dispatcher"), f"{path}after={after}")
    assert answer.status_code == 422
    assert [row["field"] for row in answer.json()["errors"]] == ["after"]  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_filters_of_the_register_narrow_the_list() -> None:
    office = furnish(open_office())
    client = office.client("dispatcher")

    def titles(query: str) -> list[str]:
        rows = get(client, f"/tasks?{query}").json()["items"]  # type: ignore[attr-defined]
        return sorted(row["title"] for row in rows)

    with clock.freeze(MONDAY):
        assert titles("state=paused") == ["事项paused"]
        assert titles("light=concluded") == ["事项closed", "事项concluded", "事项verified"]
        assert titles("q=sent") == ["事项sent_back"]
        assert titles(f"lead={office.units['roads']}") == []
        assert titles("due_to=2026-03-10T00:00:00%2B08:00") == []
        assert len(titles("open_only=true")) == 6
