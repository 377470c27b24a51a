"""Every operation for every role, for nobody, and for a key without the scope: the table beside this file.

`SANBAN_WRITE_ROLES=1 pytest <this file>` writes the table anew; read its difference before it is kept.
"""

import csv
import os
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from sanban.base import clock
from sanban.base.access.actor import ROLES
from sanban.base.ledger.models import LedgerEvent
from sanban.desk.api_root.openapi import description
from sanban.desk.api_root.tests.cases import Case, cases
from sanban.desk.api_root.tests.office import MONDAY, Office, furnish, get, open_office, post

TABLE = Path(__file__).with_name("api_roles.csv")
COLUMNS = (*ROLES, "stranger", "anonymous", "unscoped")


def asked(client: Client, case: Case) -> int:
    """The status of one request, undone afterwards."""
    method, path, body = case
    with transaction.atomic():
        answer = get(client, path) if method == "GET" else post(client, path, body)
        transaction.set_rollback(True)
    return answer.status_code


def client_of(office: Office, column: str, method: str) -> Client:
    if column == "anonymous":
        return Client()
    if column == "unscoped":
        return office.client("write:dispatcher" if method == "GET" else "read:dispatcher")
    return office.client(column)


def measured() -> dict[str, dict[str, str]]:
    office = furnish(open_office())
    known = cases(office)
    described = {
        operation["operationId"]
        for methods in description()["paths"].values()
        for operation in methods.values()
    }
    assert set(known) == described, "every operation has its case in cases.py"
    with clock.freeze(MONDAY):
        return {
            name: {column: str(asked(client_of(office, column, case[0]), case)) for column in COLUMNS}
            for name, case in sorted(known.items())
        }


@pytest.mark.django_db
def test_every_operation_answers_every_role_as_the_table_says() -> None:
    found = measured()
    if os.environ.get("SANBAN_WRITE_ROLES"):
        with TABLE.open("w", newline="", encoding="utf-8") as out:
            rows = csv.DictWriter(out, ("operation", *COLUMNS), lineterminator="\n")
            rows.writeheader()
            rows.writerows({"operation": name, **row} for name, row in found.items())
    with TABLE.open(newline="", encoding="utf-8") as kept:
        table = {row.pop("operation"): row for row in csv.DictReader(kept)}
    assert found == table


@pytest.mark.django_db
def test_a_refused_write_leaves_the_object_alone_and_the_refusal_on_record() -> None:
    office = furnish(open_office())
    before = LedgerEvent.objects.exclude(kind="access.act_refused").count()
    path = f"/tasks/{office.things['task_assigned']}/withdraw"
    with clock.freeze(MONDAY):
        answer = post(office.client("liaison"), path, {"reason": "不想办"})
        unscoped = post(office.client("read:dispatcher"), path, {"reason": "不想办"})
    assert (answer.status_code, unscoped.status_code) == (403, 403)
    assert LedgerEvent.objects.exclude(kind="access.act_refused").count() == before
    refused = LedgerEvent.objects.filter(kind="access.act_refused").order_by("id")
    assert [row.actor_ref for row in refused] == [
        office.actors["liaison"].ref, office.actors["dispatcher"].ref
    ]  # fmt: skip
