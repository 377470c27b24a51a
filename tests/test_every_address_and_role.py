"""Every address of the site, asked by every role, answers as `address_roles.csv` says.

A new address without a line in the table fails. SANBAN_WRITE_TABLE=1 writes the table anew: read it with your
eyes before it is committed.
"""

import csv
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from sanban.base import clock
from sanban.base.access.actor import ROLES
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people.tests.browsers import signed_in
from tests.addresses import MONDAY, Case, cases, furnished, names

TABLE = Path(__file__).with_name("address_roles.csv")
WHO = ("anonymous", *ROLES)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path


def _clients() -> dict[str, Client]:
    return {"anonymous": Client()} | {role: signed_in(role) for role in ROLES}


def answer(client: Client, case: Case, method: str) -> Any:
    """Ask, and take back whatever it wrote; `acts` on the answer is how many acts stood in the ledger then."""
    with transaction.atomic():
        if method == "GET":
            found = client.get(case.path)
        else:
            words = dict(case.words or {})
            for value in words.values():
                if hasattr(value, "seek"):
                    value.seek(0)
            found = client.post(case.path, words)
        found.acts = LedgerEvent.objects.exclude(stream_type="access").count()  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return found


def _word(response: Any) -> str:
    """The status; of a redirect also whether it leads to the front door, or carries a refusal with it."""
    if response.status_code != 302:
        return str(response.status_code)
    if response["Location"].startswith("/account/login/"):
        return "door"
    told = response.wsgi_request._messages._queued_messages
    return "302 refused" if any(message.level_tag == "error" for message in told) else "302"


def _asked() -> list[list[str]]:
    office = furnished()
    clients = _clients()
    rows = []
    for label, case in sorted(cases(office).items()):
        for method in ("GET", "POST") if case.words is not None else ("GET",):
            rows.append([label, method, *(_word(answer(clients[who], case, method)) for who in WHO)])
    return rows


def test_every_address_answers_every_role_as_the_table_says() -> None:
    with clock.freeze(MONDAY):
        found = [["address", "method", *WHO], *_asked()]
    if os.environ.get("SANBAN_WRITE_TABLE") == "1":
        with TABLE.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(found)
    with TABLE.open(newline="") as file:
        wanted = list(csv.reader(file))
    differing = [
        f"{row[0]} {row[1]}: {who} got {got}, the table says {said}"
        for row, line in zip(found, wanted, strict=False)
        for who, got, said in zip(found[0], row, line, strict=True)
        if got != said
    ]
    assert differing == []
    assert [row[:2] for row in found] == [line[:2] for line in wanted]


def test_every_page_has_a_line_in_the_table() -> None:
    with clock.freeze(MONDAY):
        listed = {case.url for case in cases(furnished()).values()}
    assert names() - listed == set(), "add a Case to tests/addresses.py and run with SANBAN_WRITE_TABLE=1"
    assert listed - names() == set(), "these pages are gone: take them out of tests/addresses.py"
