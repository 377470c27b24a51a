"""Who has seen what is for the owner and the supervisors; refusals are put on record; sight is asked for and given."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.access.models import AccessGrant, AccessRecord
from sanban.base.access.readlog import buffer
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference
from sanban.base.notify.models import Message
from sanban.base.people import actions as people
from sanban.base.people.queries import actors_by_login
from sanban.base.people.tests.browsers import signed_in
from sanban.base.watch import actions, queries
from sanban.base.watch.models import Refusal, RequestApprover, SightRequest
from sanban.desk.api_root.tests.office import MONDAY, Office, assigned, office_with_a_task
from sanban.execute.task import actions as tasks
from sanban.execute.task.models import TaskItem

pytestmark = pytest.mark.django_db
UNTIL = MONDAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path


@pytest.fixture
def office() -> Office:
    return office_with_a_task()


def _address(task_id: int) -> str:
    return f"/tasks/{TaskItem.objects.get(pk=task_id).number}/"


def _asked(office: Office, **more: Any) -> int:
    words = {"address": office.things["address"], "purpose": "核对道路工期", "until": UNTIL} | more
    return actions.request_sight(office.actors["stranger"], **words)


def _open(office: Office, who: str) -> Any:
    with clock.freeze(MONDAY):
        return signed_in(who).get(office.things["address"])


def _cleared(office: Office) -> Office:
    for login in ("dispatcher", "liaison"):
        people.set_clearance(SYSTEM, person_id=office.actors[login].person_id or 0, clearance=2)
    return Office(office.units, actors_by_login(actor=SYSTEM), office.keys, office.things)


def test_a_page_that_was_not_shown_is_a_refusal_with_its_object_and_says_how_to_ask(office: Office) -> None:
    answer = _open(office, "stranger")
    assert answer.status_code == 404
    row = Refusal.objects.get()
    assert (row.actor_ref, row.code, row.act) == (office.actors["stranger"].ref, "hidden", "task:detail")
    assert (row.stream, row.object_id) == ("task", office.things["task"])
    event = LedgerEvent.objects.get(stream_type="access", stream_id=row.pk)
    assert event.kind == "watch.read_refused"
    said = answer.content.decode()
    assert "申请查阅" in said
    assert "整治河道" not in said


def test_an_address_that_leads_nowhere_is_no_refusal(office: Office) -> None:
    with clock.freeze(MONDAY):
        assert signed_in("stranger").get("/tasks/DC-2026-009999/").status_code == 404
        assert signed_in("stranger").get("/nowhere/").status_code == 404
    assert Refusal.objects.count() == 0


def test_a_refused_act_names_its_object(office: Office) -> None:
    with clock.freeze(MONDAY), pytest.raises(Denied):
        tasks.acknowledge(office.actors["stranger"], task_id=office.things["task"])
    row = Refusal.objects.get()
    assert (row.act, row.code) == ("execute.task.acknowledge", "denied")
    assert (row.stream, row.object_id) == ("task", office.things["task"])


def test_the_page_of_refusals_keeps_secret_titles_to_itself(office: Office) -> None:
    _open(office, "stranger")
    with clock.freeze(MONDAY):
        secret = assigned(_cleared(office), "绝不可见之事", level=2)
        signed_in("stranger").get(_address(secret))
        page = signed_in("auditor").get("/watch/refusals/")
        assert signed_in("liaison").get("/watch/refusals/").status_code == 403
    said = page.content.decode()
    assert "整治河道" in said
    assert "绝不可见之事" not in said
    assert f"编号 {secret}" in said
    assert "密级高于本人的知悉范围" in said


def test_sight_that_was_granted_opens_the_object_until_its_day(office: Office) -> None:
    with clock.freeze(MONDAY):
        request_id = _asked(office)
        told = Message.objects.filter(event="watch.sight_requested").values_list("person_id", flat=True)
        assert list(told) == [office.actors["liaison"].person_id]
        actions.grant_sight(office.actors["liaison"], request_id=request_id, note="只限本次")
    grant = AccessGrant.objects.get()
    assert (grant.ground, grant.ground_id, grant.object_id) == (
        "sight_request",
        request_id,
        office.things["task"],
    )
    assert (grant.starts_at, grant.ends_at) == (MONDAY, UNTIL)
    assert _open(office, "stranger").status_code == 200
    with clock.freeze(UNTIL + timedelta(seconds=1)):
        assert signed_in("stranger").get(office.things["address"]).status_code == 404
    assert Message.objects.filter(event="watch.sight_granted").count() == 1


def test_a_request_is_decided_by_the_owner_alone_and_once(office: Office) -> None:
    with clock.freeze(MONDAY):
        request_id = _asked(office)
        before = LedgerEvent.objects.exclude(stream_type="access").count()
        for who in ("stranger", "officer", "auditor", "admin"):
            with pytest.raises(Denied):
                actions.grant_sight(office.actors[who], request_id=request_id)
        assert LedgerEvent.objects.exclude(stream_type="access").count() == before
        assert Refusal.objects.count() == 4
        with pytest.raises(Refused, match="不同意的理由"):
            actions.deny_sight(office.actors["liaison"], request_id=request_id, note=" ")
        actions.deny_sight(office.actors["liaison"], request_id=request_id, note="与道路无关")
        with pytest.raises(Refused, match="已经有了结果"):
            actions.grant_sight(office.actors["liaison"], request_id=request_id)
    assert AccessGrant.objects.count() == 0
    assert SightRequest.objects.get().state == "denied"


def test_a_grant_does_not_lift_anybody_above_his_clearance(office: Office) -> None:
    with clock.freeze(MONDAY):
        cleared = _cleared(office)
        secret = assigned(cleared, "绝不可见之事", level=2)
        request_id = _asked(office, address=_address(secret))
        with pytest.raises(Refused, match="知悉范围低于"):
            actions.grant_sight(cleared.actors["liaison"], request_id=request_id)
    assert AccessGrant.objects.count() == 0


def test_asking_for_what_is_not_there_answers_the_same_and_reaches_nobody(office: Office) -> None:
    with clock.freeze(MONDAY):
        client = signed_in("stranger")
        answers = [
            client.post(
                "/watch/ask/", {"address": address, "purpose": "核对", "until": "2026-03-09"}, follow=True
            )
            for address in (office.things["address"], "/tasks/DC-2026-009999/")
        ]
        first, second = (answer.content.decode() for answer in answers)
        assert "如有此内容，归属单位会尽快批复" in first
        assert "如有此内容，归属单位会尽快批复" in second
        nothing = SightRequest.objects.get(object_id=None)
        assert not RequestApprover.objects.filter(request=nothing).exists()
        late = {"address": "/", "purpose": "", "until": "2027-03-09"}
        assert client.post("/watch/ask/", late).status_code == 422
        with pytest.raises(Refused, match="90 天"):
            _asked(office, until=MONDAY + timedelta(days=91))
        with pytest.raises(Refused, match="今天以后"):
            _asked(office, until=MONDAY)


def test_who_has_seen_it_names_pages_lists_exports_and_the_purpose(office: Office) -> None:
    with clock.freeze(MONDAY):
        actions.grant_sight(office.actors["liaison"], request_id=_asked(office))
        other = assigned(office, "另一件")
        signed_in("stranger").get(office.things["address"])
        signed_in("dispatcher").get("/tasks/")
        signed_in("dispatcher").get("/tasks/export.csv")
        signed_in("officer").get(_address(other))
        buffer.flush()
        subject = queries.subject_of(actor=SYSTEM, stream="task", object_id=office.things["task"])
        assert subject is not None
        found = queries.readers(actor=office.actors["auditor"], subject=subject)
        ways = sorted((row.how, row.actor_ref) for row in found)
        giver, stranger = office.actors["dispatcher"].ref, office.actors["stranger"].ref
        assert ways == [("export", giver), ("list", giver), ("page", stranger)]
        only = queries.readers(actor=office.actors["auditor"], subject=subject, name="stranger", way="page")
        assert [row.actor_ref for row in only] == [stranger]
        address = f"/watch/seen/task/{office.things['task']}/"
        assert "核对道路工期" in signed_in("liaison").get(address).content.decode()
        for who in ("stranger", "officer", "dispatcher", "admin", "security"):
            assert signed_in(who).get(address).status_code == 403, who
        assert address in signed_in("supervisor").get(office.things["address"]).content.decode()
        assert address not in signed_in("dispatcher").get(office.things["address"]).content.decode()


def test_a_gap_in_the_log_is_shown_where_readers_are(office: Office) -> None:
    with clock.freeze(MONDAY):
        AccessRecord.objects.create(
            at=MONDAY, actor_ref="system", how="gap", stream="", level=0, page="gap",
            predicate=f'{{"since": "{MONDAY.isoformat()}", "until": "{UNTIL.isoformat()}"}}',
        )  # fmt: skip
        page = signed_in("auditor").get(f"/watch/seen/task/{office.things['task']}/")
    assert "登记缺口" in page.content.decode()


def test_refusals_and_requests_follow_from_the_ledger_alone(office: Office) -> None:
    _open(office, "stranger")
    with clock.freeze(MONDAY):
        actions.grant_sight(office.actors["liaison"], request_id=_asked(office))
        actions.deny_sight(office.actors["liaison"], request_id=_asked(office), note="无关")
    assert replay_difference([SightRequest, RequestApprover, Refusal]) == []
