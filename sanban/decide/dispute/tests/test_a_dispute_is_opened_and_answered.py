"""A unit opens a dispute on what it may see; the other party answers within the term, and both add evidence."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sanban.base.calendar.queries import current_axis
from sanban.base.clock import freeze
from sanban.base.files.models import StoredFile
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people.tests.browsers import signed_in
from sanban.base.search.queries import subject_of
from sanban.decide.dispute import actions, queries
from sanban.decide.dispute.models import Dispute, Statement
from sanban.decide.dispute.terms import Terms, terms_on
from sanban.decide.dispute.tests.office import CLAIM, answered, at, named, open_office, opened, paper
from sanban.decide.policy import actions as policies
from sanban.supervise.chase import actions as chase

pytestmark = pytest.mark.django_db


def _refusals() -> int:
    return LedgerEvent.objects.filter(kind="access.act_refused").count()


def test_a_case_names_its_object_its_parties_and_its_terms():
    office = open_office()
    row = Dispute.objects.get(pk=opened(office))
    assert (row.number, row.state, row.version, row.level) == ("争议〔2026〕1号", "opened", 1, 1)
    assert (row.stream, row.object_id, row.object_title) == ("task", office.task_id, "整治河道")
    assert row.object_url == f"/tasks/{row.object_number}/" and row.object_number
    assert (row.claimant_id, row.respondent_id) == (office.units["water"], office.units["roads"])
    assert (row.question, row.claim, row.asks, row.ground) == tuple(CLAIM.values())
    assert (row.terms_since, row.answer_due_at, row.ruling_due_at) == (date(2025, 1, 1), at(5), at(12))


def test_the_liaison_of_a_division_brings_the_case_of_the_department():
    office = open_office()
    assert Dispute.objects.get(pk=opened(office, "flood")).claimant_id == office.units["water"]


@pytest.mark.parametrize(
    "login", ["worker", "dispatcher", "scholar", "admin", "security", "auditor", "supervisor"]
)
def test_only_liaison_and_leader_open_a_case(login):
    office = open_office()
    with pytest.raises(Denied, match="联络员或领导提起"):
        opened(office, login)
    assert (Dispute.objects.count(), _refusals()) == (0, 1)


@pytest.mark.parametrize("stream", ["task", "unit", "nothing"])
def test_nobody_opens_a_case_on_what_he_may_not_see_or_what_is_no_matter(stream):
    office = open_office()
    key = office.task_id if stream == "task" else office.units["water"]
    with pytest.raises(Denied, match="没有这个争议对象"):
        opened(office, "fire", stream=stream, object_id=key)
    assert (Dispute.objects.count(), _refusals()) == (0, 1)


def test_a_case_has_the_level_of_its_object_and_nobody_below_sees_it():
    office = open_office(level=2)
    dispute_id = opened(office, "water")
    assert Dispute.objects.get().level == 2
    assert set(LedgerEvent.objects.filter(stream_type="dispute").values_list("label", flat=True)) == {2}
    with pytest.raises(Denied, match="没有这件争议"):
        queries.get_dispute(actor=office.actor("roadslead"), dispute_id=dispute_id)
    assert queries.get_dispute(actor=office.actor("roads"), dispute_id=dispute_id).pk == dispute_id


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": " "}, "question"), ({"question": "长" * 201}, "question"), ({"claim": ""}, "claim"),
        ({"asks": ""}, "asks"), ({"ground": ""}, "ground"), ({"respondent_id": 1}, "respondent"),
        ({"respondent_id": "water"}, "respondent"), ({"files": [404]}, "evidence"),
    ],
)  # fmt: skip
def test_an_incomplete_case_is_refused_at_its_field(change: dict[str, Any], field):
    office = open_office()
    if change.get("respondent_id") == "water":
        change = {"respondent_id": office.units["water"]}
    with pytest.raises(Refused) as refusal:
        opened(office, **change)
    assert (refusal.value.field, Dispute.objects.count(), _refusals()) == (field, 0, 1)


def test_the_same_two_units_have_one_open_case_on_an_object():
    office = open_office()
    dispute_id = opened(office)
    with pytest.raises(Refused, match="争议〔2026〕1号"):
        opened(office)
    with freeze(at(2)):
        actions.withdraw(office.actor("water"), dispute_id=dispute_id, reason="已协商一致")
    assert Dispute.objects.get(pk=opened(office)).number == "争议〔2026〕2号"


def test_policies_measures_and_slips_are_objects_too():
    office = open_office()
    giver, liaison = office.actor("dispatcher"), office.actor("water")
    with freeze(at(2)):
        policy = policies.register(actor=giver, title="意见", text="甲。乙。", doc_number="清政办〔2026〕1号")
        drafts = [policies.MeasureDraft(start=0, end=2, title="甲")]
        (measure,) = policies.propose_measures(actor=giver, policy_id=policy, drafts=drafts)
        slip = chase.urge_now(office.actor("supervisor"), task_id=office.task_id)
    found = {
        kind: subject_of(actor=liaison, kind=kind, object_id=key)
        for kind, key in (("policy", policy), ("measure", measure), ("slip", slip))
    }
    told = {kind: (one.title, one.url) for kind, one in found.items() if one}
    assert told == {
        "policy": ("意见", f"/policies/{policy}/"), "measure": ("甲", f"/policies/{policy}/#m{measure}"),
        "slip": ("整治河道", f"/chase/{slip}/"),
    }  # fmt: skip
    for kind, key in (("policy", policy), ("measure", measure), ("slip", slip)):
        assert (
            Dispute.objects.get(pk=opened(office, stream=kind, object_id=key)).object_title == told[kind][0]
        )
    assert subject_of(actor=office.actor("fire"), kind="slip", object_id=slip) is None


def test_the_other_party_answers_and_only_it():
    office = open_office()
    dispute_id = opened(office)
    for login in ("water", "fire", "governor", "dispatcher", "waterlead"):
        with freeze(at(3)), pytest.raises(Denied):
            actions.answer(office.actor(login), dispute_id=dispute_id, text="不同意")
    assert (Dispute.objects.get().state, _refusals()) == ("opened", 5)
    answered(office, dispute_id)
    row = Dispute.objects.get()
    assert (row.state, row.version, row.answered_at) == ("answered", 2, at(3))
    assert row.answer == "该段属河道，不在公路用地内。"
    with freeze(at(3)), pytest.raises(Refused, match="待裁决"):
        actions.answer(office.actor("roadslead"), dispute_id=dispute_id, text="再答")


def test_who_was_slower_learns_that_the_case_moved_on():
    office = open_office()
    dispute_id = opened(office)
    with freeze(at(3)):
        actions.add_evidence(office.actor("water"), dispute_id=dispute_id, text="补充图纸", version=1)
        with pytest.raises(Conflict):
            actions.answer(office.actor("roads"), dispute_id=dispute_id, text="不同意", version=1)
    assert Dispute.objects.get().state == "opened"


def test_both_parties_add_evidence_until_the_case_is_over():
    office = open_office()
    dispute_id = opened(office)
    with freeze(at(3)):
        file_id = paper(office.actor("roads"), "界桩记录")
        actions.add_evidence(office.actor("roads"), dispute_id=dispute_id, text="见界桩", files=[file_id])
        actions.add_evidence(office.actor("water"), dispute_id=dispute_id, text="见图")
        with pytest.raises(Denied, match="双方单位"):
            actions.add_evidence(office.actor("dispatcher"), dispute_id=dispute_id, text="旁证")
    rows = list(Statement.objects.order_by("id").values_list("kind", "unit_id", "text", "files"))
    assert rows == [
        ("evidence", office.units["roads"], "见界桩", [file_id]), ("evidence", office.units["water"], "见图", []),
    ]  # fmt: skip
    with freeze(at(4)):
        actions.withdraw(office.actor("waterlead"), dispute_id=dispute_id, reason="已协商一致")
        with pytest.raises(Refused, match="已撤回"):
            actions.add_evidence(office.actor("water"), dispute_id=dispute_id, text="再补")


def test_the_term_of_the_answer_turns_red_and_waits_for_the_other_party():
    office = open_office()
    dispute_id = opened(office)
    lights = {}
    for day, hour in ((2, 10), (4, 17), (5, 10)):
        with freeze(at(day, hour)):
            row = Dispute.objects.get(pk=dispute_id)
            term = queries.terms_of(actor=office.actor("roads"), disputes=[row])[dispute_id]
            lights[day] = (term.word, term.light, term.due_at)
            waits = queries.waiting(actor=office.actor("roads"))
            assert [(one.pk, verb) for one, verb, _due in waits] == [(dispute_id, "answer")]
    assert lights == {2: ("答辩", "green", at(5)), 4: ("答辩", "amber", at(5)), 5: ("答辩", "red", at(5))}


def test_a_case_keeps_the_terms_of_its_first_day():
    old = Terms(since=date(2025, 1, 1), answer_days=3, ruling_days=8)
    new = Terms(since=date(2026, 7, 1), answer_days=2, ruling_days=6)
    days = [date(2024, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [terms_on(day, (old, new)) for day in days] == [old, old, new]
    assert (new.answer_minutes, new.ruling_minutes) == (840, 2520)


def test_who_has_the_next_step_has_it_on_his_list():
    office = open_office()
    dispute_id = opened(office)

    def verbs(login: str) -> list[str]:
        return [verb for _row, verb, _due in queries.waiting(actor=office.actor(login))]

    with freeze(at(3)):
        assert [verbs(who) for who in ("roads", "water", "dispatcher", "scholar", "governor", "fire")] == [
            ["answer"], [], ["arbiter"], [], ["arbiter"], [],
        ]  # fmt: skip
    named(office, dispute_id)
    with freeze(at(3, 11)):
        assert [verbs(who) for who in ("dispatcher", "scholar")] == [[], []]
    answered(office, dispute_id, when=at(4))
    with freeze(at(4, 11)):
        assert [verbs(who) for who in ("roads", "scholar")] == [[], ["rule"]]


def test_a_term_beyond_the_published_calendar_is_refused_in_words_and_nothing_is_half_done(
    settings, tmp_path
):
    settings.SANBAN_VAR = tmp_path
    office = open_office()
    last = current_axis().spec.last_day
    before = LedgerEvent.objects.exclude(stream_type="access").count()
    with freeze(datetime(last.year, last.month, last.day, 1, tzinfo=UTC) - timedelta(days=2)):
        with pytest.raises(Refused, match=f"超出已发布的工作日历（至 {last}）.*发布含下一年度的新版本"):
            actions.open_dispute(
                office.actor("water"), stream="task", object_id=office.task_id,
                respondent_id=office.units["roads"], **CLAIM,
            )  # fmt: skip
        browser = signed_in(office.actor("water"))
        photo = SimpleUploadedFile("界桩照片.txt", "界桩在桥下".encode())
        words = {**CLAIM, "respondent": office.units["roads"], "evidence": photo}
        page = browser.post(f"/disputes/open/?on=task/{office.task_id}", words)
    assert "超出已发布的工作日历" in page.content.decode()
    assert CLAIM["claim"] in page.content.decode()
    assert not Dispute.objects.exists() and not StoredFile.objects.exists()
    assert LedgerEvent.objects.exclude(stream_type="access").count() == before
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 2
