"""Whatever goes wrong is a problem+json with a kind, a status and words that say how to mend it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from sanban.base import clock
from sanban.base.people.models import Person
from sanban.base.people.tests.browsers import signed_in
from sanban.desk.api_root import door
from sanban.desk.api_root.tests.office import LATER, MONDAY, Office, assigned, furnish, get, open_office, post
from sanban.execute.task import actions as tasks
from sanban.execute.task.models import TaskItem


def problem(answer: HttpResponse, status: int, kind: str) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
    assert (answer.status_code, told["status"]) == (status, status)
    assert told["type"] == f"/api/v1/docs#problem-{kind}"
    assert told["title"] and told["detail"] and told["lang"]
    return told


def task(office: Office) -> TaskItem:
    with clock.freeze(MONDAY):
        return TaskItem.objects.get(pk=assigned(office))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header",
    [{}, {"authorization": "Bearer sb_wrong"}, {"authorization": "Basic abc"}, {"authorization": "Bearer "}],
)
def test_without_a_valid_key_nobody_comes_in(header: dict[str, str]) -> None:
    answer = get(Client(headers=header), "/tasks")
    problem(answer, 401, "unauthorized")
    assert answer["WWW-Authenticate"] == 'Bearer realm="sanban"'


@pytest.mark.django_db
def test_a_revoked_key_and_the_key_of_one_who_left_stop_at_once() -> None:
    office = open_office()
    client = office.client("officer")
    with clock.freeze(MONDAY):
        mine = get(client, "/tokens").json()["items"]  # type: ignore[attr-defined]
        assert post(client, f"/tokens/{mine[0]['id']}/revoke").status_code == 200
        problem(get(client, "/me"), 401, "unauthorized")
        stranger = office.client("stranger")
        assert get(stranger, "/me").status_code == 200
        Person.objects.filter(login="stranger").update(is_active=False)
        problem(get(stranger, "/me"), 401, "unauthorized")


@pytest.mark.django_db
def test_a_session_may_read_and_may_write_with_its_anti_forgery_token_only() -> None:
    office = furnish(open_office())
    with clock.freeze(MONDAY):
        browser = signed_in("liaison", enforce_csrf_checks=True)
        path = f"/tasks/{office.things['task_assigned']}/acknowledge"
        assert get(browser, "/me").json()["scopes"] == ["read", "write"]  # type: ignore[attr-defined]
        problem(post(browser, path), 403, "csrf")
        browser.get("/api/v1/docs")
        browser.cookies["csrftoken"] = token = "a" * 32
        assert post(browser, path, **{"X-CSRFToken": token}).status_code == 200


@pytest.mark.django_db
def test_a_key_without_the_scope_is_told_which_one() -> None:
    told = problem(get(open_office().client("write:dispatcher"), "/me"), 403, "scope")
    assert told["scope"] == "read"


@pytest.mark.django_db
def test_a_refusal_names_its_field() -> None:
    office = furnish(open_office())
    path = f"/tasks/{office.things['task_acknowledged']}/ask_extension"
    said = {"due_at": "2026-03-03T17:30:00+08:00", "reason": "雨季"}
    with clock.freeze(MONDAY):
        told = problem(post(office.client("liaison"), path, said), 422, "refused")
    assert [row["field"] for row in told["errors"]] == ["due_at"]
    assert told["errors"][0]["message"] == told["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ({"progress": "多", "text": "x"}, "progress", "须是整数。"),
        ({"progress": 5}, "text", "必填。"),
        ({"progress": 5, "text": "x", "pogress": 5}, "pogress", "没有这一项，请删去或核对名称。"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field(body: dict[str, Any], field: str, words: str) -> None:
    office = open_office()
    answer = post(office.client("liaison"), f"/tasks/{task(office).number}/report", body)
    assert problem(answer, 422, "invalid")["errors"] == [{"field": field, "message": words}]


@pytest.mark.django_db
def test_an_instant_needs_its_zone() -> None:
    office = open_office()
    said = {"due_at": "2026-04-10T17:30:00", "reason": "雨季"}
    told = problem(
        post(office.client("liaison"), f"/tasks/{task(office).number}/ask_extension", said), 422, "invalid"
    )
    assert told["errors"][0]["field"] == "due_at" and "时区" in told["errors"][0]["message"]


@pytest.mark.django_db
def test_broken_json_another_media_type_and_too_much_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    office = open_office()
    client, path = office.client("liaison"), f"/api/v1/tasks/{task(office).number}/report"
    problem(client.post(path, "{", content_type="application/json"), 400, "bad_request")  # type: ignore[arg-type]
    problem(client.post(path, "a=1", content_type="text/plain"), 415, "unsupported_media")  # type: ignore[arg-type]
    monkeypatch.setattr(door, "BODY_MAX", 100)
    problem(client.post(path, " " * 101, content_type="application/json"), 413, "too_large")  # type: ignore[arg-type]


@pytest.mark.django_db
def test_unknown_addresses_methods_and_objects() -> None:
    client = open_office().client("dispatcher")
    problem(get(client, "/nothing/here"), 404, "not_found")
    problem(get(client, "/tasks/DC-2026-999999"), 404, "not_found")
    problem(get(client, "/slips/1"), 404, "not_found")
    answer = client.delete("/api/v1/tasks")
    problem(answer, 405, "method_not_allowed")  # type: ignore[arg-type]
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.django_db
def test_a_task_of_others_is_not_there_and_its_timeline_neither() -> None:
    office = open_office()
    number = task(office).number
    for rest in ("", "/timeline", "/light", "/reports", "/slips"):
        problem(get(office.client("stranger"), f"/tasks/{number}{rest}"), 404, "not_found")


@pytest.mark.django_db
@pytest.mark.parametrize("by_header", [True, False])
def test_who_saw_an_older_version_gets_the_present_one_back(by_header: bool) -> None:
    office = open_office()
    seen = task(office)
    client, path = office.client("liaison"), f"/tasks/{seen.number}/report"
    with clock.freeze(MONDAY):
        tag = get(client, f"/tasks/{seen.number}")["ETag"]
        tasks.acknowledge(office.actors["liaison"], task_id=seen.pk)
        said: dict[str, Any] = {"progress": 20, "text": "已开工"}
        stale = (
            post(client, path, said, **{"If-Match": tag})
            if by_header
            else post(client, path, said | {"version": 1})
        )
        told = problem(stale, 409, "conflict")
        assert (told["version"], told["current"]["state"]) == (2, "acknowledged")
        fresh = post(client, path, said | {"version": told["version"]})
    assert (fresh.status_code, fresh["ETag"], fresh.json()["progress"]) == (200, '"3"', 20)  # type: ignore[attr-defined]
    assert TaskItem.objects.get(pk=seen.pk).progress == 20


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "thing", "path", "body"),
    [
        ("signer", "slip_proposed", "/slips/{}/sign", {}),
        ("dispatcher", "policy_settled", "/policies/{}/confirm", {}),
        ("dispatcher", "measure_open", "/measures/{}/edit", {"title": "除险加固"}),
        ("dispatcher", "measure_open", "/measures/{}/reject", {"reason": "背景表述"}),
    ],
)
def test_every_versioned_object_refuses_a_version_it_does_not_have(
    role: str, thing: str, path: str, body: dict[str, Any]
) -> None:
    office = furnish(open_office())
    with clock.freeze(MONDAY):
        at = path.format(office.things[thing])
        told = problem(post(office.client(role), at, {**body, "version": 77}), 409, "conflict")
        assert told["current"]["id"] == office.things[thing]
        assert post(office.client(role), at, {**body, "version": told["version"]}).status_code == 200


@pytest.mark.django_db
def test_the_language_is_the_asker_s() -> None:
    chinese = get(Client(), "/tasks", **{"Accept-Language": "zh-CN"})
    english = get(Client(), "/tasks", **{"Accept-Language": "en"})
    assert (chinese.json()["lang"], english.json()["lang"]) == ("zh-hans", "en")  # type: ignore[attr-defined]
    assert (chinese["Content-Language"], english["Content-Language"]) == ("zh-hans", "en")


@pytest.mark.django_db
def test_the_same_act_runs_from_assignment_to_close_out() -> None:
    office = open_office()
    water, giver, inspector = (office.client(role) for role in ("liaison", "dispatcher", "supervisor"))
    with clock.freeze(MONDAY):
        draft = {"title": "整治河道", "lead_id": office.units["water"], "due_at": "2026-03-20T17:30:00+08:00"}
        number = post(giver, "/tasks", {"tasks": [draft]}).json()["numbers"][0]  # type: ignore[attr-defined]
        at = f"/tasks/{number}"
        steps = [
            (water, "acknowledge", None), (water, "set_owner", {"owner_id": office.actors["officer"].person_id}),
            (water, "report", {"progress": 50, "text": "过半"}),
            (water, "ask_extension", {"due_at": LATER, "reason": "雨季"}),
            (giver, "decide_extension", {"approve": True, "note": "同意"}), (water, "conclude", {"text": "完成"}),
            (inspector, "verify", {"accept": True, "note": "属实"}), (inspector, "close_out", None),
        ]  # fmt: skip
        for client, verb, body in steps:
            answer = post(client, f"{at}/{verb}", body)
            assert answer.status_code == 200, (verb, answer.content.decode())
        done = get(giver, at).json()  # type: ignore[attr-defined]
        lines = get(giver, f"{at}/timeline").json()["items"]  # type: ignore[attr-defined]
    assert (done["state"], done["version"], done["due_at"]) == ("closed_out", 9, "2026-04-10T09:30:00Z")
    assert [line["kind"] for line in lines][-1] == "task.task_assigned" and len(lines) >= 9


@pytest.mark.django_db
def test_people_learn_nothing_private_of_each_other() -> None:
    office = open_office()
    person = Person.objects.get(login="leader")
    Person.objects.filter(pk=person.pk).update(mobile="13900000000", email="leader@example.org")
    found = get(office.client("officer"), "/people?q=leader").content.decode()
    assert str(person.pk) in found and "1390" not in found and "example.org" not in found


@pytest.mark.django_db
def test_a_file_that_cannot_be_taken_says_so_by_its_status(settings: Any) -> None:
    client = open_office().client("officer")
    settings.SANBAN_FILE_MAX_MB = 1
    large = SimpleUploadedFile("大.txt", b"x" * (1024 * 1024 + 1))
    packed = SimpleUploadedFile("包.bin", bytes(range(256)) * 4)
    empty = SimpleUploadedFile("空.txt", b"")
    problem(post(client, "/files", {"file": large, "level": "1"}), 413, "too_large")
    problem(post(client, "/files", {"file": packed, "level": "1"}), 415, "unsupported_media")
    problem(post(client, "/files", {"file": empty, "level": "1"}), 422, "refused")
    problem(post(client, "/files", {"level": "1"}), 422, "invalid")
