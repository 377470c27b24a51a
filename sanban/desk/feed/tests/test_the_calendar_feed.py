"""The calendar feed: exact text, only what one may see, no secret title, 304 when nothing changed, 404 when revoked."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions as people
from sanban.execute.task import actions as tasks
from sanban.execute.task.models import TaskItem
from sanban.execute.task.tests.office import MONDAY, Office, assigned, open_office

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 18, 4, 0, tzinfo=UTC)
EXACT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//sanban//due dates//ZH
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:三办协同：事项时限
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
X-WR-TIMEZONE:Asia/Shanghai
BEGIN:VTIMEZONE
TZID:Asia/Shanghai
BEGIN:STANDARD
DTSTART:19920101T000000
TZNAME:CST
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:到期：整治河道
DTSTART;VALUE=DATE:20260320
DTEND;VALUE=DATE:20260321
DTSTAMP:20260302T010000Z
UID:task-{pk}@sanban
SEQUENCE:1
DESCRIPTION:{number}\\n水利厅\\n待签收
TRANSP:TRANSPARENT
URL:http://testserver/tasks/{number}/
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def office() -> Office:
    cache.clear()
    return open_office()


def key_of(office: Office, login: str) -> str:
    return people.reset_feed(getattr(office, login))


def read(key: str, query: str = "", **headers: str):
    return Client().get(f"/feeds/{key}.ics{query}", headers=headers)


def events(answer) -> list[str]:
    return [str(part["summary"]) for part in Calendar.from_ical(answer.content).walk("VEVENT")]


def test_the_text_is_exactly_this(office):
    task = assigned(office)
    answer = read(key_of(office, "water"))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    unfolded = answer.content.decode().replace("\r\n ", "").replace("\r\n", "\n")
    assert unfolded == EXACT.replace("{pk}", str(task.pk)).replace("{number}", task.number)


def test_an_hour_within_the_day_is_kept_in_the_time_of_the_office(office):
    assigned(office)
    TaskItem.objects.update(due_at=NOON)
    text = read(key_of(office, "water")).content.decode()
    assert "DTSTART;TZID=Asia/Shanghai:20260318T113000" in text
    assert "DTEND;TZID=Asia/Shanghai:20260318T120000" in text


def test_it_may_be_read_as_a_list_of_things_to_do(office):
    assigned(office)
    text = read(key_of(office, "water"), "?as=todo").content.decode()
    assert "BEGIN:VEVENT" not in text
    assert "DUE;TZID=Asia/Shanghai:20260320T173000" in text
    assert "STATUS:NEEDS-ACTION" in text
    assert "PERCENT-COMPLETE:0" in text


def test_each_sees_his_own_units_and_what_waits_for_him(office):
    assigned(office, title="整治河道")
    assigned(office, title="修补公路", lead="roads")
    assert events(read(key_of(office, "water"))) == ["到期：整治河道"]
    assert events(read(key_of(office, "roads"))) == ["到期：修补公路"]
    assert events(read(key_of(office, "stranger"))) == []
    assert events(read(key_of(office, "supervisor"))) == []
    task = TaskItem.objects.get(title="整治河道")
    tasks.acknowledge(office.water, task_id=task.pk)
    tasks.conclude(office.water, task_id=task.pk, text="已完成")
    assert events(read(key_of(office, "supervisor"))) == ["到期：整治河道"]


def test_nothing_secret_is_named(office):
    for login in ("dispatcher", "water"):
        people.set_clearance(SYSTEM, person_id=getattr(office, login).person_id, clearance=2)
    office = replace(office, dispatcher=replace(office.dispatcher, clearance=2))
    task = assigned(office, title="绝不可见之事", level=2, detail="绝不可见")
    for query in ("", "?as=todo"):
        text = read(key_of(office, "water"), query).content.decode()
        assert "绝不可见" not in text
        assert "SUMMARY:有一件事项到期" in text
        assert f"DESCRIPTION:{task.number}\r\n" in text
        assert "PERCENT-COMPLETE" not in text
    people.set_clearance(SYSTEM, person_id=office.water.person_id, clearance=1)
    assert task.number not in read(key_of(office, "water")).content.decode()


def test_the_uid_stays_and_the_sequence_rises(office):
    task = assigned(office)
    key = key_of(office, "water")
    (before,) = Calendar.from_ical(read(key).content).walk("VEVENT")
    with clock.freeze(MONDAY):
        tasks.acknowledge(office.water, task_id=task.pk)
    (after,) = Calendar.from_ical(read(key).content).walk("VEVENT")
    assert (before["uid"], int(str(before["sequence"]))) == (after["uid"], int(str(after["sequence"])) - 1)


def test_nothing_new_is_answered_by_304_and_reading_writes_nothing(office):
    task = assigned(office)
    key = key_of(office, "water")
    first = read(key)
    acts = LedgerEvent.objects.count()
    again = read(key, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert LedgerEvent.objects.count() == acts
    tasks.acknowledge(office.water, task_id=task.pk)
    later = read(key, **{"If-None-Match": first["ETag"]})
    assert later.status_code == 200
    assert later["ETag"] != first["ETag"]


def test_a_renewed_or_closed_address_leads_nowhere(office):
    old = key_of(office, "water")
    new = key_of(office, "water")
    assert (read(old).status_code, read(new).status_code) == (404, 200)
    people.close_feed(office.water)
    assert read(new).status_code == 404
    assert read("x" * 32).status_code == 404


def test_who_has_left_has_no_calendar(office):
    key = key_of(office, "water")
    people.leave(SYSTEM, person_id=office.water.person_id, successor_id=office.roads.person_id)
    assert read(key).status_code == 404


def test_it_asks_the_same_number_of_questions_however_many_tasks(office):
    key = key_of(office, "water")

    def asked() -> int:
        with CaptureQueriesContext(connection) as said:
            assert read(key).status_code == 200
        return len(said)

    assigned(office)
    few = asked()
    for n in range(30):
        assigned(office, title=f"第{n}段河道")
    assert (few, asked()) == (8, 8)


def test_who_asks_too_often_is_told_to_wait(office):
    key = key_of(office, "water")
    answers = [read(key).status_code for _n in range(21)]
    assert answers == [200] * 20 + [429]
    assert read(key)["Retry-After"] == "60"
    misses = [read(f"{'y' * 30}{n}").status_code for n in range(21)]
    assert misses == [404] * 20 + [429]
