"""Break-glass: nobody alone, no administrator, one object, one hour, all told at once, reviewed by a third."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.access.models import AccessGrant, AccessRecord
from sanban.base.access.readlog import buffer
from sanban.base.glass import actions, panels, queries, rules
from sanban.base.glass.models import EmergencySight
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference
from sanban.base.notify.models import Message
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.queries import actors_by_login
from sanban.base.people.tests.browsers import signed_in
from sanban.desk.api_root.tests.office import MONDAY, Office, assigned, office_with_a_task
from sanban.execute.task.models import TaskItem

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(minutes=60)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path


@pytest.fixture
def office() -> Office:
    return office_with_a_task()


def _asked(office: Office, who: str = "stranger", **more: Any) -> int:
    words = {"address": office.things["address"], "reason": "上游溃口，须核对闸门"} | more
    with clock.freeze(MONDAY):
        return actions.ask(office.actors[who], **words)


def _opened(office: Office) -> int:
    sight_id = _asked(office)
    with clock.freeze(MONDAY):
        actions.open_sight(office.actors["security"], sight_id=sight_id, note="情况属实")
    return sight_id


def _looked(office: Office, at: Any) -> int:
    with clock.freeze(at):
        return signed_in("stranger").get(office.things["address"]).status_code


def test_it_opens_at_once_for_an_hour_and_shuts_by_itself(office: Office) -> None:
    assert _looked(office, MONDAY) == 404
    sight_id = _opened(office)
    assert _looked(office, LATER - timedelta(seconds=1)) == 200
    buffer.flush()
    read = AccessRecord.objects.get(actor_ref=office.actors["stranger"].ref, stream="task")
    assert read.object_id == office.things["task"]
    assert _looked(office, LATER + timedelta(seconds=1)) == 404
    grant = AccessGrant.objects.get(ground="glass")
    assert (grant.ground_id, grant.starts_at, grant.ends_at) == (sight_id, MONDAY, LATER)
    assert replay_difference() == []


def test_the_owner_of_the_keys_is_asked_and_the_watchers_are_told_at_once(office: Office) -> None:
    sight_id = _opened(office)
    told = {event: set(Message.objects.filter(event=event).values_list("person_id", flat=True))
            for event in ("glass.sight_asked", "glass.sight_opened")}  # fmt: skip
    of = {login: actor.person_id for login, actor in office.actors.items()}
    assert told["glass.sight_asked"] == {of["security"]}
    assert {of["auditor"], of["stranger"]} <= told["glass.sight_opened"]
    assert EmergencySight.objects.get(pk=sight_id).second_id == of["security"]


def test_nobody_opens_for_himself_and_no_administrator_asks(office: Office) -> None:
    for who in ("admin", "security", "auditor"):
        with pytest.raises(Denied, match="管理员不得紧急查阅"):
            _asked(office, who)
    sight_id = _asked(office)
    before = LedgerEvent.objects.filter(stream_type="glass").count()
    for who in ("stranger", "officer", "liaison", "auditor", "admin", "dispatcher"):
        with clock.freeze(MONDAY), pytest.raises(Denied):
            actions.open_sight(office.actors[who], sight_id=sight_id)
    assert LedgerEvent.objects.filter(stream_type="glass").count() == before == 1
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 9
    assert _looked(office, MONDAY) == 404


def test_a_leader_is_the_second_for_another_unit_only(office: Office) -> None:
    home, away = office.actors["stranger"].unit_id, office.units["water"]
    for unit, may in ((home, False), (away, True)):
        ids = people.create_people(
            SYSTEM, people=[PersonDraft(login=f"chief{unit}", name="负责人", unit_id=unit or 0)]
        )
        people.grant_role(SYSTEM, person_id=ids[0], role="leader")
        chief = actors_by_login(actor=SYSTEM)[f"chief{unit}"]
        sight = EmergencySight(
            person_id=office.actors["stranger"].person_id or 0, person_ref="x", unit_id=home
        )
        assert rules.may_second(chief, sight) is may


def test_what_is_above_his_clearance_stays_shut(office: Office) -> None:
    people.set_clearance(SYSTEM, person_id=office.actors["dispatcher"].person_id or 0, clearance=2)
    people.set_clearance(SYSTEM, person_id=office.actors["liaison"].person_id or 0, clearance=2)
    cleared = Office(office.units, actors_by_login(actor=SYSTEM), office.keys, office.things)
    with clock.freeze(MONDAY):
        secret = assigned(cleared, "保密之事", level=2)
    sight_id = _asked(office, address=f"/tasks/{TaskItem.objects.get(pk=secret).number}/")
    with clock.freeze(MONDAY), pytest.raises(Refused, match="知悉范围低于"):
        actions.open_sight(office.actors["security"], sight_id=sight_id)
    people.set_clearance(SYSTEM, person_id=office.actors["stranger"].person_id or 0, clearance=2)
    with clock.freeze(MONDAY):
        actions.open_sight(office.actors["security"], sight_id=sight_id)


def test_an_address_that_leads_nowhere_tells_nothing_to_who_asks(office: Office) -> None:
    sight_id = _asked(office, address="/tasks/DC-2026-009999/")
    with clock.freeze(MONDAY):
        said = signed_in("stranger").get(f"/glass/{sight_id}/").content.decode()
        assert "待另一人同意" in said
        with pytest.raises(Refused, match="没有可查阅的内容"):
            actions.open_sight(office.actors["security"], sight_id=sight_id)
        actions.refuse_sight(office.actors["security"], sight_id=sight_id, note="地址有误")
        with pytest.raises(Refused, match="已有结果"):
            actions.refuse_sight(office.actors["security"], sight_id=sight_id, note="再次")
    assert Message.objects.filter(event="glass.sight_refused").count() == 1


def test_it_is_reviewed_by_a_third_after_it_ended_and_goes_red_when_late(office: Office) -> None:
    sight_id = _opened(office)
    auditor = office.actors["auditor"]
    with clock.freeze(MONDAY):
        with pytest.raises(Refused, match="结束以后"):
            actions.review(auditor, sight_id=sight_id, justified=True, finding="属实")
        assert list(panels.todo(auditor)) == []
    with clock.freeze(LATER):
        (one,) = panels.todo(auditor)
        assert (one.verb, one.light) == ("复核", "green")
        with pytest.raises(Denied):
            actions.review(office.actors["security"], sight_id=sight_id, justified=True, finding="属实")
    with clock.freeze(MONDAY + timedelta(days=9)):
        (one,) = panels.todo(auditor)
        assert one.light == "red"
        actions.review(auditor, sight_id=sight_id, justified=False, finding="可走正常申请")
        assert list(panels.todo(auditor)) == []
        with pytest.raises(Refused):
            actions.review(auditor, sight_id=sight_id, justified=True, finding="改判")
    row = EmergencySight.objects.get()
    assert (row.state, row.justified, row.reviewed_by) == ("reviewed", False, auditor.ref)
    assert replay_difference() == []


def test_either_of_the_two_ends_it_before_its_time(office: Office) -> None:
    sight_id = _opened(office)
    with clock.freeze(MONDAY + timedelta(minutes=5)):
        actions.end_sight(office.actors["stranger"], sight_id=sight_id)
    assert _looked(office, MONDAY + timedelta(minutes=6)) == 404
    with clock.freeze(MONDAY + timedelta(minutes=7)), pytest.raises(Refused, match="不在进行中"):
        actions.end_sight(office.actors["stranger"], sight_id=sight_id)


def test_the_terms_are_versions_with_their_numbers(office: Office) -> None:
    security = office.actors["security"]
    with clock.freeze(MONDAY):
        actions.publish_terms(security, minutes=30, review_days=2, base_number=0, note="试行")
        with pytest.raises(Conflict):
            actions.publish_terms(security, minutes=20, review_days=2, base_number=0, note="并行")
        with pytest.raises(Denied):
            actions.publish_terms(office.actors["admin"], minutes=20, review_days=2, base_number=1, note="x")
        with pytest.raises(Refused, match="5 至 480"):
            actions.publish_terms(security, minutes=1, review_days=2, base_number=1, note="x")
    assert queries.terms_in_force(actor=SYSTEM) == rules.Terms(number=1, minutes=30, review_days=2)
    _opened(office)
    assert AccessGrant.objects.get(ground="glass").ends_at == MONDAY + timedelta(minutes=30)


def test_the_whole_way_by_its_pages(office: Office) -> None:
    with clock.freeze(MONDAY):
        stranger, security, auditor = (signed_in(who) for who in ("stranger", "security", "auditor"))
        empty = stranger.post("/glass/ask/", {"address": office.things["address"], "reason": " "})
        assert empty.status_code == 422 and office.things["address"] in empty.content.decode()
        made = stranger.post("/glass/ask/", {"address": office.things["address"], "reason": "溃口"})
        page = made["Location"]
        assert signed_in("liaison").get(page).status_code == 404
        assert "紧急查阅" in security.get("/todo/").content.decode()
        assert security.post(f"{page}open/", {"note": "属实"}).status_code == 302
        assert office.things["address"] in stranger.get(page).content.decode()
    with clock.freeze(LATER):
        late = auditor.post(f"{page}review/", {"finding": "属实"})
        assert late.status_code == 422 and "属实" in late.content.decode()
        assert auditor.post(f"{page}review/", {"justified": "yes", "finding": "属实"}).status_code == 302
        assert "确有必要" in auditor.get(page).content.decode()
