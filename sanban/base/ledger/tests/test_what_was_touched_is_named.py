"""Somebody with the database in hand and the guards taken away: each stored value changed, each row dropped."""

import datetime
import json
import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection, models, transaction

from sanban.base import clock
from sanban.base.ledger import contents, guards
from sanban.base.ledger.envelope import sha256, sm3
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.models import (
    LedgerAudit,
    LedgerCheckpoint,
    LedgerContent,
    LedgerCosignature,
    LedgerEvent,
    LedgerHead,
    LedgerKey,
    LedgerLeaf,
    LedgerPending,
    LedgerTile,
)
from sanban.base.ledger.shredding import place_of
from sanban.base.ledger.tests import units
from sanban.base.ledger.tlog import audit, sealing, sequencer, signing, trust
from sanban.base.ledger.witness import judge
from sanban.base.ledger.witness.book import Book
from sanban.site.commands import main

TABLES = (
    LedgerEvent, LedgerContent, LedgerLeaf, LedgerPending, LedgerTile, LedgerHead, LedgerCheckpoint,
    LedgerCosignature, LedgerKey,
)  # fmt: skip
UNSEALED = {
    LedgerEvent: {"app_key", "promise"},
    LedgerCheckpoint: {"made_at", "sealed_at", "anchored_at", "receipt"},
    LedgerKey: {"purpose", "valid_from", "valid_to", "announced_by_event"},
}
"""Columns that no signature covers: not used yet, or told by the note itself."""


@pytest.fixture
def house(settings, tmp_path):
    """Acts, a refusal, two signed heads, and one event that still waits; nobody guards it."""
    settings.SANBAN_VAR, settings.SANBAN_ORIGIN = tmp_path, "province.example/sanban"
    ids = [units.make_unit(f"u{n}") for n in range(18)]
    sequencer.integrate()
    units.name_many(units.TRIER, unit_ids=ids)
    with pytest.raises(Refused):
        units.refuse(units.TRIER, unit_id=ids[0])
    sequencer.integrate()
    sealing.seal(_one_witness(tmp_path), _asked)
    units.make_unit("late")
    assert list(audit.examine()) == []
    guards.remove()
    yield
    guards.install()


def _one_witness(folder):
    book = Book(folder / "w", "w.example/one")
    for key in signing.log_keys():
        book.follow(key)
    signing.know(book.key, "witness", clock.now())
    return trust.Trust(witnesses={"one": trust.Witness("one", book.key, str(folder / "w"))}, quorum="one")


def _asked(witness, body):
    answer = judge.add_checkpoint(Book(Path(witness.url)), body)
    return answer.status, answer.body


class _Back(Exception):
    """Raised to take the change away again."""


def _faults(statement, *values):
    found = []
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                assert cursor.rowcount == 1, statement
            found = list(audit.examine())
            raise _Back
    except _Back:
        return found


def _other(field, value):
    if isinstance(value, (bytes, memoryview)):
        kept = bytes(value)
        return kept[:-1] + bytes([kept[-1] ^ 1]) if kept else b"x"
    if isinstance(getattr(field, "target_field", field), models.UUIDField):
        return uuid.uuid4().hex if connection.vendor == "sqlite" else uuid.uuid4()
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value + datetime.timedelta(microseconds=1))
    if isinstance(field, (models.IntegerField, models.BigIntegerField)):
        return (value or 0) + 1000
    return f"{value or ''}x"


def _where(row):
    table = row._meta
    names = [field.attname for field in table.pk_fields]
    values = [getattr(row, name) for name in names]
    if connection.vendor == "sqlite":
        values = [value.hex if isinstance(value, uuid.UUID) else value for value in values]
    return " AND ".join(f"{table.get_field(name).column} = %s" for name in names), values


@pytest.mark.django_db(transaction=True)
def test_every_sealed_value_that_is_changed_is_found(house):
    for table in TABLES:
        row = table.objects.order_by("pk").last()
        where, keys = _where(row)
        for field in table._meta.concrete_fields:
            if field.attname in UNSEALED.get(table, ()) or field.name == "pk":
                continue
            value = _other(field, getattr(row, field.attname))
            statement = f"UPDATE {table._meta.db_table} SET {field.column} = %s WHERE {where}"
            faults = _faults(statement, value, *keys)
            assert faults, f"{table.__name__}.{field.attname} was changed and nobody saw it"


@pytest.mark.django_db(transaction=True)
def test_every_row_that_is_dropped_is_found(house):
    for table in TABLES:
        if table is LedgerCheckpoint:
            continue  # who dropped a signed head took nothing of the log away
        for row in (table.objects.order_by("pk").first(), table.objects.order_by("pk").last()):
            where, keys = _where(row)
            faults = _faults(f"DELETE FROM {table._meta.db_table} WHERE {where}", *keys)
            assert faults, f"a row of {table.__name__} was dropped and nobody saw it"


@pytest.mark.django_db(transaction=True)
def test_the_fault_names_the_object_and_what_does_not_fit(house):
    event = LedgerEvent.objects.filter(ver=2).order_by("id")[0]
    where, keys = _where(event)
    faults = _faults(f"UPDATE ledger_ledgerevent SET actor_ref = 'somebody' WHERE {where}", *keys)
    assert faults == [
        audit.Fault("ledger_event", f"unit/{event.stream_id}/2", "column and envelope differ: actor")
    ]


@pytest.mark.django_db(transaction=True)
def test_an_event_that_was_sealed_anew_no_longer_is_the_one_in_the_tree(house):
    """Whoever changes an event, its commitments and its chain consistently meets the signed heads."""
    event = LedgerEvent.objects.filter(ver=2).order_by("id")[0]
    body = bytes(event.envelope).replace(event.actor_ref.encode(), b"e" * 32, 1)
    salt = bytes(event.salt)
    where, keys = _where(event)
    faults = _faults(
        "UPDATE ledger_ledgerevent SET envelope = %s, c_sha256 = %s, c_sm3 = %s, actor_ref = %s"
        f" WHERE {where}",
        body, sha256(salt + body), sm3(salt + body), "e" * 32, *keys,
    )  # fmt: skip
    assert {fault.table for fault in faults} == {"ledger_head", "ledger_tile", "ledger_checkpoint"}


@pytest.mark.django_db(transaction=True)
def test_two_places_that_were_swapped_are_found(house):
    with transaction.atomic():
        first, second = LedgerLeaf.objects.filter(log="ledger").order_by("idx")[:2]
        spare = uuid.uuid4()
        for idx, event_id in ((0, spare), (1, first.event_id), (0, second.event_id)):
            LedgerLeaf.objects.filter(log="ledger", idx=idx).update(event_id=event_id)
    assert {fault.table for fault in audit.examine()} == {"ledger_head", "ledger_tile", "ledger_checkpoint"}


def _rewrite(name, value):
    """Somebody who has the keys as well puts another value in."""
    for row in LedgerEvent.objects.all():
        fields = units.kept(row.id)
        if name in fields:
            left = [
                (own, kept.salt or b"", value if own == name else kept.body or b"")
                for own, kept in fields.items()
            ]
            contents.put(place_of(row), left, erased={})


@pytest.mark.django_db(transaction=True)
def test_the_command_says_what_does_not_fit_and_ends_so(house):
    assert CliRunner().invoke(main, ["log", "--once"]).output == "已编入日志 1 条\n"
    well = CliRunner().invoke(main, ["audit"])
    assert well.exit_code == 0 and "全部相符" in well.output
    _rewrite("alias", b'"x"')
    ill = CliRunner().invoke(main, ["audit", "--json"])
    told = json.loads(ill.output)
    assert ill.exit_code == 1 and len(told["faults"]) == 18
    assert {row["what"] for row in told["faults"]} == {"field alias is not what was sealed"}
    assert {row["table"] for row in told["differences"]} == {"people_unitname"}
    kept = LedgerAudit.objects.order_by("id")
    assert [(len(row.faults), row.events) for row in kept] == [(0, 38), (18, 38)]
    heads = json.loads(CliRunner().invoke(main, ["ledger", "--json"]).output)["logs"]
    assert [(head["log"], head["size"]) for head in heads] == [("ledger", 37), ("access", 1)]


@pytest.mark.django_db(transaction=True)
def test_heads_signed_under_an_earlier_name_stay_good(house, settings):
    settings.SANBAN_ORIGIN = "renamed.example/sanban"
    sequencer.integrate()
    of_logs = LedgerKey.objects.exclude(purpose="witness")
    assert of_logs.count() == 6  # of both trees of both logs before, of the log that has grown since
    assert list(audit.examine()) == []
