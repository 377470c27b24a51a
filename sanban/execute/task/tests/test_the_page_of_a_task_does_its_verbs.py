"""From the task's page: evidence, owner, partners, parts; what was typed stays when somebody else was faster."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sanban.base import clock
from sanban.base.files.models import StoredFile
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task import actions
from sanban.execute.task.models import ProgressReport, TaskItem, TaskPartner
from sanban.execute.task.tests.office import MONDAY, Office, assigned, open_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Any:
    with clock.freeze(MONDAY):
        yield open_office()


def do(client: Client, task: TaskItem, verb: str, **said: Any) -> tuple[int, str]:
    answer = client.post(reverse("task:do", args=[task.number, verb]), said)
    return answer.status_code, answer.content.decode()


def test_a_report_brings_files_that_the_page_names_to_all_who_see_the_task(office: Office) -> None:
    task = assigned(office, partners=(office.units["roads"],))
    actions.acknowledge(office.water, task_id=task.pk)
    paper = SimpleUploadedFile("清淤记录.txt", "已清淤两公里".encode())
    status, _page = do(
        signed_in("water"), task, "report", progress="40", text="已清淤两公里", evidence=[paper]
    )
    report = ProgressReport.objects.get()
    assert (status, report.files) == (302, [StoredFile.objects.get().pk])
    for login in ("water", "roads", "supervisor", "dispatcher"):
        page = signed_in(login).get(reverse("task:detail", args=[task.number])).content.decode()
        assert "清淤记录.txt" in page, login


def test_the_owner_is_chosen_from_the_people_of_the_lead_unit(office: Office) -> None:
    task, client = assigned(office), signed_in("water")
    address = reverse("task:detail", args=[task.number])
    assert 'id="verb"></div>' in client.get(address).content.decode(), (
        "no form is drawn before one is asked for"
    )
    page = client.get(address, {"verb": "set_owner"}).content.decode()
    alone = client.get(address, {"verb": "set_owner"}, headers={"HX-Request": "true"})
    assert "HX-Request" in alone["Vary"] and "<main" not in alone.content.decode()
    assert "id_set_owner_owner" in alone.content.decode()
    assert client.get(address, {"verb": "verify"}, headers={"HX-Request": "true"}).status_code == 404
    box = page.split('id="id_set_owner_owner"', 1)[1].split("</select>", 1)[0]
    assert re.findall(r'value="(\d+)"', box) == [str(office.water.person_id)]
    assert do(client, task, "set_owner", owner=str(office.water.person_id))[0] == 302
    task.refresh_from_db()
    assert task.owner_id == office.water.person_id
    assert do(client, task, "set_owner", owner=str(office.roads.person_id))[0] == 422


def test_partners_are_settled_anew_by_the_side_that_assigned(office: Office) -> None:
    task = assigned(office, partners=(office.units["roads"],))
    said = {"partners": [str(office.units["parks"])], "reason": "绿化归园林"}
    assert do(signed_in("dispatcher"), task, "set_partners", **said)[0] == 302
    assert [row.unit_id for row in TaskPartner.objects.all()] == [office.units["parks"]]


def test_who_was_slower_sees_both_and_sends_again(office: Office) -> None:
    task, client = assigned(office), signed_in("water")
    actions.acknowledge(office.water, task_id=task.pk)
    said = {"progress": "60", "text": "河道清淤已过半", "version": "1"}
    status, page = do(client, task, "report", **said)
    meanwhile = page.split('id="meanwhile"', 1)[1].split("</section>", 1)[0]
    assert status == 409 and "签收" in meanwhile and "交办给" not in meanwhile
    assert "河道清淤已过半" in page and ProgressReport.objects.count() == 0
    found = re.search(r'name="version" value="(\d+)" id="id_report_version"', page)
    assert found is not None and found[1] == "2"
    assert do(client, task, "report", **{**said, "version": found[1]})[0] == 302
    assert ProgressReport.objects.get().progress == 60


def rows(*parts: tuple[str, str, str], total: int = 3) -> dict[str, str]:
    given = {"part-TOTAL_FORMS": str(total), "part-INITIAL_FORMS": "0"}
    for n, (title, lead, due) in enumerate(parts):
        given |= {f"part-{n}-title": title, f"part-{n}-lead": lead, f"part-{n}-due_on": due}
    return given


def test_a_task_is_broken_down_into_the_rows_that_were_filled_in(office: Office) -> None:
    task, client = assigned(office), signed_in("water")
    address = reverse("task:break_down", args=[task.number])
    assert client.get(address).status_code == 404, "not before it is acknowledged"
    actions.acknowledge(office.water, task_id=task.pk)
    water, roads = str(office.units["water"]), str(office.units["roads"])
    longer = client.post(address, {**rows(("上游清淤", water, "2026-03-10")), "more": "1"}).content.decode()
    assert longer.count("-title") > 6 and "上游清淤" in longer
    late = client.post(address, rows(("上游清淤", water, "2026-03-10"), ("桥下清淤", roads, "2026-04-30")))
    assert late.status_code == 422 and "桥下清淤" in late.content.decode()
    assert TaskItem.objects.count() == 1
    assert client.post(address, rows()).status_code == 422
    done = client.post(address, rows(("上游清淤", water, "2026-03-10"), ("桥下清淤", roads, "2026-03-12")))
    assert done.status_code == 302
    assert sorted(TaskItem.objects.filter(parent=task).values_list("title", "lead_id")) == [
        ("上游清淤", office.units["water"]),
        ("桥下清淤", office.units["roads"]),
    ]


def test_a_new_task_names_parent_owner_level_and_urgency(office: Office) -> None:
    whole, client = assigned(office), signed_in("dispatcher")
    said = {
        "title": "疏通涵洞", "lead": str(office.units["water"]), "due_on": "2026-03-10", "level": "1", "urgency": "2",
        "owner": "water", "parent": whole.number, "partners": [str(office.units["parks"])],
    }  # fmt: skip
    for wrong in ({"owner": "无此人"}, {"parent": "DC-2026-999999"}):
        answer = client.post(reverse("task:assign"), {**said, **wrong})
        assert answer.status_code == 422 and "疏通涵洞" in answer.content.decode()
    assert client.post(reverse("task:assign"), said).status_code == 302
    task = TaskItem.objects.get(title="疏通涵洞")
    assert (task.parent_id, task.owner_id, task.urgency) == (whole.pk, office.water.person_id, 2)
