"""Red at once, the rest once a working day, nothing in quiet hours, each once, and again after a failure."""

import smtplib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.notify import actions, outbound, outbox, sms
from sanban.base.notify.kinds import Kind
from sanban.base.notify.models import Message, Outgoing
from sanban.base.notify.sending import send_due
from sanban.base.notify.tests.office import give, of, opened, pid
from sanban.base.people import actions as people
from sanban.base.people.models import Person
from sanban.execute.task import ticking
from sanban.execute.task.models import TaskItem
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office
from sanban.site.service import run_clock

pytestmark = pytest.mark.django_db
TUESDAY_0840 = datetime(2026, 3, 3, 0, 40, tzinfo=UTC)
SAID: list[str] = []


@pytest.fixture
def office(settings: Any) -> Office:
    settings.SANBAN_MAIL_URL = "smtp://mail.example"
    settings.SANBAN_URL = "https://sanban.example"
    made = opened()
    Person.objects.filter(login="water").update(email="water@office.example", mobile="13800000000")
    SAID.clear()
    return made


def look(at: datetime) -> int:
    with clock.freeze(at):
        return send_due(SAID.append)


def _wish(actor: Actor, **changed: Any) -> None:
    wish: dict[str, Any] = {
        "mail_kinds": Kind.values, "digest_minute": 520, "quiet_from": 1200, "quiet_until": 450, "sms": False,
    }  # fmt: skip
    with clock.freeze(MONDAY):
        actions.set_preferences(actor, **{**wish, **changed})


def test_what_is_not_urgent_waits_for_the_one_mail_of_the_next_working_morning(office: Office) -> None:
    give(office, 35)
    assert look(MONDAY + timedelta(minutes=1)) == 1, "it is nine: the hour of the Monday digest has come"
    give(office, at=MONDAY + timedelta(hours=1))
    assert look(MONDAY + timedelta(hours=2)) == 0, "one digest a working day"
    assert look(TUESDAY_0840 - timedelta(minutes=1)) == 0
    assert look(TUESDAY_0840) == 1
    assert look(TUESDAY_0840 + timedelta(minutes=1)) == 0
    first, second = mail.outbox
    assert (first.to, first.subject) == (["water@office.example"], "03-02 消息汇总：1 条未读")
    assert "1. [新交办] 新交办 35 件任务\n   整治第1段、整治第2段、整治第3段等\n" in first.body
    assert "https://sanban.example/tasks/?state=assigned&mine=on" in first.body
    assert (second.subject, "新交办 35 件任务" in second.body) == ("03-03 消息汇总：1 条未读", False)


def test_a_digest_waits_over_a_day_off_and_over_quiet_hours(office: Office) -> None:
    give(office, at=datetime(2026, 3, 6, 12, 10, tzinfo=UTC))
    saturday, sunday = datetime(2026, 3, 7, 1, 0, tzinfo=UTC), datetime(2026, 3, 8, 1, 0, tzinfo=UTC)
    assert look(datetime(2026, 3, 6, 12, 30, tzinfo=UTC)) == 0, "20:30 on the Friday is quiet"
    assert (look(saturday), look(sunday)) == (0, 0)
    assert look(datetime(2026, 3, 9, 0, 39, tzinfo=UTC)) == 0
    assert look(datetime(2026, 3, 9, 0, 40, tzinfo=UTC)) == 1


def test_red_goes_at_once_by_night_and_only_once(office: Office) -> None:
    give(office)
    assert look(MONDAY + timedelta(minutes=1)) == 1
    night = FRIDAY_DUE + timedelta(hours=5)
    with clock.freeze(night):
        ticking.tick_all(SYSTEM)
    assert look(night) == 1
    assert look(night + timedelta(minutes=1)) == 0
    red = mail.outbox[1]
    assert red.subject == "【急】亮灯：整治第1段"
    assert red.extra_headers["Message-ID"].startswith("<sanban-")
    assert SAID[-1] == "外发消息 1，未成 0"


def test_what_was_read_in_the_site_or_not_wished_is_not_mailed(office: Office) -> None:
    give(office)
    with clock.freeze(MONDAY + timedelta(seconds=1)):
        actions.read_all(office.water)
    assert look(MONDAY + timedelta(minutes=1)) == 0
    _wish(office.water, mail_kinds=["chased"])
    Message.objects.update(read=False)
    assert look(MONDAY + timedelta(minutes=2)) == 0
    assert Outgoing.objects.count() == 0


def test_without_a_mail_server_nothing_is_queued(office: Office, settings: Any) -> None:
    settings.SANBAN_MAIL_URL = ""
    give(office)
    assert look(MONDAY + timedelta(minutes=1)) == 0
    assert Outgoing.objects.count() == 0


def test_the_title_of_a_secret_matter_never_leaves_by_mail(office: Office) -> None:
    for who in (office.dispatcher, office.water):
        people.set_clearance(SYSTEM, person_id=pid(who), clearance=2)
    (task_id,) = give(office, actor=replace(office.dispatcher, clearance=2), level=2)
    assert of("water")[0].lines[0][1] == "整治第1段", "kept for the site, where he is cleared"
    assert look(MONDAY + timedelta(minutes=1)) == 1
    assert "整治" not in mail.outbox[0].body
    assert TaskItem.objects.get(pk=task_id).number in mail.outbox[0].body


def test_a_server_that_fails_is_tried_again_after_growing_pauses_and_then_no_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: EmailMessage) -> int:
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(EmailMessage, "send", fail)
    _wish(office.water, quiet_from=0, quiet_until=0)
    give(office, urgency=2)
    at, pauses = MONDAY, []
    look(at)
    row = Outgoing.objects.get()
    while row.state == "queued":
        pauses.append(row.next_try_at - at)
        assert look(row.next_try_at - timedelta(seconds=1)) == 0
        at = row.next_try_at
        look(at)
        row.refresh_from_db()
    assert tuple(pauses) == outbox.PAUSES
    assert (row.state, row.tries) == ("failed", 8)
    assert row.last_error == "邮件服务器没有接收（SMTPServerDisconnected）。"


def test_who_stops_while_sending_sends_at_most_once_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process ends here."""

    def die(_self: EmailMessage) -> int:
        raise Killed

    give(office, urgency=2)
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", die)
        for n in range(2):
            with pytest.raises(Killed):
                look(MONDAY + n * timedelta(minutes=11))
    assert Outgoing.objects.get().state == "sending"
    assert look(MONDAY + timedelta(minutes=22)) == 0
    row = Outgoing.objects.get()
    assert (row.state, row.tries, row.last_error) == (
        "failed",
        2,
        "发送中两次中断，可能已送达。请核对后重发。",
    )
    assert mail.outbox == []


def test_two_processes_do_not_take_the_same_row(office: Office, settings: Any) -> None:
    row = Outgoing(channel="mail", target=1, ref="x", created_at=MONDAY, next_try_at=MONDAY)
    row.save()
    (mine,), (theirs,) = outbox.due(now=MONDAY, limit=5), outbox.due(now=MONDAY, limit=5)
    assert outbox.claim(mine, now=MONDAY) is True
    assert outbox.claim(theirs, now=MONDAY) is False


def test_red_goes_by_phone_to_who_wished_it_and_says_nothing_of_the_matter(
    office: Office, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SANBAN_MAIL_URL, settings.SANBAN_SMS_URL = "", "https://sms.example/send"
    settings.SANBAN_SMS_KEY = "key"
    calls: list[tuple[bytes, Any]] = []
    monkeypatch.setattr(outbound, "_resolved", lambda _host, _port: ["93.184.216.34"])

    def post(_to: Any, body: bytes, head: Any) -> int:
        calls.append((body, head))
        return 200

    monkeypatch.setattr(outbound, "post", post)
    give(office, urgency=2)
    assert look(MONDAY + timedelta(seconds=1)) == 0, "nobody wished it"
    _wish(office.water, sms=True)
    assert look(MONDAY + timedelta(seconds=2)) == 1
    body, head = calls[0]
    row = Outgoing.objects.get()
    text = "三办协同：您有 1 条紧急消息（新交办），请登录平台查看。"
    assert body.decode() == f'{{"mobile":"13800000000","text":"{text}","reference":"sanban-{row.pk}"}}'
    assert head["Sanban-Signature"].startswith(f"t={int(MONDAY.timestamp()) + 2},v1=")


def test_without_a_gateway_there_is_none() -> None:
    assert sms.gateway() == sms.NullGateway()
    with pytest.raises(outbound.Unsafe):
        sms.gateway().send(mobile="13800000000", text="", reference="")


def test_what_is_two_months_old_is_forgotten(office: Office) -> None:
    give(office, urgency=2)
    look(MONDAY)
    look(MONDAY + timedelta(days=61))
    assert Outgoing.objects.count() == 0


def test_a_look_asks_as_often_for_many_messages_as_for_one(
    office: Office, django_assert_num_queries: Any
) -> None:
    give(office, partners=(office.units["roads"],))
    assert look(MONDAY + timedelta(minutes=1)) == 1
    with django_assert_num_queries(8):
        assert look(MONDAY + timedelta(seconds=61)) == 0
    for n in range(30):
        give(office, at=MONDAY + timedelta(seconds=61 + n))
    with django_assert_num_queries(8):
        assert look(MONDAY + timedelta(minutes=2)) == 0


def test_the_clock_of_the_site_sends_at_each_look(office: Office) -> None:
    give(office)
    with clock.freeze(MONDAY + timedelta(minutes=1)):
        run_clock(every=0, once=True, say=SAID.append)
    assert len(mail.outbox) == 1
