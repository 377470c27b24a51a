"""Refusals, bulk reads, baits and reads after a stand-in open a case; the person proves who he is or stays outside."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.access.readlog import buffer
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference
from sanban.base.notify.models import Message
from sanban.base.people import actions as people
from sanban.base.people.models import Person
from sanban.base.people.queries import actors_by_login
from sanban.base.people.tests.browsers import signed_in
from sanban.base.watch import actions, queries
from sanban.base.watch.models import Bait, InterceptionRules, WatchCase
from sanban.base.watch.numbers import Numbers
from sanban.desk.api_root.tests.office import MONDAY, Office, assigned, office_with_a_task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path


@pytest.fixture
def office() -> Office:
    return office_with_a_task()


def _bait(office: Office) -> int:
    return actions.set_bait(
        office.actors["security"], address=office.things["address"], reason="无人需要打开"
    )


def _caught(office: Office) -> Client:
    """The dispatcher, who opened bait."""
    _bait(office)
    client = signed_in("dispatcher")
    assert client.get(office.things["address"]).status_code == 200
    buffer.flush()
    return client


def _signed_in_again(client: Client, at: datetime) -> None:
    """As the front door keeps it in the session."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": at.timestamp()}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(Person.objects.get(login="dispatcher").pk)
    session.save()


def test_five_refusals_in_ten_minutes_open_one_case_and_tell_the_supervisors(office: Office) -> None:
    client = signed_in("stranger")
    for n in range(4):
        with clock.freeze(MONDAY + timedelta(minutes=n)):
            client.get(office.things["address"])
    assert WatchCase.objects.count() == 0
    with clock.freeze(MONDAY + timedelta(minutes=4)):
        client.get(office.things["address"])
        assert client.get("/")["Location"] == "/watch/step-up/"
    case = WatchCase.objects.get()
    assert (case.rule, case.person_id, case.held) == ("refusals", office.actors["stranger"].person_id, True)
    assert case.hold_until == MONDAY + timedelta(minutes=34)
    told = Message.objects.filter(event="watch.case_opened").values_list("person__login", flat=True)
    assert set(told) == {"supervisor", "auditor", "security"}


def test_refusals_far_apart_open_none(office: Office) -> None:
    client = signed_in("stranger")
    for n in range(6):
        with clock.freeze(MONDAY + timedelta(minutes=n * 3)):
            client.get(office.things["address"])
    assert WatchCase.objects.count() == 0


def _cleared(office: Office) -> Office:
    for login in ("dispatcher", "liaison"):
        people.set_clearance(SYSTEM, person_id=office.actors[login].person_id or 0, clearance=2)
    return Office(office.units, actors_by_login(actor=SYSTEM), office.keys, office.things)


def test_bait_is_noticed_when_its_read_is_written(office: Office) -> None:
    with clock.freeze(MONDAY):
        _caught(office)
        buffer.flush()
    case = WatchCase.objects.get()
    assert (case.rule, case.stream, case.object_id) == ("bait", "task", office.things["task"])


def test_more_than_the_quota_within_an_hour_is_noticed_but_the_same_again_is_no_more(office: Office) -> None:
    with clock.freeze(MONDAY):
        numbers = Numbers(quota_internal=2)
        actions.publish_rules(office.actors["security"], numbers=numbers, base_number=0, note="收紧")
        assigned(office, "另一件")
        for _again in range(3):
            signed_in("dispatcher").get("/tasks/export.csv")
            buffer.flush()
        assert WatchCase.objects.count() == 0
    with clock.freeze(MONDAY + timedelta(minutes=59)):
        assigned(office, "第三件")
        signed_in("dispatcher").get("/tasks/export.csv")
        buffer.flush()
    assert (WatchCase.objects.get().rule, WatchCase.objects.get().words) == (
        "bulk", "一小时内批量查阅 3 件，超过限额 2 件。",
    )  # fmt: skip


def test_one_secret_in_a_list_makes_no_secret_of_the_others(office: Office) -> None:
    with clock.freeze(MONDAY):
        numbers = Numbers(quota_secret=1)
        actions.publish_rules(office.actors["security"], numbers=numbers, base_number=0, note="收紧")
        reader = _cleared(office)
        for n in range(3):
            assigned(office, f"普通{n}")
        assigned(reader, "密件一", level=2)
        signed_in("dispatcher").get("/tasks/")
        buffer.flush()
        assert WatchCase.objects.count() == 0
        assigned(reader, "密件二", level=2)
        signed_in("dispatcher").get("/tasks/")
        buffer.flush()
    assert WatchCase.objects.get().words == "一小时内批量查阅 2 件，超过限额 1 件。"


def test_the_first_read_after_a_stand_in_ended_is_noticed(office: Office) -> None:
    liaison, dispatcher = (office.actors[key].person_id or 0 for key in ("liaison", "dispatcher"))
    with clock.freeze(MONDAY):
        row = people.appoint_deputy(
            SYSTEM, person_id=liaison, deputy_id=dispatcher, until=None, reason="外出"
        )
        signed_in("dispatcher").get(office.things["address"])
        buffer.flush()
        assert WatchCase.objects.count() == 0
    with clock.freeze(MONDAY + timedelta(days=1)):
        people.end_deputy(SYSTEM, deputy_row_id=row)
    with clock.freeze(MONDAY + timedelta(days=2)):
        signed_in("dispatcher").get(office.things["address"])
        buffer.flush()
    assert WatchCase.objects.get().rule == "after_deputy"


def test_who_proves_himself_goes_on_and_the_case_stays_open(office: Office) -> None:
    with clock.freeze(MONDAY):
        client = _caught(office)
        assert client.get("/tasks/")["Location"] == "/watch/step-up/"
        page = client.get("/watch/step-up/").content.decode()
        assert "/account/reauthenticate/" in page
        client.post("/watch/step-up/")
        assert WatchCase.objects.get().held is True
        me = Person.objects.get(login="dispatcher")
        me.set_password("a-long-word-of-the-tests")
        me.save()
        client.force_login(me, backend="sanban.base.people.backends.DoorBackend")
        wrong = client.post("/account/reauthenticate/", {"password": "another-word"})
        assert wrong.status_code == 200
        client.post("/watch/step-up/")
        assert WatchCase.objects.get().held is True
        right = {"password": "a-long-word-of-the-tests", "next": "/watch/step-up/"}
        assert client.post("/account/reauthenticate/", right)["Location"] == "/watch/step-up/"
        assert "继续办理" in client.get("/watch/step-up/").content.decode()
        assert client.post("/watch/step-up/")["Location"] == "/"
        assert client.get("/tasks/").status_code == 200
    case = WatchCase.objects.get()
    assert (case.held, case.state, case.met_at) == (False, "open", MONDAY)


def test_an_old_sign_in_proves_nothing_and_after_the_term_nothing_helps(office: Office) -> None:
    with clock.freeze(MONDAY):
        client = _caught(office)
        _signed_in_again(client, MONDAY - timedelta(minutes=1))
        client.post("/watch/step-up/")
        assert WatchCase.objects.get().held is True
    with clock.freeze(MONDAY + timedelta(minutes=31)):
        late = signed_in("dispatcher")
        _signed_in_again(late, clock.now())
        answer = late.post("/watch/step-up/")
        assert answer.status_code == 403
        assert "帐号已暂停" in answer.content.decode()
        with pytest.raises(Denied, match="已暂停"):
            actions.prove_identity(office.actors["dispatcher"], method="password")
    assert WatchCase.objects.get().held is True


def test_programs_of_an_intercepted_person_stop_too(office: Office) -> None:
    token = people.reset_feed(office.actors["dispatcher"])
    with clock.freeze(MONDAY):
        _caught(office)
        answer = office.client("dispatcher").get("/api/v1/tasks")
        feed = Client().get(f"/feeds/{token}.ics")
    assert (answer.status_code, feed.status_code) == (403, 403)
    assert "核验身份" in answer.json()["detail"]


def test_a_case_is_closed_by_a_watcher_with_a_finding_and_lets_the_person_in(office: Office) -> None:
    with clock.freeze(MONDAY):
        client = _caught(office)
        case_id = WatchCase.objects.get().pk
        before = LedgerEvent.objects.exclude(stream_type="access").count()
        for who in ("supervisor", "admin", "dispatcher"):
            with pytest.raises(Denied):
                actions.close_case(office.actors[who], case_id=case_id, finding="误点")
        assert LedgerEvent.objects.exclude(stream_type="access").count() == before
        auditor = signed_in("auditor")
        assert auditor.post(f"/watch/cases/{case_id}/", {"finding": ""}).status_code == 422
        assert auditor.post(f"/watch/cases/{case_id}/", {"finding": "误点，已提醒"}).status_code == 302
        assert "误点，已提醒" in auditor.get(f"/watch/cases/{case_id}/").content.decode()
        assert client.get("/tasks/").status_code == 200
        assert queries.cases_this_year(actor=office.actors["auditor"]) == (1, 0)
        with pytest.raises(Refused, match="已经办结"):
            actions.close_case(office.actors["auditor"], case_id=case_id, finding="再办")


def test_nobody_closes_his_own_case(office: Office) -> None:
    with clock.freeze(MONDAY):
        me = office.actors["auditor"]
        case_id = actions.open_case(
            SYSTEM, rule="bait", person_id=me.person_id or 0, words="打开了诱饵文件。"
        )
        with pytest.raises(Denied, match="由他人办结"):
            actions.close_case(me, case_id=case_id, finding="无事")


def test_rules_are_published_by_the_security_administrator_in_versions(office: Office) -> None:
    with clock.freeze(MONDAY):
        with pytest.raises(Denied):
            actions.publish_rules(
                office.actors["auditor"], numbers=Numbers(refusals=3), base_number=0, note="试"
            )
        assert actions.publish_rules(
            office.actors["security"], numbers=Numbers(refusals=3), base_number=0, note="试"
        ) == 1  # fmt: skip
        with pytest.raises(Refused, match="新的版本"):
            actions.publish_rules(office.actors["security"], numbers=Numbers(), base_number=0, note="再试")
    assert queries.numbers_in_force(actor=SYSTEM) == Numbers(number=1, refusals=3)
    assert InterceptionRules.objects.get().note == "试"


def test_bait_is_set_once_lifted_once_and_lifted_bait_catches_nobody(office: Office) -> None:
    with clock.freeze(MONDAY):
        key = _bait(office)
        with pytest.raises(Refused, match="已经是诱饵"):
            _bait(office)
        with pytest.raises(Denied):
            actions.lift_bait(office.actors["dispatcher"], bait_id=key)
        actions.lift_bait(office.actors["security"], bait_id=key)
        with pytest.raises(Refused, match="不是诱饵"):
            actions.lift_bait(office.actors["security"], bait_id=key)
        signed_in("dispatcher").get(office.things["address"])
        buffer.flush()
    assert WatchCase.objects.count() == 0


def test_cases_baits_and_rules_follow_from_the_ledger_alone(office: Office) -> None:
    with clock.freeze(MONDAY):
        _caught(office)
        actions.prove_identity(office.actors["dispatcher"], method="password")
        actions.close_case(office.actors["auditor"], case_id=WatchCase.objects.get().pk, finding="误点")
        actions.publish_rules(office.actors["security"], numbers=Numbers(), base_number=0, note="试")
    assert replay_difference([InterceptionRules, Bait, WatchCase]) == []
