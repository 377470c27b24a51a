"""A reply comes with its files: stored, shown by name, and not asked for again when the reply is refused."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sanban.base.access.actor import SYSTEM
from sanban.base.clock import freeze
from sanban.base.files.models import StoredFile
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.tests.browsers import signed_in
from sanban.supervise.chase import actions
from sanban.supervise.chase.models import Slip
from sanban.supervise.chase.tests import office
from sanban.supervise.chase.tests.office import at

pytestmark = pytest.mark.django_db
PROGRAM = SimpleUploadedFile("安装.exe", b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" * 8)


@pytest.fixture
def liaison() -> Client:
    unit_id = office.unit()
    with freeze(at(2)):
        people.create_people(
            SYSTEM, people=[PersonDraft(login="jiang", name="江晓", unit_id=unit_id, roles=("liaison",))]
        )
    office.task(unit_id)
    with freeze(at(16, 17, 30)):
        actions.tick_all(SYSTEM)
    return signed_in("jiang")


def answered(client: Client, **said: Any) -> tuple[int, str]:
    slip = Slip.objects.get(rung="urge")
    with freeze(at(17)):
        answer = client.post(f"/chase/{slip.pk}/reply/", said, follow=True)
    return answer.status_code, answer.content.decode()


def paper(name: str = "进场照片说明.txt", text: str = "设备已于三月十七日进场。") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def test_a_reply_keeps_its_files_and_the_page_names_them(liaison: Client) -> None:
    status, page = answered(
        liaison, text="设备晚到，下周完成", evidence=[paper(), paper("清单.txt", "十二座泵站")]
    )
    slip = Slip.objects.get(rung="urge")
    files = list(StoredFile.objects.order_by("id"))
    assert (status, slip.state, slip.files) == (200, "replied", [file.pk for file in files])
    assert {(file.about_type, file.about_id, file.level) for file in files} == {("slip", slip.pk, 1)}
    assert "进场照片说明.txt" in page and "清单.txt" in page and f"/files/{files[0].pk}/" in page


def test_a_refused_reply_does_not_ask_for_the_file_again(liaison: Client) -> None:
    status, page = answered(liaison, text="   ", evidence=[paper()])
    assert status == 422 and Slip.objects.get(rung="urge").state == "issued"
    assert StoredFile.objects.count() == 0, "a form that is not valid stores nothing"
    slip = Slip.objects.get(rung="urge")
    with freeze(at(16, 18)):
        actions.withdraw(office.SUPERVISOR, slip_id=slip.pk, reason="误发")
    status, page = answered(liaison, text="下周完成", evidence=[paper()])
    kept = re.search(r'name="kept" value="(\d+)"', page)
    assert status == 422 and StoredFile.objects.count() == 1
    assert kept is None or kept[1] == str(StoredFile.objects.get().pk)


def test_one_bad_file_stores_none_and_is_named(liaison: Client) -> None:
    status, page = answered(liaison, text="下周完成", evidence=[paper(), PROGRAM])
    assert status == 422 and "安装.exe" in page
    assert (StoredFile.objects.count(), Slip.objects.get(rung="urge").state) == (0, "issued")


def test_nobody_attaches_the_file_of_another(liaison: Client) -> None:
    answered(liaison, text="下周完成", kept="999,888")
    assert Slip.objects.get(rung="urge").files == []
