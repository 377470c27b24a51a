"""From a dropped file to tasks, through the pages: every finding quotes its span, every decision is an event."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sanban.base.clock import freeze
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.queries import entries
from sanban.base.ledger.replay import replay_difference
from sanban.base.people.models import Person
from sanban.base.people.tests.browsers import signed_in
from sanban.decide.policy.models import Measure, Policy
from sanban.study.assistant.tests.office import Office, make_office
from sanban.study.assistant.tests.papers import PLAN

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 6, 2, tzinfo=UTC)


@pytest.fixture
def office() -> Any:
    with freeze(NOW):
        yield make_office()


def drop(client: Client, text: str = PLAN, name: str = "plan.txt") -> Any:
    handed = SimpleUploadedFile(name, text.encode())
    return client.post(reverse("assistant:upload"), {"file": handed, "level": "1"})


def adopted(office: Office, by: Person | None = None) -> tuple[Client, Policy]:
    client = signed_in(by or office.dispatcher)
    answer = drop(client)
    assert answer.status_code == 302, answer.content.decode()
    return client, Policy.objects.get()


def kinds() -> list[str]:
    return list(
        LedgerEvent.objects.filter(stream_type="measure").order_by("id").values_list("kind", flat=True)
    )


def test_a_dropped_file_becomes_a_policy_with_proposed_measures(office: Office) -> None:
    _client, policy = adopted(office)
    rows = list(policy.measures.order_by("order"))
    assert (policy.doc_number, str(policy.issued_on)) == ("清政办发〔2024〕12号", "2024-03-05")
    assert len(rows) > 5 and {row.state for row in rows} == {"proposed"}
    assert kinds() == ["policy.measure_proposed"] * len(rows)
    first = rows[0]
    assert first.lead_id == office.units["省数据局"]
    assert first.partners == [office.units["省发展改革委"], office.units["省财政厅"]]
    assert str(first.due_on) == "2024-09-30"


def test_every_mark_on_the_page_quotes_its_span(office: Office) -> None:
    client, policy = adopted(office)
    page = client.get(reverse("assistant:review", args=[policy.pk])).content.decode()
    found = re.findall(r'<mark data-span="(\d+)-(\d+)"[^>]*>(.*?)</mark>', page, re.DOTALL)
    assert found
    for start, end, words in found:
        assert html.unescape(words) == policy.text[int(start) : int(end)]
    starts = {int(start) for start, _end, _words in found}
    for row in policy.measures.all():
        assert row.start in starts
        assert all(fact["start"] in starts for fact in row.facts)


def test_confirm_edit_reject_add_are_events_and_the_tables_rebuild(office: Office) -> None:
    client, policy = adopted(office)
    first, second, *_rest = policy.measures.order_by("order")
    client.post(reverse("assistant:confirm", args=[policy.pk]), {"ids": [first.pk]})
    edited = {
        "title": "统一平台上线", "lead": office.units["省数据局"], "partners": "省公安厅、财政厅",
        "due_on": "2024-10-31", "acceptance": "接入 300 项", "version": 2,
    }  # fmt: skip
    assert client.post(reverse("assistant:edit", args=[first.pk]), edited).status_code == 302
    client.post(reverse("assistant:reject", args=[second.pk]), {"reason": "属于背景表述"})
    quote = "以人民为中心，省数据局要持续改进"
    client.post(reverse("assistant:add", args=[policy.pk]), {"quote": quote})
    assert kinds()[-4:] == [
        "policy.measure_confirmed", "policy.measure_edited", "policy.measure_rejected", "policy.measure_added",
    ]  # fmt: skip
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.title, first.state, str(first.due_on)) == ("统一平台上线", "confirmed", "2024-10-31")
    assert first.partners == [office.units["省公安厅"], office.units["省财政厅"]]
    assert (second.state, second.reason) == ("rejected", "属于背景表述")
    added = Measure.objects.get(origin="added")
    assert added.text == quote == policy.text[added.start : added.end]
    assert replay_difference([Policy, Measure]) == []


def test_confirmed_measures_become_tasks_in_one_act(office: Office) -> None:
    client, policy = adopted(office)
    first = policy.measures.order_by("order")[0]
    client.post(reverse("assistant:confirm", args=[policy.pk]), {"ids": [first.pk]})
    target = reverse("assistant:dispatch", args=[policy.pk])
    preview = client.get(target).content.decode()
    assert "李强" in preview and "2024-09-30" in preview
    answer = client.post(target, {"ids": [first.pk]})
    assert answer.status_code == 302, answer.content.decode()
    first.refresh_from_db()
    policy.refresh_from_db()
    assert (first.state, policy.state) == ("dispatched", "registered"), "others still wait"
    assert first.task_id is not None
    assert LedgerEvent.objects.filter(stream_type="task", stream_id=first.task_id).count() == 1
    assert client.get(reverse("policy:detail", args=[policy.pk])).status_code == 200


def test_a_measure_may_become_a_tree_with_a_part_for_each_cooperating_unit(office: Office) -> None:
    client, policy = adopted(office)
    first = policy.measures.order_by("order")[0]
    client.post(reverse("assistant:confirm", args=[policy.pk]), {"ids": [first.pk]})
    client.post(reverse("assistant:dispatch", args=[policy.pk]), {"ids": [first.pk], "split": [first.pk]})
    first.refresh_from_db()
    made = [entry.event.changes for run in entries(streams=["task"]) for entry in run]
    assert [(row["lead_id"], row["parent_id"]) for row in made] == [
        (office.units["省数据局"], None),
        (office.units["省发展改革委"], first.task_id),
        (office.units["省财政厅"], first.task_id),
    ]
    assert {row["measure_id"] for row in made} == {first.pk}


def test_an_undated_measure_is_not_dispatched_and_the_page_says_why(office: Office) -> None:
    client, policy = adopted(office)
    row = policy.measures.filter(due_on=None)[0]
    client.post(reverse("assistant:confirm", args=[policy.pk]), {"ids": [row.pk]})
    answer = client.post(reverse("assistant:dispatch", args=[policy.pk]), {"ids": [row.pk]})
    assert answer.status_code == 422 and "没有完成时限" in answer.content.decode()
    assert not LedgerEvent.objects.filter(stream_type="task").exists()


def test_an_officer_may_look_but_not_settle(office: Office) -> None:
    _client, policy = adopted(office)
    row = policy.measures.first()
    assert row is not None
    officer = signed_in(office.officer)
    answer = officer.post(reverse("assistant:confirm", args=[policy.pk]), {"ids": [row.pk]})
    assert answer.status_code == 403
    assert "policy.measure_confirmed" not in kinds()
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 1
    assert drop(officer).status_code == 422
    assert Policy.objects.count() == 1


def test_a_researcher_settles_what_others_assign(office: Office) -> None:
    client, policy = adopted(office, office.researcher)
    ids = list(policy.measures.values_list("pk", flat=True))
    client.post(reverse("assistant:confirm", args=[policy.pk]), {"ids": ids})
    settled = client.post(reverse("assistant:settle", args=[policy.pk]), follow=True)
    assert settled.redirect_chain == [(reverse("policy:detail", args=[policy.pk]), 302)]
    assert settled.status_code == 200 and "举措已核定" in settled.content.decode()
    assert client.get(reverse("assistant:dispatch", args=[policy.pk])).status_code == 403


def test_a_file_without_text_is_refused_on_the_page(office: Office) -> None:
    answer = drop(signed_in(office.dispatcher), text="", name="空.txt")
    assert answer.status_code == 422 and "是空的" in answer.content.decode()
    assert not Policy.objects.exists()


def test_an_unknown_partner_is_named_and_the_input_is_kept(office: Office) -> None:
    client, policy = adopted(office)
    row = policy.measures.order_by("order")[0]
    answer = client.post(
        reverse("assistant:edit", args=[row.pk]),
        {"title": "改过的标题", "lead": "", "partners": "省无此局", "version": row.version},
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "省无此局" in page and "改过的标题" in page
    assert "policy.measure_edited" not in kinds()


def test_a_fragment_brings_the_line_the_text_and_the_counts(office: Office) -> None:
    client, policy = adopted(office)
    row = policy.measures.order_by("order")[0]
    answer = client.post(
        reverse("assistant:confirm", args=[policy.pk]), {"ids": [row.pk]}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200 and f'id="m{row.pk}"' in page
    assert 'id="paper" hx-swap-oob' in page and "已确认 1" in page


def test_pages_ask_a_fixed_number_of_queries(office: Office, django_assert_max_num_queries: Any) -> None:
    client, policy = adopted(office)
    for name, kept in (
        ("assistant:review", [policy.pk]),
        ("policy:detail", [policy.pk]),
        ("policy:index", []),
    ):
        client.get(reverse(name, args=kept))
        with django_assert_max_num_queries(20):
            assert client.get(reverse(name, args=kept)).status_code == 200
