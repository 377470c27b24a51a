"""Evidence reported to a work secret is read by who is named for it, and its bytes leave only for a stated purpose."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import reverse

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.access.models import AccessGrant
from sanban.base.access.readlog.mark import ids_of
from sanban.base.files import actions as files
from sanban.base.files.intake import receive
from sanban.base.files.models import FileVersion
from sanban.base.files.scan import ScanResult
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.models import Person
from sanban.base.people.queries import actors_by_login
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task import actions
from sanban.execute.task.models import TaskItem
from sanban.execute.task.tests.office import MONDAY, Office, assigned, open_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(tmp_path: Any, settings: Any) -> Any:
    settings.SANBAN_VAR = tmp_path
    settings.SANBAN_CLAMAV = ""
    with clock.freeze(MONDAY):
        made = open_office()
        drafts = [
            PersonDraft(login=login, name=login, unit_id=made.units["water"], roles=("officer",))
            for login in ("clerk", "mate")
        ]
        people.create_people(SYSTEM, people=drafts)
        for login in ("dispatcher", "water", "clerk", "mate"):
            people.set_clearance(SYSTEM, person_id=Person.objects.get(login=login).pk, clearance=2)
        now = actors_by_login(actor=SYSTEM)
        yield replace(made, dispatcher=now["dispatcher"], water=now["water"])


def who(login: str) -> Actor:
    return actors_by_login(actor=SYSTEM)[login]


def evidence(words: str) -> int:
    """A secret file of the lead unit, found clean."""
    made = files.upload(actor=who("water"), received=receive(words.encode(), "方案.txt"), level=2)
    files.record_scan(actor=SYSTEM, file_id=made, no=1, result=ScanResult(state="clean"))
    return made


def reported(office: Office) -> tuple[TaskItem, int]:
    task, file_id = assigned(office, title="绝不可见之事", level=2), evidence("第一稿")
    water = who("water")
    actions.acknowledge(water, task_id=task.pk)
    actions.report(water, task_id=task.pk, progress=40, text="已成稿", files=(file_id,))
    return task, file_id


def name(task: TaskItem, login: str) -> None:
    actions.name_member(
        who("water"), task_id=task.pk, person_id=who(login).person_id or 0,
        until=clock.now() + timedelta(days=3), reason="校核方案",
    )  # fmt: skip


def page(login: str, file_id: int) -> int:
    return signed_in(login).get(reverse("files:detail", args=[file_id])).status_code


def test_who_is_named_reads_what_was_reported_before_and_after_and_no_longer_once_taken_off(
    office: Office,
) -> None:
    task, before = reported(office)
    assert (page("clerk", before), page("mate", before)) == (404, 404)
    name(task, "clerk")
    after = evidence("第二稿")
    actions.report(who("water"), task_id=task.pk, progress=60, text="再成稿", files=(after,))
    assert [page("clerk", before), page("clerk", after)] == [200, 200]
    assert [page("mate", before), page("mate", after)] == [404, 404]
    with clock.freeze(MONDAY + timedelta(hours=1)):
        clerk = who("clerk").person_id or 0
        actions.remove_member(who("water"), task_id=task.pk, person_id=clerk, reason="调离专班")
        assert [page("clerk", before), page("clerk", after)] == [404, 404]


def test_the_bytes_leave_for_an_hour_after_the_purpose_was_said_and_carry_the_number_of_their_read(
    office: Office,
) -> None:
    task, file_id = reported(office)
    name(task, "clerk")
    client = signed_in("clerk")
    address = reverse("files:download", args=[file_id, 1])
    refused = client.get(address)
    assert refused.status_code == 403 and "须先说明用途" in refused.content.decode()
    short = client.post(reverse("files:purpose", args=[file_id]), {"purpose": "看看"})
    assert (
        short.status_code == 422
        and "请写明用途" in short.content.decode()
        and "看看" in short.content.decode()
    )
    assert not AccessGrant.objects.filter(ground="purpose").exists()
    said = client.post(reverse("files:purpose", args=[file_id]), {"purpose": f"{task.number} 校核"})
    assert said.status_code == 302
    taken = client.get(address)
    assert b"".join(taken) == "第一稿".encode()
    name_of_file = unquote(taken["Content-Disposition"])
    number = name_of_file.partition("查阅号 ")[2][:17]
    span = ids_of(number)
    assert span is not None
    read = LedgerEvent.objects.get(pk__range=span)
    assert (read.kind, read.actor_ref) == ("access.secret_read", who("clerk").ref)
    (told,) = LedgerEvent.objects.filter(kind="files.purpose_stated")
    assert (told.actor_ref, told.stream_id) == (who("clerk").ref, file_id)
    assert signed_in("water").get(address).status_code == 403, "each says his own purpose"
    happened = client.get(f"/evidence/file/{file_id}/").content.decode()
    assert f"{task.number} 校核" in happened
    with clock.freeze(MONDAY + timedelta(hours=1)):
        assert signed_in("clerk").get(address).status_code == 403


def test_the_api_asks_for_the_purpose_too(office: Office) -> None:
    _task, file_id = reported(office)
    client = signed_in("water")
    content = f"/api/v1/files/{file_id}/content"
    refused = client.get(content)
    assert refused.status_code == 422 and "须先说明用途" in refused.json()["detail"]
    said = client.post(
        f"/api/v1/files/{file_id}/purpose", {"purpose": "报送省政府用"}, content_type="application/json"
    )
    assert said.status_code == 200
    assert b"".join(client.get(content)) == "第一稿".encode()


def test_what_is_internal_leaves_as_ever(office: Office) -> None:
    water = who("water")
    made = files.upload(actor=water, received=receive(b"open", "a.txt"), level=1)
    files.record_scan(actor=SYSTEM, file_id=made, no=1, result=ScanResult(state="clean"))
    assert signed_in("water").get(reverse("files:download", args=[made, 1])).status_code == 200
    with pytest.raises(Refused, match="可以直接下载"):
        files.state_purpose(actor=water, file_id=made, purpose="随便看看而已")
    assert FileVersion.objects.get(file_id=made).name == "a.txt"
