"""An arbiter of neither party is named, sees the case for its time, and rules; or the parties settle before."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest

from sanban.base.access.models import AccessGrant, AccessRecord
from sanban.base.access.readlog import buffer
from sanban.base.clock import freeze
from sanban.base.files.queries import visible as visible_files
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions as people
from sanban.base.people.tests.browsers import signed_in
from sanban.decide.dispute import actions, queries
from sanban.decide.dispute.drafts import DutyLine
from sanban.decide.dispute.models import Dispute, Ruling
from sanban.decide.dispute.tests.office import (
    RULING,
    Office,
    answered,
    at,
    duty,
    named,
    open_office,
    opened,
    paper,
    ruled,
)
from sanban.execute.task.queries import visible as visible_tasks

pytestmark = pytest.mark.django_db


def _refusals() -> int:
    return LedgerEvent.objects.filter(kind="access.act_refused").count()


def _sees(office: Office, login: str, dispute_id: int) -> tuple[bool, bool, int]:
    """Whether he sees the case and the task, and how many files."""
    actor = office.actor(login)
    return (
        queries.visible(actor=actor).filter(pk=dispute_id).exists(),
        visible_tasks(actor=actor).filter(pk=office.task_id).exists(),
        visible_files(actor=actor).count(),
    )


@pytest.mark.parametrize(
    ("login", "why"),
    [
        ("water", "一方的单位"), ("roads", "一方的单位"), ("waterscholar", "一方的单位"), ("admin", "管理员"),
        ("security", "管理员"), ("auditor", "管理员"), ("dispatcher", "不能指定本人"),
    ],
)  # fmt: skip
def test_nobody_of_a_party_no_administrator_and_not_oneself_is_named(login, why):
    office = open_office()
    dispute_id = opened(office)
    with pytest.raises(Refused, match=why) as refusal:
        named(office, dispute_id, login)
    assert (refusal.value.field, Dispute.objects.get().arbiter_id, _refusals()) == ("arbiter", None, 1)
    assert AccessGrant.objects.count() == 0


def test_nobody_is_named_below_the_level_of_the_case_and_nobody_who_left():
    office = open_office(level=2)
    dispute_id = opened(office)
    with freeze(at(3)):
        for login, why in (("scholar", "知悉范围"), ("fire", "知悉范围")):
            with pytest.raises(Refused, match=why):
                actions.name_arbiter(
                    office.actor("second"), dispute_id=dispute_id, person_id=office.person(login)
                )
        with pytest.raises(Refused, match="没有这个人"):
            actions.name_arbiter(office.actor("second"), dispute_id=dispute_id, person_id=404)
        actions.name_arbiter(
            office.actor("second"), dispute_id=dispute_id, person_id=office.person("cleared")
        )
    assert Dispute.objects.get().arbiter_id == office.person("cleared")


@pytest.mark.parametrize("login", ["water", "roads", "waterlead", "roadslead", "worker", "supervisor"])
def test_only_a_dispatcher_or_a_leader_of_neither_party_names_the_arbiter(login):
    office = open_office()
    dispute_id = opened(office)
    with freeze(at(3)), pytest.raises(Denied, match="交办员或领导指定"):
        actions.name_arbiter(office.actor(login), dispute_id=dispute_id, person_id=office.person("scholar"))
    assert (Dispute.objects.get().arbiter_id, _refusals()) == (None, 1)


def test_the_office_that_is_a_party_itself_names_nobody():
    office = open_office()
    dispute_id = opened(office, respondent_id=office.units["general"])
    with pytest.raises(Denied, match="不属于任何一方"):
        named(office, dispute_id)
    with freeze(at(3)):
        actions.name_arbiter(
            office.actor("governor"), dispute_id=dispute_id, person_id=office.person("scholar")
        )
    assert Dispute.objects.get().arbiter_id == office.person("scholar")


def test_the_arbiter_sees_the_case_its_object_and_its_files_until_the_case_ends():
    office = open_office()
    with freeze(at(2)):
        about = {"about_type": "task", "about_id": office.task_id}
        evidence = paper(office.actor("water"), "任务佐证", **about)
        paper(office.actor("water"), "与本案无关")
        claim = paper(office.actor("water"), "界桩照片")
    dispute_id = opened(office, files=[claim])
    with freeze(at(3)):
        assert _sees(office, "officer", dispute_id) == (False, False, 0)
    named(office, dispute_id, "officer")
    with freeze(at(3, 11)):
        assert _sees(office, "officer", dispute_id) == (True, True, 2)
        assert set(visible_files(actor=office.actor("officer")).values_list("pk", flat=True)) == {
            evidence,
            claim,
        }
        assert _sees(office, "fire", dispute_id) == (False, False, 0), "a colleague is not the arbiter"
        later = paper(office.actor("roads"), "答辩附图")
        actions.answer(office.actor("roads"), dispute_id=dispute_id, text="见附图", files=[later])
        assert _sees(office, "officer", dispute_id) == (True, True, 3)
    ruled(office, dispute_id, "officer")
    with freeze(at(10, 9, 1)):
        assert _sees(office, "officer", dispute_id) == (True, False, 0), (
            "his own case, not its object and files"
        )
        assert _sees(office, "roads", dispute_id)[0]
    ends = set(
        AccessGrant.objects.filter(ground="dispute", ground_id=dispute_id).values_list("ends_at", flat=True)
    )
    assert ends == {at(10)}


def test_who_ruled_reads_his_case_and_can_do_nothing_more_in_it():
    office = open_office()
    dispute_id = opened(office)
    named(office, dispute_id, "officer")
    ruled(office, dispute_id, "officer")
    with freeze(at(20)):
        page = signed_in(office.actor("officer")).get(f"/disputes/{dispute_id}/")
        assert page.status_code == 200 and f'action="/disputes/{dispute_id}/' not in page.content.decode()
        buffer.flush()
        record = AccessRecord.objects.get(stream="dispute", object_id=dispute_id)
        assert record.person_id == office.person("officer")
        before = LedgerEvent.objects.filter(stream_type="dispute").count()
        with pytest.raises((Denied, Refused)):
            actions.add_evidence(office.actor("officer"), dispute_id=dispute_id, text="再补一句")
        assert LedgerEvent.objects.filter(stream_type="dispute").count() == before
        assert signed_in(office.actor("fire")).get(f"/disputes/{dispute_id}/").status_code == 404


def test_an_arbiter_who_did_not_rule_sees_nothing_afterwards():
    office = open_office()
    dispute_id = opened(office)
    named(office, dispute_id, "officer")
    named(office, dispute_id, "scholar", when=at(3, 12))
    ruled(office, dispute_id, "scholar")
    with freeze(at(20)):
        assert _sees(office, "officer", dispute_id)[0] is False
        assert _sees(office, "scholar", dispute_id)[0] is True


def test_sight_ends_with_the_named_day_and_with_another_arbiter():
    office = open_office()
    dispute_id = opened(office)
    with freeze(at(3)):
        with pytest.raises(Refused, match="已经过去") as refusal:
            actions.name_arbiter(
                office.actor("dispatcher"), dispute_id=dispute_id, person_id=office.person("officer"),
                until=date(2026, 3, 2),
            )  # fmt: skip
        assert refusal.value.field == "until"
        actions.name_arbiter(
            office.actor("dispatcher"), dispute_id=dispute_id, person_id=office.person("officer"),
            until=date(2026, 3, 6),
        )  # fmt: skip
    seen = {}
    for day, hour in ((6, 23), (7, 8)):
        with freeze(at(day, hour)):
            seen[day] = _sees(office, "officer", dispute_id)[:2]
    assert seen == {6: (True, True), 7: (False, False)}
    named(office, dispute_id, "officer", when=at(9))
    with freeze(at(9, 11)):
        assert _sees(office, "officer", dispute_id)[:2] == (True, True)
        with pytest.raises(Refused, match="已是本案仲裁员"):
            named(office, dispute_id, "officer", when=at(9, 12))
    named(office, dispute_id, "scholar", when=at(9, 14))
    with freeze(at(9, 15)):
        assert _sees(office, "officer", dispute_id)[:2] == (False, False)
        assert _sees(office, "scholar", dispute_id)[:2] == (True, True)


def test_a_ruling_says_what_it_finds_decides_lays_on_whom_and_rests_on():
    office = open_office()
    dispute_id = opened(office)
    answered(office, dispute_id)
    named(office, dispute_id)
    ruling_id = ruled(office, dispute_id)
    row, ruling = Dispute.objects.get(), Ruling.objects.get()
    assert (row.state, row.ruled_at, row.ended_at, row.version) == ("ruled", at(10), at(10), 4)
    assert (ruling.pk, ruling.ordinal, ruling.corrects_id) == (ruling_id, 1, None)
    assert {name: getattr(ruling, name) for name in RULING} == RULING
    assert ruling.duties == [
        {"unit_id": office.units["roads"], "unit": "roads", "role": "R", "matter": "河道管护", "since": "2026-04-01"},
        {"unit_id": office.units["water"], "unit": "water", "role": "C", "matter": "河道管护", "since": "2026-04-01"},
    ]  # fmt: skip
    events = {
        (row.stream_type, row.stream_id): (row.ver, row.id)
        for row in LedgerEvent.objects.filter(stream_type__in=["task", "dispute"], at__lt=at(10)).order_by(
            "ver"
        )
    }
    rests = {
        (one["stream"], one["id"]): (one["ver"], uuid.UUID(one["event"])) for one in ruling.basis["streams"]
    }
    assert rests == events and set(rests) == {("task", office.task_id), ("dispute", dispute_id)}
    assert LedgerEvent.objects.get(pk=ruling.event_id).kind == "dispute.dispute_ruled"


@pytest.mark.parametrize("login", ["dispatcher", "governor", "water", "roads"])
def test_only_the_named_arbiter_rules(login):
    office = open_office()
    dispute_id = opened(office)
    answered(office, dispute_id)
    named(office, dispute_id)
    with pytest.raises(Denied, match="仲裁员本人"):
        ruled(office, dispute_id, login)
    assert (Ruling.objects.count(), Dispute.objects.get().state, _refusals()) == (0, "answered", 1)


def test_nobody_rules_in_the_arbiters_stead():
    office = open_office()
    dispute_id = opened(office)
    answered(office, dispute_id)
    named(office, dispute_id)
    with freeze(at(4)):
        people.appoint_deputy(
            office.actor("scholar"), person_id=office.person("scholar"), deputy_id=office.person("cleared"),
            until=None, reason="出差",
        )  # fmt: skip
    with pytest.raises(Denied):
        ruled(office, dispute_id, "cleared")
    assert Ruling.objects.count() == 0


def test_an_arbiter_who_came_to_a_party_stands_aside():
    office = open_office()
    dispute_id = opened(office)
    answered(office, dispute_id)
    named(office, dispute_id)
    with freeze(at(4)):
        people.appoint_deputy(
            office.actor("roads"), person_id=office.person("roads"), deputy_id=office.person("scholar"),
            until=None, reason="出差",
        )  # fmt: skip
    with pytest.raises(Denied, match="应当回避"):
        ruled(office, dispute_id)
    assert (Ruling.objects.count(), _refusals()) == (0, 1)


def test_without_an_answer_the_arbiter_waits_for_the_end_of_its_term():
    office = open_office()
    dispute_id = opened(office)
    named(office, dispute_id)
    with pytest.raises(Refused, match="尚未答辩"):
        ruled(office, dispute_id, when=at(5))
    ruled(office, dispute_id, when=at(5) + timedelta(minutes=1))
    assert Dispute.objects.get().state == "ruled"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"findings": " "}, "findings"), ({"grounds": ""}, "grounds"), ({"decision": ""}, "decision"),
        ({"duties": "unknown unit"}, "duties"), ({"duties": "role"}, "duties"), ({"duties": "two A"}, "duties"),
        ({"duties": "no matter"}, "duties"),
    ],
)  # fmt: skip
def test_an_incomplete_ruling_is_refused_at_its_field(change: dict[str, Any], field):
    office = open_office()
    dispute_id = opened(office)
    answered(office, dispute_id)
    named(office, dispute_id)
    faulty = {
        "unknown unit": [DutyLine(unit_id=1, role="R", matter="x", since=date(2026, 4, 1))],
        "role": [duty(office, role="X")],
        "two A": [duty(office, role="A"), duty(office, "water", role="A")],
        "no matter": [duty(office, matter=" ")],
    }
    values = {**RULING, **{key: faulty.get(str(value), value) for key, value in change.items()}}
    with freeze(at(10)), pytest.raises(Refused) as refusal:
        actions.rule(office.actor("scholar"), dispute_id=dispute_id, **values)
    assert (refusal.value.field, Ruling.objects.count(), _refusals()) == (field, 0, 1)
