"""Every address that shows an object leaves a read record: pages, exports, downloads, feed, and the API (§5.2)."""

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.access.events import SecretRead
from sanban.base.access.models import AccessRecord
from sanban.base.access.readlog import buffer, recording
from sanban.base.ledger.queries import entries_of
from sanban.base.people import actions as people
from sanban.base.people import queries as people_queries
from sanban.base.people.models import Person
from sanban.base.people.tests.browsers import signed_in
from sanban.decide.policy import actions as policies
from sanban.desk.api_root.tests import cases as api
from sanban.execute.task.models import TaskItem
from tests.addresses import MONDAY, Case, cases, furnished
from tests.test_pages_keep_their_query_count import _reader

pytestmark = pytest.mark.django_db
SHOWS_NO_OBJECT = {
    "assistant:upload": "an empty form",
    "calendar:publish": "the calendar, which everybody knows",
    "calendar:year": "the calendar, which everybody knows",
    "chase:ladder": "the rule of the ladder, which everybody may read",
    "desk:compliance": "how the house keeps the standards, numbers and login names",
    "desk:evidence": "how the ledger stands",
    "desk:evidence_head": "a root of the log, which tells nothing",
    "desk:evidence_policy": "public keys",
    "desk:permission": "a rule, which names no object",
    "desk:permissions": "rules, which name no object",
    "desk:permissions_text": "rules, which name no object",
    "glass:ask": "an empty form",
    "label:fields": "a catalogue, which names no object",
    "glass:terms": "a rule, which names no object",
    "desk:mirror_checkpoint": "a signed head, which tells nothing",
    "desk:mirror_tile": "hashes of blind leaves",
    "dispute:terms": "a rule, which names no object",
    "desk:health": "how the machine is",
    "desk:operations": "how the machine is",
    "desk:palette": "nothing before a word is typed; the search below is",
    "notify:preferences": "one's own wishes",
    "notify:webhook": "settings of the house",
    "notify:webhooks": "settings of the house",
    "people:account": "one's own account",
    "people:import": "an empty form",
    "people:new_person": "an empty form",
    "people:new_unit": "an empty form",
    "people:unit_act alias": "a form about a unit, whose names are public in the house",
    "people:unit_act merge": "a form about a unit, whose names are public in the house",
    "people:unit_act move": "a form about a unit, whose names are public in the house",
    "people:unit_act rename": "a form about a unit, whose names are public in the house",
    "people:units": "the tree of units, public in the house",
    "task:import": "an empty form",
    "task:import_list": "one's own list, not yet tasks",
    "task:import_template": "an empty workbook",
    "task:import_verdicts": "one's own list, not yet tasks",
    "task:units": "sums of lights",
    "ui:look": "nothing",
    "watch:ask": "an empty form",
    "watch:step_up": "one's own case",
    "ui:styleguide": "invented data",
}
"""Addresses that may be read without a record, and why."""
API_SHOWS_NO_OBJECT = {
    "calendar_add_minutes", "calendar_current", "calendar_working_days", "light_counts", "people_me", "people_tokens",
    "people_unit_candidates", "people_units", "chase_ladder", "notify_webhooks",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path


def _records() -> list[AccessRecord]:
    buffer.flush()
    found = list(AccessRecord.objects.order_by("id"))
    AccessRecord.objects.all().delete()
    return found


def _read(client: Client, case: Case) -> tuple[int, list[AccessRecord]]:
    answer = client.get(case.path)
    return answer.status_code, _records()


def test_every_page_that_shows_an_object_leaves_a_record() -> None:
    with clock.freeze(MONDAY):
        found = cases(furnished())
        clients: dict[str, Client] = {}
        silent: list[str] = []
        spoke: list[str] = []
        _records()
        for label, case in sorted(found.items()):
            who = _reader(case)
            client = clients.setdefault(who, signed_in(who))
            status, records = _read(client, case)
            if status != 200:
                continue
            (spoke if records else silent).append(label)
    assert [label for label in silent if label not in SHOWS_NO_OBJECT] == [], (
        "these show something unrecorded"
    )
    assert [label for label in spoke if label in SHOWS_NO_OBJECT] == [], "these are recorded after all"
    assert {"task:detail", "policy:detail", "chase:detail", "files:detail", "people:person"} <= set(spoke)


def test_the_record_of_an_object_page_names_the_object() -> None:
    with clock.freeze(MONDAY):
        office = furnished()
        found, _none = cases(office), _records()
        things = office.things
        wanted = {
            "task:detail": ("task", TaskItem.objects.get(number=things["task_acknowledged"]).pk),
            "policy:detail": ("policy", things["policy_open"]),
            "assistant:review": ("policy", things["policy_open"]),
            "assistant:edit": ("measure", things["measure_open"]),
            "chase:detail": ("slip", things["slip_issued"]),
            "files:detail": ("file", things["file"]),
            "people:person": ("person", things["person"]),
            "people:unit": ("unit", office.units["water"]),
        }
        for label, place in wanted.items():
            _status, (record,) = _read(signed_in(_reader(found[label])), found[label])
            assert (record.stream, record.object_id, record.how) == (*place, "page"), label
            assert record.page == label


def test_what_leaves_is_recorded_as_what_it_is() -> None:
    with clock.freeze(MONDAY):
        office = furnished()
        found, _none = cases(office), _records()
        open_tasks = TaskItem.objects.filter(light_state="open", level__lt=2).count()
        for label in ("task:export_csv", "task:export_workbook"):
            _status, (record,) = _read(signed_in("dispatcher"), found[label])
            assert (record.how, record.count) == ("export", open_tasks), label
        _status, (record,) = _read(signed_in("liaison"), found["files:download"])
        assert (record.how, record.object_id) == ("download", office.things["file"])
        token = people.reset_feed(office.actors["liaison"])
        _status, (record,) = _read(Client(), Case("desk:feed", {"token": token}))
        assert (record.how, record.actor_ref) == ("feed", office.actors["liaison"].ref)
        answer = signed_in("supervisor").get("/search/", {"q": "勘察记录"})
        (record,) = _records()
        assert (answer.status_code, record.how, record.predicate) == (200, "search", '{"q": "勘察记录"}')
        assert signed_in("dispatcher").get("/search/", {"q": "事项"}).status_code == 200
        (record,) = _records()
        assert (record.level, record.predicate) == (
            2,
            "{}",
        )  # what was asked for a secret its event says alone
        reads = entries_of(actor=SYSTEM, kind=SecretRead.kind)
        said = next(entry.event for entry in reads if entry.id == record.event_id)
        assert said.predicate == {"q": "事项"}


def test_every_reading_operation_of_the_api_leaves_a_record() -> None:
    with clock.freeze(MONDAY):
        office = furnished()
        silent = []
        _records()
        for name, (method, path, _body) in sorted(api.cases(office).items()):
            if method != "GET":
                continue
            answer = office.client("supervisor" if name.startswith("chase") else "dispatcher").get(
                f"/api/v1{path}"
            )
            if answer.status_code == 404:
                answer = office.client("liaison").get(f"/api/v1{path}")
            records = _records()
            if name in API_SHOWS_NO_OBJECT:
                assert records == [], name
                continue
            assert answer.status_code in (200, 403), name
            if answer.status_code == 200 and not records:
                silent.append(name)
            assert all(record.how in ("api", "download") for record in records), name
    assert silent == []


def test_a_secret_page_that_cannot_be_recorded_answers_503_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("disk full")

    with clock.freeze(MONDAY):
        office = furnished()
        giver = Person.objects.get(login="dispatcher")
        actor = people_actor(giver)
        policy = policies.register(actor=actor, title="绝密之外的工作秘密", text="由省水利厅负责。", level=2)
        monkeypatch.setattr(recording, "append", broken)
        page = signed_in("dispatcher").get(f"/policies/{policy}/")
        program = office.client("dispatcher").get(f"/api/v1/policies/{policy}")
    assert (page.status_code, program.status_code) == (503, 503)
    for answer in (page, program):
        assert "查阅须先登记" in answer.content.decode()
        assert "由省水利厅负责" not in answer.content.decode()
    assert program.json()["type"].endswith("problem-unavailable")


def people_actor(person: Person) -> Any:
    """The person as one who acts now."""
    return people_queries.actor_of(person=person)
