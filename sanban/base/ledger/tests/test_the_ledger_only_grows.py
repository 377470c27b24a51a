"""The triggers against anybody with a database prompt: no change, no deletion, no replacement, one way to erase."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from sanban.base.ledger import guards
from sanban.base.ledger.models import LedgerEvent, LedgerField
from sanban.base.ledger.tests import units
from sanban.site import service

OTHER = "00000000000070008000000000000001"
STATEMENTS = [
    "UPDATE ledger_ledgerevent SET actor_ref = 'somebody'",
    "UPDATE ledger_ledgerevent SET envelope = salt",
    "DELETE FROM ledger_ledgerevent",
    "DELETE FROM ledger_ledgerfield",
    "UPDATE ledger_ledgerfield SET ciphertext = salt",
    "UPDATE ledger_ledgerfield SET ciphertext = NULL, salt = NULL",
    f"UPDATE ledger_ledgerfield SET ciphertext = NULL, salt = NULL, erased_by = '{OTHER}', name = 'x'",
    f"UPDATE ledger_ledgerfield SET ciphertext = NULL, salt = NULL, erased_by = '{OTHER}', dek_id = 'x'",
]
BY_DATABASE = {
    "postgresql": ["TRUNCATE ledger_ledgerevent", "TRUNCATE ledger_ledgerfield"],
    "sqlite": [
        "INSERT OR REPLACE INTO ledger_ledgerevent SELECT * FROM ledger_ledgerevent",
        "INSERT OR REPLACE INTO ledger_ledgerfield SELECT * FROM ledger_ledgerfield",
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
    fields = LedgerField.objects.order_by("event_id", "name").values_list("event_id", "name", "ciphertext")
    return [(a, b, bytes(c or b"")) for a, b, c in [*events, *fields]]


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
    erase = (
        "UPDATE ledger_ledgerfield SET ciphertext = NULL, salt = NULL, erased_by = '{}' WHERE name = 'code'"
    )
    _run(erase.format(OTHER))
    assert LedgerField.objects.get(name="code").ciphertext is None
    with pytest.raises(DatabaseError, match="append-only"):
        _run(erase.format("00000000000070008000000000000002"))
    assert LedgerField.objects.get(name="code").erased_by == uuid.UUID(OTHER)


@pytest.mark.django_db(transaction=True)
def test_preparing_the_database_puts_the_guards_back():
    units.make_unit()
    guards.remove()
    _run("UPDATE ledger_ledgerevent SET app_key = 'open door'")
    service.prepare_database(say=lambda _line: None)
    for statement in STATEMENTS + BY_DATABASE[connection.vendor]:
        with pytest.raises(DatabaseError, match="append-only"):
            _run(statement)
