"""The list, the case and the form; what other pages, the to-do list, the inbox and the search say of a dispute."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sanban.base.clock import freeze
from sanban.base.files.models import StoredFile
from sanban.base.notify.queries import inbox_page
from sanban.base.people.tests.browsers import signed_in
from sanban.base.search.queries import find
from sanban.decide.dispute.models import Dispute, Ruling
from sanban.decide.dispute.tests.office import (
    CLAIM,
    RULING,
    Office,
    answered,
    at,
    named,
    open_office,
    opened,
    ruled,
)
from sanban.decide.policy import actions as policies

pytestmark = pytest.mark.django_db


def _page(login: str, address: str, day: int = 4) -> tuple[int, str]:
    with freeze(at(day)):
        answer = signed_in(login).get(address)
    return answer.status_code, answer.content.decode()


def _post(login: str, address: str, said: dict[str, Any], day: int = 4) -> Any:
    with freeze(at(day)):
        client: Client = signed_in(login)
        return client.post(address, said, follow=True)


def _number(office: Office) -> str:
    return Dispute.objects.values_list("object_number", flat=True)[0]


def test_the_form_opens_a_case_with_its_evidence():
    office = open_office()
    address = f"/disputes/open/?on=task/{office.task_id}"
    status, page = _page("water", address, 2)
    assert status == 200 and "整治河道" in page and "3 个工作日内答辩" in page
    photo = SimpleUploadedFile("界桩照片.txt", "界桩在桥下".encode())
    said = {**CLAIM, "respondent": office.units["roads"], "evidence": photo}
    answer = _post("water", address, said, 2)
    row, file = Dispute.objects.get(), StoredFile.objects.get()
    assert answer.redirect_chain == [(f"/disputes/{row.pk}/", 302)]
    assert (row.files, file.about_type, file.about_id) == ([file.pk], "task", office.task_id)
    words = answer.content.decode()
    assert "界桩照片.txt" in words and CLAIM["claim"] in words and "待指定" in words
    assert f"/files/{file.pk}/" in _page("roads", f"/disputes/{row.pk}/")[1], "the other party may read it"


def test_what_was_typed_stays_when_the_case_is_refused():
    office = open_office()
    address = f"/disputes/open/?on=task/{office.task_id}"
    answer = _post("water", address, {**CLAIM, "respondent": office.units["water"]})
    assert answer.status_code == 422 and CLAIM["claim"] in answer.content.decode()
    assert Dispute.objects.count() == 0
    photo = SimpleUploadedFile("界桩照片.txt", "界桩在桥下".encode())
    refused = _post("dispatcher", address, {**CLAIM, "respondent": office.units["roads"], "evidence": photo})
    assert (refused.status_code, Dispute.objects.count(), StoredFile.objects.count()) == (403, 0, 0)


@pytest.mark.parametrize("on", ["task/404", "unit/1", "task/x", "", "person/1", "task/²"])
def test_there_is_no_form_for_what_is_not_there_or_no_matter(on):
    open_office()
    assert _page("water", f"/disputes/open/?on={on}")[0] == 404


def test_the_list_shows_term_parties_arbiter_days_and_figures():
    office = open_office()
    first = opened(office)
    named(office, first)
    status, page = _page("dispatcher", "/disputes/")
    assert status == 200
    for words in (
        "争议〔2026〕1号",
        CLAIM["question"],
        "water",
        "对 roads",
        "scholar员",
        "2.0 个工作日",
        "黄灯",
    ):
        assert words in page or words == "黄灯"
    assert 'class="light amber"' in page
    assert 'class="light red"' in _page("dispatcher", "/disputes/", 6)[1]
    answered(office, first, when=at(6))
    ruled(office, first)
    page = _page("dispatcher", "/disputes/", 11)[1]
    assert "6.0 个工作日" in page and "已裁决" in page and "scholar员" in page
    assert re.search(r"<dd>6\.0<small>个工作日，目标 8</small>", page)


@pytest.mark.parametrize(
    ("login", "which", "shown"),
    [
        ("dispatcher", "", 1), ("dispatcher", "open", 1), ("dispatcher", "ruled", 0), ("dispatcher", "mine", 0),
        ("water", "mine", 1), ("roads", "mine", 1), ("fire", "", 0), ("officer", "mine", 1), ("governor", "mine", 0),
        ("water", "nonsense", 1),
    ],
)  # fmt: skip
def test_the_filters_of_the_list(login, which, shown):
    office = open_office()
    named(office, opened(office), "officer")
    page = _page(login, f"/disputes/?which={which}")[1]
    assert page.count("争议〔2026〕1号") == shown


def test_a_case_shows_both_sides_and_who_may_not_see_it_finds_nothing():
    office = open_office()
    dispute_id = opened(office)
    answered(office, dispute_id)
    status, page = _page("roads", f"/disputes/{dispute_id}/")
    assert status == 200 and page.index(CLAIM["claim"]) < page.index("该段属河道，不在公路用地内。")
    assert "争议对象您无权查看" in page and "交办" not in page.partition("经过")[2].partition("</ol>")[0]
    page = _page("water", f"/disputes/{dispute_id}/")[1]
    assert "含争议对象的办理经过" in page and f'href="/tasks/{_number(office)}/"' in page
    for login in ("fire", "scholar", "admin"):
        assert _page(login, f"/disputes/{dispute_id}/")[0] == 404


def test_the_page_offers_no_step_that_would_be_refused():
    office = open_office()
    dispute_id = opened(office)
    named(office, dispute_id)

    def steps(login: str, day: int = 4) -> set[str]:
        page = _page(login, f"/disputes/{dispute_id}/", day)[1]
        return set(re.findall(rf'action="/disputes/{dispute_id}/(\w+)/"', page))

    offered = {
        login: steps(login) for login in ("water", "roads", "dispatcher", "scholar", "supervisor", "worker")
    }
    assert offered == {
        "water": {"evidence", "offer", "withdraw"}, "roads": {"answer", "evidence", "offer"},
        "dispatcher": {"arbiter", "mediate"}, "scholar": {"mediate"}, "supervisor": set(), "worker": set(),
    }  # fmt: skip
    assert steps("scholar", 6) == {"mediate", "rule"}, "the term of the answer is over"
    ruled(office, dispute_id)
    assert {login: steps(login, 11) for login in ("water", "roads", "dispatcher")} == {
        "water": set(), "roads": set(), "dispatcher": {"correct"},
    }  # fmt: skip


def test_steps_are_done_on_the_page_and_the_ruling_carries_its_duties():
    office = open_office()
    dispute_id = opened(office)
    base = f"/disputes/{dispute_id}"
    answer = _post("roads", f"{base}/answer/", {"version": 1, "text": "不在公路用地内"}, 3)
    assert answer.status_code == 200 and Dispute.objects.get().state == "answered"
    wrong = _post("dispatcher", f"{base}/arbiter/", {"version": 2, "arbiter": "无此人"}, 3)
    assert wrong.status_code == 422 and "没有这个人" in wrong.content.decode()
    party = _post("dispatcher", f"{base}/arbiter/", {"version": 2, "arbiter": "roads员"}, 3)
    assert party.status_code == 422 and "应当回避" in party.content.decode()
    _post("dispatcher", f"{base}/arbiter/", {"version": 2, "arbiter": "scholar"}, 3)
    assert Dispute.objects.get().arbiter_id == office.person("scholar")
    lines = {"duty-TOTAL_FORMS": 2, "duty-INITIAL_FORMS": 0, "duty-0-unit": office.units["roads"], "duty-0-role": "R",
             "duty-0-matter": "河道管护", "duty-0-since": "2026-04-01"}  # fmt: skip
    half = _post("scholar", f"{base}/rule/", {**RULING, **lines, "version": 3, "duty-1-role": "A"}, 10)
    assert half.status_code == 422 and "都要写明" in half.content.decode() and Ruling.objects.count() == 0
    assert RULING["findings"] in half.content.decode()
    done = _post("scholar", f"{base}/rule/", {**RULING, **lines, "version": 3}, 10)
    assert done.redirect_chain == [("/disputes/", 302)] and "待封存后生效" in done.content.decode()
    (duty,) = Ruling.objects.get().duties
    assert (duty["unit"], duty["role"], duty["since"]) == ("roads", "R", "2026-04-01")
    page = _page("water", f"{base}/", 11)[1]
    assert "待封存后生效" in page and RULING["decision"] in page and "R 牵头负责" in page
    assert Ruling.objects.get().basis["streams"][0]["event"] in page


def test_a_step_on_a_case_that_moved_on_shows_it_and_keeps_the_words():
    office = open_office()
    dispute_id = opened(office)
    _post("water", f"/disputes/{dispute_id}/evidence/", {"version": 1, "text": "补充"}, 3)
    late = _post("roads", f"/disputes/{dispute_id}/answer/", {"version": 1, "text": "我的答辩"}, 3)
    assert late.status_code == 409 and "我的答辩" in late.content.decode()
    assert Dispute.objects.get().state == "opened"
    assert _post("roads", f"/disputes/{dispute_id}/nonsense/", {}).status_code == 404
    photo = SimpleUploadedFile("界桩照片.txt", "界桩在桥下".encode())
    said = {"version": 2, "text": "旁证", "evidence": photo}
    refused = _post("dispatcher", f"/disputes/{dispute_id}/evidence/", said)
    assert (refused.status_code, StoredFile.objects.count()) == (403, 0)


def test_the_pages_of_the_object_show_its_disputes_and_the_way_to_open_one():
    office = open_office()
    dispute_id = opened(office)
    task = f"/tasks/{_number(office)}/"
    page = _page("water", task)[1]
    assert f'href="/disputes/{dispute_id}/"' in page and f"/disputes/open/?on=task/{office.task_id}" in page
    assert "提起争议〔2026〕1号" in page, "the story of the task tells of it"
    page = _page("supervisor", task)[1]
    assert f'href="/disputes/{dispute_id}/"' in page and "/disputes/open/" not in page


def test_a_measure_is_chosen_on_the_page_of_its_policy():
    office = open_office()
    giver = office.actor("dispatcher")
    with freeze(at(2)):
        policy = policies.register(actor=giver, title="意见", text="甲。乙。")
        drafts = [policies.MeasureDraft(start=0, end=2, title="甲项举措")]
        (measure,) = policies.propose_measures(actor=giver, policy_id=policy, drafts=drafts)
    address = f"/disputes/open/?on=policy/{policy}"
    assert "甲项举措" in _page("water", address, 2)[1]
    said = {**CLAIM, "respondent": office.units["roads"]}
    _post("water", address, {**said, "measure": measure}, 2)
    _post("water", address, said, 2)
    rows = set(Dispute.objects.values_list("stream", "object_id", "object_title"))
    assert rows == {("measure", measure, "甲项举措"), ("policy", policy, "意见")}
    page = _page("water", f"/policies/{policy}/", 2)[1]
    assert all(f'href="/disputes/{key}/"' in page for key in Dispute.objects.values_list("pk", flat=True))
    assert "提起争议〔2026〕2号" in page


def test_a_step_stands_on_the_list_of_whoever_has_it():
    office = open_office()
    dispute_id = opened(office)
    link = f'href="/disputes/{dispute_id}/"'
    assert {login: link in _page(login, "/todo/")[1] for login in ("roads", "water", "dispatcher", "scholar")} == {
        "roads": True, "water": False, "dispatcher": True, "scholar": False,
    }  # fmt: skip


def test_people_are_told_once_what_concerns_them():
    office = open_office()
    dispute_id = opened(office)
    named(office, dispute_id)
    answered(office, dispute_id, when=at(4))
    ruled(office, dispute_id)

    def told(login: str) -> list[str]:
        rows = inbox_page(actor=office.actor(login)).rows
        return [one.text for one in rows if one.link == f"/disputes/{dispute_id}/"][::-1]

    assert told("roads") == [
        "有单位就此与贵单位提起争议，请按时答辩", "本案已指定仲裁员：scholar员",
        f"已作出裁决：{RULING['decision']}",
    ]  # fmt: skip
    assert told("water") == [
        "本案已指定仲裁员：scholar员", "对方已答辩：该段属河道，不在公路用地内。", f"已作出裁决：{RULING['decision']}",
    ]  # fmt: skip
    assert told("second") == ["新的争议，请指定仲裁员"]
    assert told("scholar") == ["您被指定为仲裁员，请按时裁决", "对方已答辩：该段属河道，不在公路用地内。"]


def test_a_case_is_found_by_who_may_see_it():
    office = open_office()
    opened(office)
    found = {
        login: find(actor=office.actor(login), text="管护段", kinds=["dispute"]).total
        for login in ("water", "roads", "fire")
    }
    assert found == {"water": 1, "roads": 1, "fire": 0}
