"""One verb on many tasks: preview, acts of their own, a report; nothing is overwritten."""

from typing import Any

import pytest
from django.test import Client

from sanban.base import clock
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task import actions
from sanban.execute.task.models import TaskItem
from sanban.execute.task.tests.office import MONDAY, Office, assigned

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with clock.freeze(MONDAY):
        yield


def versions(tasks: list[TaskItem]) -> dict[str, str]:
    return {f"v-{task.pk}": str(task.version) for task in tasks}


def posted(client: Client, verb: str, tasks: list[TaskItem], **more: str) -> Any:
    return client.post("/tasks/bulk/", {"verb": verb, "ids": [str(task.pk) for task in tasks], **more})


def test_the_preview_says_for_each_what_happens_or_why_not_and_writes_nothing(office: Office) -> None:
    mine, others, taken = assigned(office), assigned(office, lead="roads"), assigned(office)
    actions.acknowledge(office.water, task_id=taken.pk)
    before = LedgerEvent.objects.count()
    page = posted(signed_in(office.water), "acknowledge", [mine, others, taken]).content.decode()
    assert "选中 2 件，1 件可以签收。还没有办理。" in page
    assert "另有 1 件不存在或您无权查看" in page
    assert "事项现为“办理中”，不能签收。" in page
    assert LedgerEvent.objects.count() == before


def test_confirming_does_the_possible_ones_each_with_its_own_event(office: Office) -> None:
    tasks = [assigned(office, title=f"事项{n}") for n in range(3)]
    page = posted(signed_in(office.water), "acknowledge", tasks, confirm="1", **versions(tasks))
    assert "“签收”完成 3 件，共 3 件。" in page.content.decode()
    assert LedgerEvent.objects.filter(kind="task.task_acknowledged").count() == 3
    assert set(TaskItem.objects.values_list("state", flat=True)) == {"acknowledged"}


def test_a_task_that_changed_since_the_preview_is_reported_and_left_alone(office: Office) -> None:
    first, second = assigned(office), assigned(office)
    seen = versions([first, second])
    actions.set_partners(
        office.dispatcher, task_id=second.pk, partners=[office.units["roads"]], reason="增加配合单位"
    )
    page = posted(
        signed_in(office.water), "acknowledge", [first, second], confirm="1", **seen
    ).content.decode()
    assert "“签收”完成 1 件，共 2 件。" in page
    assert "这件事项已有新的变动" in page
    second.refresh_from_db()
    assert second.state == "assigned"


def test_without_the_version_that_was_seen_nothing_is_done(office: Office) -> None:
    task = assigned(office)
    page = posted(signed_in(office.water), "acknowledge", [task], confirm="1").content.decode()
    assert "“签收”完成 0 件，共 1 件。" in page


def test_a_missing_reason_keeps_the_preview_and_what_was_chosen(office: Office) -> None:
    task = assigned(office)
    client = signed_in(office.dispatcher)
    page = posted(client, "withdraw", [task], confirm="1", reason=" ", **versions([task]))
    assert page.status_code == 422
    assert f'name="ids" value="{task.pk}"' in page.content.decode()
    done = posted(client, "withdraw", [task], confirm="1", reason="不再需要", **versions([task]))
    assert "“撤销”完成 1 件" in done.content.decode()


def test_one_owner_for_many_tasks_of_one_unit_only(office: Office) -> None:
    tasks = [assigned(office), assigned(office)]
    client = signed_in(office.water)
    owner = str(office.water.person_id)
    page = posted(client, "set_owner", tasks, confirm="1", owner=owner, **versions(tasks))
    assert "“定责任人”完成 2 件，共 2 件。" in page.content.decode()
    assert set(TaskItem.objects.values_list("owner_id", flat=True)) == {office.water.person_id}


def test_an_unknown_verb_or_an_empty_choice_leads_back_with_a_sentence(office: Office) -> None:
    client = signed_in(office.water)
    for verb, ids in (("report", ["1"]), ("acknowledge", [])):
        answer = client.post("/tasks/bulk/", {"verb": verb, "ids": ids, "query": "light=red"}, follow=True)
        assert answer.redirect_chain == [("/tasks/?light=red", 302)]
        assert "请勾选 1 到 200 件事项" in answer.content.decode()


def test_the_register_offers_only_verbs_that_are_open_on_the_page(office: Office) -> None:
    assigned(office)
    mine = signed_in(office.water).get("/tasks/").content.decode()
    assert 'name="verb" value="acknowledge"' in mine
    assert 'name="verb" value="close_out"' not in mine
    assert 'name="ids"' in mine
