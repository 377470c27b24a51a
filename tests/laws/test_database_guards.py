"""The test run itself: the chosen database is the one in use, and the ledger is guarded in every test."""

import os

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.law


def _insert_event() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_ledgerevent (id, stream_type, stream_id, ver, kind, at, actor_ref, on_behalf_of,"
            " label, policy_version, envelope, salt, c_sha256, c_sm3, prev, app_key)"
            " VALUES (%s,'law',1,1,'law.tried',%s,'x','',0,1,%s,%s,%s,%s,%s,'')",
            ["00000000000000000000000000000001", "2026-01-05 00:00:00+00:00", *[b"x"] * 5],
        )


def _change(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_run_uses_the_database_it_names() -> None:
    assert connection.vendor == os.environ.get("SANBAN_TEST_DB", "sqlite")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_ledgerevent SET ver = 2", "DELETE FROM ledger_ledgerevent"]
)
def test_an_event_can_be_neither_changed_nor_deleted(statement: str) -> None:
    _insert_event()
    with pytest.raises(DatabaseError, match="append-only"):
        _change(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_ledgerevent SET ver = 2", "DELETE FROM ledger_ledgerevent"]
)
def test_the_guard_stands_in_transactional_tests_and_lets_the_flush_through(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_ledgerevent")
        assert cursor.fetchone()[0] == 0
    _insert_event()
    with pytest.raises(DatabaseError, match="append-only"):
        _change(statement)
