"""The pages of the room ask the database as often with thirty rows as with one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanban.base import clock
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task import actions
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import TaskItem
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office
from sanban.execute.task.tests.pages import sheet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(tmp_path: Any, settings: Any) -> Any:
    settings.SANBAN_VAR = tmp_path
    settings.SANBAN_CLAMAV = ""
    with clock.freeze(MONDAY):
        yield


def fill(office: Office, count: int, parent: int | None = None) -> None:
    codes = ("water", "roads", "parks")
    actions.assign_many(office.dispatcher, drafts=[
        TaskDraft(title=f"事项{n}", lead_id=office.units[codes[n % 3]], due_at=FRIDAY_DUE, parent_id=parent,
                  partners=(office.units[codes[(n + 1) % 3]],), owner_id=None)
        for n in range(count)
    ])  # fmt: skip


def asked(call: Callable[[], Any]) -> int:
    """How many questions a page asks once sessions and caches are warm."""
    call()
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = call()
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert answer.status_code in (200, 422)
    return len(seen)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/tasks/", 13),
        ("/tasks/units/", 11),
        ("/tasks/new/", 11),
        ("/tasks/export.csv", 13),
        ("/tasks/export.xlsx", 13),
    ],
)
def test_lists_and_forms(office: Office, path: str, most: int) -> None:
    client = signed_in(office.dispatcher)
    fill(office, 1)
    with_one = asked(lambda: client.get(path))
    fill(office, 24 if path == "/tasks/" else 30)
    assert asked(lambda: client.get(path)) == with_one <= most


def test_one_task_with_thirty_parts(office: Office) -> None:
    client = signed_in(office.dispatcher)
    fill(office, 1)
    whole = TaskItem.objects.get()
    fill(office, 1, parent=whole.pk)
    with_one = asked(lambda: client.get(f"/tasks/{whole.number}/"))
    fill(office, 30, parent=whole.pk)
    assert asked(lambda: client.get(f"/tasks/{whole.number}/")) == with_one <= 32


def test_the_dry_run_of_a_list(office: Office) -> None:
    client, counts = signed_in(office.dispatcher), []
    for rows in (1, 30):
        data = sheet(
            [(str(n + 1), f"事项{n}", "水利厅", "交通厅", "2026-06-30", "water") for n in range(rows)]
        )
        place = client.post("/tasks/import/", {"file": SimpleUploadedFile(f"{rows}.xlsx", data)})["Location"]
        counts.append(asked(lambda place=place: client.get(place)))  # type: ignore[misc]
    assert counts[0] == counts[1] <= 16


def test_the_preview_of_many(office: Office) -> None:
    client, counts = signed_in(office.dispatcher), []
    for more in (1, 29):
        fill(office, more)
        ids = [str(pk) for pk in TaskItem.objects.values_list("pk", flat=True)]
        counts.append(asked(lambda ids=ids: client.post("/tasks/bulk/", {"verb": "withdraw", "ids": ids})))  # type: ignore[misc]
    assert counts[0] == counts[1] <= 12
