"""A page's watermark carries the number of the read; who guards the house finds the reader by it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.access.models import AccessRecord
from sanban.base.access.readlog import buffer
from sanban.base.access.readlog.mark import ids_of, number_of
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions as people
from sanban.base.people.models import Person
from sanban.base.people.queries import actors_by_login
from sanban.base.people.tests.browsers import signed_in
from sanban.base.watch import queries
from sanban.decide.policy import actions as policies
from sanban.desk.api_root.tests.office import MONDAY, Office, open_office

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"查阅号 ([0-9a-f]{5}-[0-9a-f]{5}-[0-9a-f]{5})<")


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path


@pytest.fixture
def office() -> Office:
    """The usual cast; the dispatcher is cleared for work secrets."""
    found = open_office()
    people.set_clearance(SYSTEM, person_id=Person.objects.get(login="dispatcher").pk, clearance=2)
    return found


def _page_of(level: int) -> str:
    giver = actors_by_login(actor=SYSTEM)["dispatcher"]
    policy = policies.register(actor=giver, title="河道整治", text="由省水利厅负责。", level=level)
    page = signed_in("dispatcher").get(reverse("policy:detail", args=[policy])).content.decode()
    buffer.flush()
    return page


def test_a_secret_page_carries_the_number_of_its_read_and_security_finds_the_reader(office: Office) -> None:
    with clock.freeze(MONDAY):
        page = _page_of(2)
        (number,) = NUMBER.findall(page)
        assert 'class="watermark"' in page
        read = queries.read_numbered(actor=office.actors["security"], number=f" {number.upper()} ")
        assert read is not None
        assert (read.actor_ref, read.level, read.stream) == (office.actors["dispatcher"].ref, 2, "policy")
        event = LedgerEvent.objects.get(kind="access.secret_read")
        assert (read.event_id, number_of(event.pk)) == (event.pk, number)
        name = office.actors["dispatcher"].name
        found = signed_in("security").get(reverse("watch:cases"), {"number": number}).content.decode()
        assert f"<b>{name}</b>" in found and "工作秘密 1 项" in found and "河道整治" not in found


def test_an_internal_page_carries_its_mark_on_paper_only_and_a_public_one_none(office: Office) -> None:
    with clock.freeze(MONDAY):
        internal, public = _page_of(1), _page_of(0)
    assert 'class="watermark paper"' in internal and NUMBER.findall(internal) == []
    assert 'class="watermark' not in public


def test_a_number_that_is_none_finds_nothing_and_says_so(office: Office) -> None:
    with clock.freeze(MONDAY):
        assert [ids_of(word) for word in ("", "12345", "z" * 15, "0" * 16)] == [None] * 4
        page = signed_in("security").get(reverse("watch:cases"), {"number": "0" * 15}).content.decode()
    assert "没有这个查阅号" in page


def test_who_does_not_guard_the_house_may_not_look_a_number_up(office: Office) -> None:
    with clock.freeze(MONDAY):
        (number,) = NUMBER.findall(_page_of(2))
        rows = AccessRecord.objects.count()
        with pytest.raises(Denied):
            queries.read_numbered(actor=office.actors["dispatcher"], number=number)
        answer = signed_in("dispatcher").get(reverse("watch:cases"), {"number": number})
    assert answer.status_code == 403
    assert AccessRecord.objects.count() == rows
