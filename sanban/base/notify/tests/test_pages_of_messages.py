"""The inbox and the page of wishes."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanban.base import clock
from sanban.base.ledger.models import LedgerEvent
from sanban.base.notify.models import Message, Preference
from sanban.base.notify.tests.office import give, of
from sanban.base.people.models import Person
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office

pytestmark = pytest.mark.django_db


def _many(office: Office, count: int) -> None:
    for n in range(count):
        with clock.freeze(MONDAY + timedelta(minutes=n)):
            draft = TaskDraft(title=f"事项{n}", lead_id=office.units["water"], due_at=FRIDAY_DUE)
            tasks.assign_many(office.dispatcher, drafts=[draft])


def test_an_empty_inbox_says_so(office: Office) -> None:
    page = signed_in("water").get("/inbox/")
    assert "还没有消息" in page.content.decode()
    assert "全部已读" not in page.content.decode()


def test_opening_reads_by_post_and_goes_to_the_object_and_a_look_writes_nothing(office: Office) -> None:
    give(office)
    client, (message,) = signed_in("water"), of("water")
    before = LedgerEvent.objects.count()
    assert "整治第1段" in client.get("/inbox/").content.decode()
    assert client.get(f"/inbox/{message.id}/open/").status_code == 405
    assert LedgerEvent.objects.count() == before
    assert client.post(f"/inbox/{message.id}/open/")["Location"] == message.link
    assert Message.objects.get().read
    assert signed_in("roads").post(f"/inbox/{message.id}/open/").status_code == 404


def test_unread_ones_come_first_and_pages_follow_their_cursor(office: Office) -> None:
    _many(office, 60)
    client, rows = signed_in("water"), of("water")
    for message in (rows[59], rows[58]):
        client.post(f"/inbox/{message.id}/open/")
    seen, address = [], "/inbox/"
    while address:
        page = client.get(address)
        text = page.content.decode()
        seen += re.findall(r'class="link">(?:<b>)?(事项\d+)', text)
        older = re.search(r'href="(\?after=[^"]+)">更早', text)
        address = f"/inbox/{older[1]}" if older else ""
    assert seen == [f"事项{n}" for n in (*range(57, -1, -1), 59, 58)]
    assert client.get("/inbox/?after=nonsense")["Location"] == "/inbox/"
    assert client.get("/inbox/?show=unread").content.count(b"<li data-row>") == 25


def test_all_are_read_at_once_and_the_bell_is_silent(office: Office) -> None:
    _many(office, 3)
    client = signed_in("water")
    assert "消息，3 条未读" in client.get("/inbox/").content.decode()
    answer = client.post("/inbox/read/", follow=True)
    assert "已将 3 条消息标为已读" in answer.content.decode()
    assert "消息，0 条未读" in client.get("/inbox/").content.decode()


@pytest.mark.parametrize("count", [1, 40])
def test_the_inbox_asks_as_often_for_many_messages_as_for_one(office: Office, count: int) -> None:
    _many(office, count)
    client = signed_in("water")
    client.get("/inbox/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/inbox/")
    ours = [query["sql"] for query in asked if "notify_message" in query["sql"]]
    assert len(ours) == 2, "one for the bell and the sidebar together, one for the page"
    assert len(asked) == 11


def test_wishes_are_kept_with_one_event(office: Office) -> None:
    client = signed_in("water")
    page = client.get("/inbox/settings/").content.decode()
    assert "尚未配置邮件服务器" in page
    words = {
        "mail_kinds": ["new", "chased"],
        "digest": "09:15",
        "quiet_from": "19:00",
        "quiet_until": "08:00",
    }
    assert client.post("/inbox/settings/", words).status_code == 302
    kept = Preference.objects.get(pk=office.water.person_id or 0)
    assert (kept.mail_kinds, kept.digest_minute, kept.quiet_from, kept.quiet_until, kept.sms) == (
        ["new", "chased"], 555, 1140, 480, False,
    )  # fmt: skip
    assert client.post("/inbox/settings/", {**words, "sms": "on"}).status_code == 422
    Person.objects.filter(login="water").update(mobile="13800000000")
    assert client.post("/inbox/settings/", {**words, "sms": "on"}).status_code == 302
    assert Preference.objects.get().sms
    assert LedgerEvent.objects.filter(kind="notify.preferences_set").count() == 2
