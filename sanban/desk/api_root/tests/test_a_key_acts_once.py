"""The same Idempotency-Key acts once: repeated, reused for something else, sent twice at once, kept for a day."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from sanban.base import clock
from sanban.base.access import once
from sanban.base.access.models import KeptAnswer
from sanban.base.ledger.models import LedgerEvent
from sanban.desk.api_root.tests.office import MONDAY, Office, assigned, furnish, open_office, post, upload
from sanban.execute.task.models import TaskItem
from sanban.supervise.chase.models import Slip

KEY = {"Idempotency-Key": "7f0c1a52-5f5c-4a55-9a3c-1f2f2b1c0001"}


def draft(office: Office, title: str = "新的事项") -> dict[str, Any]:
    row = {"title": title, "lead_id": office.units["water"], "due_at": "2026-03-18T17:30:00+08:00"}
    return {"tasks": [row]}


@pytest.mark.django_db
def test_a_repeated_request_gets_the_first_answer_and_nothing_happens_twice() -> None:
    office = open_office()
    client = office.client("dispatcher")
    with clock.freeze(MONDAY):
        first = post(client, "/tasks", draft(office), **KEY)
        events = LedgerEvent.objects.count()
        second = post(client, "/tasks", draft(office), **KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second["Location"] == first["Location"] == f"/api/v1/tasks/{first.json()['numbers'][0]}"  # type: ignore[attr-defined]
    assert "Idempotent-Replay" not in first and second["Idempotent-Replay"] == "true"
    assert (TaskItem.objects.count(), LedgerEvent.objects.count()) == (1, events)


@pytest.mark.django_db
def test_the_same_key_for_something_else_is_refused() -> None:
    office = open_office()
    client = office.client("dispatcher")
    with clock.freeze(MONDAY):
        post(client, "/tasks", draft(office), **KEY)
        other = post(client, "/tasks", draft(office, "另一件"), **KEY)
    assert other.status_code == 422
    assert other.json()["type"].endswith("#problem-key_reused")  # type: ignore[attr-defined]
    assert TaskItem.objects.count() == 1


@pytest.mark.django_db
def test_two_people_may_use_the_same_key() -> None:
    office = open_office()
    with clock.freeze(MONDAY):
        answers = [
            post(office.client(role), "/tasks", draft(office), **KEY) for role in ("dispatcher", "leader")
        ]
    assert [row.status_code for row in answers] == [201, 201]
    assert TaskItem.objects.count() == 2


@pytest.mark.django_db
def test_a_refusal_keeps_nothing_but_its_record_so_the_key_may_be_sent_again() -> None:
    office = open_office()
    with clock.freeze(MONDAY):
        task = TaskItem.objects.get(pk=assigned(office))
        path = f"/tasks/{task.number}/report"
        said = {"progress": 10, "text": "已开工"}
        client = office.client("liaison")
        early = post(client, path, said, **KEY)
        assert (early.status_code, KeptAnswer.objects.count()) == (422, 0)
        assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 1
        post(client, f"/tasks/{task.number}/acknowledge")
        late = post(client, path, said, **KEY)
    assert (late.status_code, late.json()["progress"]) == (200, 10)  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_key_is_forgotten_after_a_day() -> None:
    office = open_office()
    client = office.client("dispatcher")
    with clock.freeze(MONDAY):
        post(client, "/tasks", draft(office), **KEY)
    with clock.freeze(MONDAY + timedelta(hours=24, seconds=1)):
        again = post(client, "/tasks", draft(office), **KEY)
    assert again.status_code == 201 and "Idempotent-Replay" not in again
    assert (TaskItem.objects.count(), KeptAnswer.objects.count()) == (2, 1)


@pytest.mark.django_db
def test_an_upload_is_known_again_by_its_bytes() -> None:
    office = furnish(open_office())
    client = office.client("liaison")
    answers = [post(client, "/files", {"file": upload(), "level": "1"}, **KEY) for _n in range(2)]
    other = post(client, "/files", {"file": upload("别的内容"), "level": "1"}, **KEY)
    assert [row.status_code for row in (*answers, other)] == [201, 201, 422]
    assert answers[0].content == answers[1].content


@pytest.mark.django_db
def test_a_key_under_way_in_this_process_is_told_so() -> None:
    office = open_office()
    ref = office.actors["dispatcher"].ref
    with once._alone(ref, KEY["Idempotency-Key"]), clock.freeze(MONDAY):
        answer = post(office.client("dispatcher"), "/tasks", draft(office), **KEY)
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("#problem-in_progress")  # type: ignore[attr-defined]
    assert TaskItem.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_failure_after_the_act_takes_the_act_back_with_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    office = open_office()
    client = office.client("dispatcher")

    def broken(*_args: Any) -> None:
        raise RuntimeError("the machine stops between the act and its answer")

    monkeypatch.setattr(once, "_keep", broken)
    with clock.freeze(MONDAY):
        failed = post(client, "/tasks", draft(office), **KEY)
        assert failed.status_code == 500 and "the machine stops" not in failed.content.decode()
        assert failed.json()["type"].endswith("#problem-failed")  # type: ignore[attr-defined]
        assert (TaskItem.objects.count(), KeptAnswer.objects.count()) == (0, 0)
        monkeypatch.undo()
        assert post(client, "/tasks", draft(office), **KEY).status_code == 201
    assert (TaskItem.objects.count(), KeptAnswer.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_one_process", [True, False])
def test_sent_many_times_at_once_it_acts_once(monkeypatch: pytest.MonkeyPatch, in_one_process: bool) -> None:
    if not in_one_process:  # leave it to the database, as between two processes
        monkeypatch.setattr(once, "_under_way", _Forgetful())
    office = open_office()
    answers: list[tuple[int, bool]] = []
    ready = threading.Barrier(4)

    def send() -> None:
        try:
            client = office.client("dispatcher")
            ready.wait(timeout=20)
            answer = post(client, "/tasks", draft(office), **KEY)
            answers.append((answer.status_code, "Idempotent-Replay" in answer))
        finally:
            connection.close()

    clock.set_frozen(MONDAY)
    try:
        threads = [threading.Thread(target=send) for _n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        clock.set_frozen(None)
    assert answers.count((201, False)) == 1
    assert {answer for answer in answers if answer != (201, False)} <= {(409, False), (201, True)}
    assert (len(answers), TaskItem.objects.count(), KeptAnswer.objects.count()) == (4, 1, 1)


class _Forgetful(set[Any]):
    """A note of keys under way that remembers nothing."""

    def add(self, _place: Any) -> None:
        """Forget at once."""


@pytest.mark.django_db
def test_a_signature_sent_twice_takes_one_number() -> None:
    office = furnish(open_office())
    path = f"/slips/{office.things['slip_proposed']}/sign"
    with clock.freeze(MONDAY):
        answers = [post(office.client("signer"), path, **KEY) for _n in range(2)]
    assert [row.json()["number"] for row in answers] == ["督办〔2026〕3号"] * 2  # type: ignore[attr-defined]
    assert Slip.objects.filter(number__isnull=False).count() == 3
