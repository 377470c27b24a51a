"""The OpenAPI description is complete, stable, and what the operations really answer."""

import json
import re
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pydantic import TypeAdapter

from sanban.base import clock
from sanban.base.people.tests.browsers import signed_in
from sanban.desk.api_root.mount import api
from sanban.desk.api_root.openapi import description
from sanban.desk.api_root.tests.cases import cases
from sanban.desk.api_root.tests.office import MONDAY, furnish, get, open_office, post
from sanban.execute.task.rules import VERBS
from sanban.supervise.chase import actions as chase

HOLDER = {
    "chase_accept_reply": "supervisor", "chase_dismiss": "signer", "chase_propose": "supervisor",
    "chase_publish_ladder": "admin", "chase_reject_reply": "supervisor", "chase_reply": "liaison",
    "chase_sign": "signer", "chase_withdraw": "supervisor", "files_add_version": "liaison",
    "files_purpose": "liaison", "notify_read": "liaison",
    "notify_webhooks": "admin", "notify_create_webhook": "admin", "notify_disable_webhook": "admin",
    "notify_test_webhook": "admin",
    "dispute_accept": "liaison", "dispute_answer": "liaison", "dispute_evidence": "liaison",
    "dispute_offer": "liaison", "dispute_open": "liaison", "dispute_rule": "researcher", "dispute_withdraw": "leader",
    "task_acknowledge": "liaison", "task_ask_extension": "liaison", "task_break_down": "liaison",
    "task_conclude": "liaison", "task_report": "liaison", "task_send_back": "liaison", "task_set_owner": "liaison",
}  # fmt: skip
"""Who has the right, where it is not the dispatcher."""

VERSIONED = {
    *(f"chase_{verb}" for verb in ("sign", "dismiss", "reply", "accept_reply", "reject_reply", "withdraw")),
    *(f"dispute_{verb}" for verb in (
        "accept", "answer", "arbiter", "correct", "evidence", "mediate", "offer", "rule", "withdraw",
    )),
    *(f"policy_{verb}" for verb in ("confirm", "edit_measure", "reject_measure")),
    *(f"task_{verb}" for verb in (
        "acknowledge", "ask_extension", "break_down", "close_out", "conclude", "decide_extension", "forward",
        "name_member", "pause",
        "remove_member", "reopen", "report", "resume", "send_back", "set_owner", "set_partners", "verify", "withdraw",
    )),
}  # fmt: skip
"""Writes on something that has a version."""


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        operation["operationId"]: (method, path, operation)
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
    }


def test_every_operation_has_a_scope_words_and_its_faults() -> None:
    found = operations()
    assert len(found) == 85
    for name, (method, path, operation) in found.items():
        scope = "read" if method == "get" else "write"
        assert re.fullmatch(r"[a-z]+_[a-z_]+", name), name
        assert path.startswith("/api/v1/"), name
        assert operation["x-scope"] == scope and operation["security"] == [
            {"token": [scope]},
            {"session": []},
        ], name
        assert re.search(r"[\u4e00-\u9fff]", operation["summary"]), name
        assert re.search(r"[\u4e00-\u9fff]", operation["description"]), name
        assert operation["tags"], name
        codes = {"401", "403", "404", "422"} | ({"400", "409", "413", "415"} if scope == "write" else set())
        assert codes <= set(operation["responses"]), name
        assert any(code.startswith("2") for code in operation["responses"]), name
        names = {row["name"] for row in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) == (scope == "write"), name
        assert ("If-Match" in names) == (name in VERSIONED), name


def test_every_verb_of_a_task_and_of_a_slip_is_an_operation() -> None:
    found = operations()
    assert {f"task_{verb}" for verb in VERBS} <= set(found)
    slips = {name for name, value in vars(chase).items() if getattr(value, "is_act", False)}
    by_machine = {"tick", "tick_all"}
    named_otherwise = {"urge_now": "urge"}
    assert {f"chase_{named_otherwise.get(name, name)}" for name in slips - by_machine} <= set(found)


def test_no_identifier_is_used_twice_and_every_reference_leads_somewhere() -> None:
    said = description()
    ids = Counter(
        operation["operationId"] for methods in said["paths"].values() for operation in methods.values()
    )
    assert [name for name, count in ids.items() if count > 1] == []
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(said))):
        place: Any = said
        for part in reference.split("/"):
            place = place[part.replace("~1", "/")]
        assert place


def test_shapes_of_different_rooms_have_names_of_their_own() -> None:
    homes: dict[str, set[str]] = {}
    waiting = [operation for bound in api._get_bound_routers() for view in bound.path_operations.values()
               for operation in view.operations]  # fmt: skip
    for operation in waiting:
        for model in [*operation.models, *operation.response_models.values()]:
            for found in _inner(model, set()):
                homes.setdefault(found.__name__, set()).add(found.__module__)
    shared = {
        name: modules
        for name, modules in homes.items()
        if len({m for m in modules if m.startswith("sanban")}) > 1
    }
    assert shared == {}


def _inner(model: Any, seen: set[Any]) -> set[Any]:
    for field in getattr(model, "model_fields", {}).values():
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if hasattr(part, "model_fields") and part not in seen:
                seen.add(part)
                _inner(part, seen)
    return seen


@pytest.mark.django_db
def test_every_answer_has_the_shape_that_is_described() -> None:
    office = furnish(open_office())
    shapes = {
        operation.operation_id: operation.response_models
        for bound in api._get_bound_routers() for view in bound.path_operations.values()
        for operation in view.operations
    }  # fmt: skip
    with clock.freeze(MONDAY):
        for name, (method, path, body) in cases(office).items():
            if name == "files_content":
                continue  # bytes
            client = office.client(HOLDER.get(name, "dispatcher"))
            with transaction.atomic():
                answer = get(client, path) if method == "GET" else post(client, path, body)
                transaction.set_rollback(True)
            wanted = shapes[name].get(answer.status_code)
            assert wanted is not None, (name, answer.content.decode())
            annotation = wanted.model_fields["response"].annotation
            made = TypeAdapter(annotation).validate_python(answer.json())  # type: ignore[attr-defined]
            shown = json.loads(TypeAdapter(annotation).dump_json(made))
            assert set(shown) == set(answer.json()), name  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_the_description_is_open_and_its_page_asks_nothing_from_outside() -> None:
    said = Client().get("/api/v1/openapi.json")
    assert (said.status_code, said["Content-Type"]) == (200, "application/json")
    assert said.json()["openapi"].startswith("3.1")
    assert Client().get("/api/v1/docs").status_code == 302
    open_office()
    shown = signed_in("officer").get("/api/v1/docs")
    text = shown.content.decode()
    assert shown.status_code == 200
    for name in operations():
        assert f'id="{name}"' in text
    for kind in ("denied", "conflict", "in_progress"):
        assert f'id="problem-{kind}"' in text
    assert re.findall(r'(?:src|href)="(?:https?:)?//', text) == []
    assert "<script>" not in text and "style=" not in text
