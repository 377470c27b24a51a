"""What is secret (level 2) is not there for a person of clearance 1: by no address, in no list, for no role (§5.9)."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from sanban.base import clock
from sanban.base.access.actor import ROLES, SYSTEM
from sanban.base.files import actions as files
from sanban.base.files.intake import receive
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions as people
from sanban.base.people.models import Person
from sanban.base.people.queries import actors_by_login
from sanban.base.people.tests.browsers import signed_in
from sanban.decide.policy import actions as policies
from sanban.desk.api_root.tests.office import Office, assigned
from sanban.execute.task.models import TaskItem
from sanban.supervise.chase import actions as chase
from tests.addresses import MONDAY, Case, cases, furnished
from tests.test_every_address_and_role import answer

pytestmark = pytest.mark.django_db
MARK = "绝不可见之事"
"""Stands in the title, text and reason of everything secret."""
LISTS = (
    "policy:index", "task:register", "chase:register", "chase:to_sign", "files:index", "desk:cockpit",
    "desk:todo", "people:people", "people:unit", "people:person", "people:account",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path


def _secrets(office: Office) -> dict[str, Any]:
    """A policy, measure, task, slip and file of level 2, made by people who are cleared for it for the while."""
    people.set_clearance(SYSTEM, person_id=Person.objects.get(login="supervisor").pk, clearance=2)
    cleared = replace(office, actors=actors_by_login(actor=SYSTEM))
    giver, inspector, liaison = (cleared.actors[key] for key in ("dispatcher", "supervisor", "liaison"))
    policy = policies.register(actor=giver, title=MARK, text=f"{MARK}。由省水利厅负责。", level=2)
    measure = policies.add_measure(
        actor=giver, policy_id=policy, draft=policies.MeasureDraft(start=0, end=7, title=MARK)
    )
    task = assigned(cleared, MARK, level=2)
    slip = chase.propose(inspector, task_id=task, rung="notice", reason=MARK)
    file = files.upload(actor=liaison, received=receive(MARK.encode(), f"{MARK}.txt"), level=2)
    return {
        "policy_id": policy, "measure_id": measure, "task_id": task, "slip_id": slip, "file_id": file,
        "number": TaskItem.objects.get(pk=task).number,
    }  # fmt: skip


TAKEN_AWAY = ("task:export_csv", "task:export_workbook", "desk:feed")
"""Every address whose answer leaves the house as a sheet or a feed; files themselves are downloaded by name."""


def _text_of(response: Any) -> str:
    """All that stands in what was sent; of a workbook its cells and the foot of its printed pages."""
    body = b"".join(response)
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body.decode()
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    return "\n".join([*cells, f"foot: {sheet.oddFooter.center.text if sheet.oddFooter else None}"])


def test_no_secret_leaves_in_a_sheet_or_a_feed_even_for_whom_it_is_meant() -> None:
    with clock.freeze(MONDAY):
        office = furnished()
        secret = _secrets(office)
        actor = actors_by_login(actor=SYSTEM)["dispatcher"]
        key = people.reset_feed(actor)
        inside = signed_in("dispatcher")
        assert MARK in inside.get(f"/tasks/{secret['number']}/").content.decode()
        addresses = {name: reverse(name, args=[key] if name == "desk:feed" else []) for name in TAKEN_AWAY}
        found = {name: _text_of(inside.get(address)) for name, address in addresses.items()}
        plain = TaskItem.objects.exclude(pk=secret["task_id"]).order_by("pk")[0]
    assert [name for name, body in found.items() if MARK in body] == []
    for name in ("task:export_csv", "task:export_workbook"):
        assert plain.number in found[name] and "另有 2 件工作秘密不得导出" in found[name]
        assert secret["number"] not in found[name]
    foot = found["task:export_workbook"].partition("foot: ")[2]
    assert "2026-03-02" in foot and actor.name in foot and actor.unit_name in foot


def _lower_all() -> None:
    for person in Person.objects.filter(clearance=2):
        people.set_clearance(SYSTEM, person_id=person.pk, clearance=1)


def _pointed(found: dict[str, Case], secret: dict[str, Any]) -> dict[str, Case]:
    """The addresses of single things, pointed at the secret ones."""
    return {
        label: replace(case, parts=case.parts | {key: secret[key] for key in case.parts if key in secret})
        for label, case in found.items()
        if set(case.parts) & set(secret)
    }


def test_no_address_shows_a_secret_thing_to_who_is_not_cleared() -> None:
    with clock.freeze(MONDAY):
        office = furnished()
        secret = _secrets(office)
        pointed = _pointed(cases(office), secret)
        assert {case.url.partition(":")[0] for case in pointed.values()} == {
            "policy", "task", "chase", "assistant", "files",
        }  # fmt: skip
        inside = signed_in("dispatcher")
        assert MARK in answer(inside, pointed["policy:detail"], "GET").content.decode()
        assert MARK in answer(inside, pointed["task:detail"], "GET").content.decode()
        _lower_all()
        before = LedgerEvent.objects.exclude(stream_type="access").count()
        for role in ROLES:
            client = signed_in(role)
            for label, case in pointed.items():
                for method in ("GET", "POST") if case.words is not None else ("GET",):
                    response = answer(client, case, method)
                    said = f"{label} {method} as {role}: {response.status_code}"
                    assert response.status_code in (302, 403, 404, 405, 422), said
                    if method == "GET" or response.status_code == 302:
                        assert not _went_through(response), said
                    assert MARK not in response.content.decode(errors="replace"), said
                    assert response.acts == before, said


def _went_through(response: Any) -> bool:
    """A redirect without a refusal on it means that something was done."""
    if response.status_code != 302:
        return False
    told = response.wsgi_request._messages._queued_messages
    return not any(message.level_tag == "error" for message in told)


def test_no_list_names_a_secret_thing_to_who_is_not_cleared() -> None:
    with clock.freeze(MONDAY):
        office = furnished()
        _secrets(office)
        found = cases(office)
        inside = signed_in("dispatcher")
        for label in ("policy:index", "task:register"):
            assert MARK in answer(inside, found[label], "GET").content.decode(), label
        assert MARK in answer(signed_in("liaison"), found["desk:todo"], "GET").content.decode()
        assert MARK in answer(signed_in("supervisor"), found["chase:register"], "GET").content.decode()
        _lower_all()
        for role in ROLES:
            client = signed_in(role)
            for label in LISTS:
                assert MARK not in answer(client, found[label], "GET").content.decode(), f"{label} as {role}"


def test_no_administrator_reads_a_secret_thing_whatever_his_clearance() -> None:
    """三员分立: the system, security and audit administrators keep the house and read none of its secrets."""
    with clock.freeze(MONDAY):
        office = furnished()
        secret = _secrets(office)
        found = cases(office)
        walked = {**found, **_pointed(found, secret)}
        walked["watch:seen"] = Case("watch:seen", {"stream": "task", "object_id": secret["task_id"]})
        for login in ("admin", "security", "auditor"):
            people.set_clearance(SYSTEM, person_id=Person.objects.get(login=login).pk, clearance=2)
            client, opened = signed_in(login), []
            for label, case in walked.items():
                response = answer(client, case, "GET")
                if response.status_code == 200:
                    opened.append(label)
                if getattr(response, "streaming", False):
                    continue
                assert MARK not in response.content.decode(errors="replace"), f"{label} as {login}"
            assert ("watch:seen" in opened) == (login == "auditor")
            assert not {"task:detail", "policy:detail", "chase:detail", "files:detail"} & set(opened), login
