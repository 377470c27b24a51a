"""The triggers against anybody with a database prompt: no change, no deletion, no replacement, one way to erase."""

import json
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from sanban.base.ledger import guards
from sanban.base.ledger.models import LedgerContent, LedgerEvent
from sanban.base.ledger.shredding import take_out
from sanban.base.ledger.tests import units
from sanban.site import service

OTHER = "00000000000070008000000000000001"
STATEMENTS = [
    "UPDATE ledger_ledgerevent SET actor_ref = 'somebody'",
    "UPDATE ledger_ledgerevent SET envelope = salt",
    "DELETE FROM ledger_ledgerevent",
    "DELETE FROM ledger_ledgercontent",
    "UPDATE ledger_ledgercontent SET body = (SELECT salt FROM ledger_ledgerevent LIMIT 1)",
    f"UPDATE ledger_ledgercontent SET dek_id = 'x', event_id = '{OTHER}'",
    f"UPDATE ledger_ledgercontent SET erased = 'x', event_id = '{OTHER}'",
]
BY_DATABASE = {
    "postgresql": ["TRUNCATE ledger_ledgerevent", "TRUNCATE ledger_ledgercontent"],
    "sqlite": [
        "INSERT OR REPLACE INTO ledger_ledgerevent SELECT * FROM ledger_ledgerevent",
        "INSERT OR REPLACE INTO ledger_ledgercontent SELECT * FROM ledger_ledgercontent",
        "REPLACE INTO ledger_ledgerevent SELECT lower(hex(randomblob(16))), stream_type, stream_id, ver, kind, at,"
        " 'somebody', on_behalf_of, acting_office, label, policy_version, envelope, salt, c_sha256, c_sm3, prev,"
        " app_key, promise FROM ledger_ledgerevent",
    ],
}


def _run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def _content():
    events = LedgerEvent.objects.order_by("id").values_list("id", "actor_ref", "envelope")
    kept = LedgerContent.objects.order_by("event_id").values_list("event_id", "dek_id", "body")
    return [(a, b, bytes(c)) for a, b, c in [*events, *kept]]


@pytest.mark.django_db
def test_no_statement_changes_what_was_recorded():
    units.make_unit()
    before = _content()
    for statement in STATEMENTS + BY_DATABASE[connection.vendor]:
        with pytest.raises(DatabaseError, match="append-only"):
            _run(statement)
        assert _content() == before


@pytest.mark.django_db
def test_a_value_is_erased_once_with_its_order_named():
    units.make_unit()
    row = LedgerEvent.objects.get()
    take_out(row, ["code"], order=uuid.UUID(OTHER))
    assert units.kept(row.id)["code"].body is None
    with pytest.raises(DatabaseError, match="append-only"):
        _run(f"UPDATE ledger_ledgercontent SET erased = '{json.dumps({'code': row.id.hex})}'")
    assert units.kept(row.id)["code"].erased_by == uuid.UUID(OTHER)


@pytest.mark.django_db(transaction=True)
def test_preparing_the_database_puts_the_guards_back():
    units.make_unit()
    guards.remove()
    _run("UPDATE ledger_ledgerevent SET app_key = 'open door'")
    service.prepare_database(say=lambda _line: None)
    for statement in STATEMENTS + BY_DATABASE[connection.vendor]:
        with pytest.raises(DatabaseError, match="append-only"):
            _run(statement)
