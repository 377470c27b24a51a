"""Each event quotes the one before, carries who and for whom, and one bulk act is one event an object."""

import hashlib
import json

import pytest

from sanban.base.ledger.envelope import canonical, field_digest
from sanban.base.ledger.models import LedgerEvent, LedgerPending
from sanban.base.ledger.queries import entries
from sanban.base.ledger.registry import ERASED
from sanban.base.ledger.shredding import take_out
from sanban.base.ledger.tests import units

pytestmark = pytest.mark.django_db


def test_versions_rise_by_one_and_each_event_quotes_the_commitment_before():
    unit_id = units.make_unit()
    units.name_once(units.TRIER, unit_id=unit_id, version=1, alias="一")
    units.name_once(units.TRIER, unit_id=unit_id, version=2, alias="二")
    rows = list(LedgerEvent.objects.filter(stream_type="unit", stream_id=unit_id).order_by("ver"))
    assert [row.ver for row in rows] == [1, 2, 3]
    quoted = [b"", bytes(rows[0].c_sha256), bytes(rows[1].c_sha256)]
    assert [bytes(row.prev) for row in rows] == quoted
    assert [json.loads(bytes(row.envelope))["prev"] for row in rows] == [part.hex() for part in quoted]


def test_the_envelope_says_who_for_whom_and_commits_to_every_field():
    unit_id = units.make_unit()
    entry = units.name_once(units.TRIER, unit_id=unit_id, version=1, alias="水务处")
    row = LedgerEvent.objects.get(pk=entry.id)
    said = json.loads(bytes(row.envelope))
    assert (said["actor"], said["behalf"], said["office"]) == ("f" * 32, "e" * 32, "7")
    assert (said["kind"], said["stream"], said["object"], said["ver"]) == (
        "people.unit_alias_added", "unit", str(unit_id), 2,
    )  # fmt: skip
    assert said["id"] == entry.id.hex
    assert row.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") == said["at"]
    ((name, field),) = units.kept(entry.id).items()
    salt, value = field.salt or b"", field.body or b""
    assert name == "alias"
    assert (len(salt), value) == (16, '"水务处"'.encode())
    assert said["fields"] == {"alias": field_digest("alias", salt, value)}
    assert canonical(said) == bytes(row.envelope)
    assert bytes(row.c_sha256) == hashlib.sha256(bytes(row.salt) + bytes(row.envelope)).digest()
    assert bytes(row.c_sm3) == hashlib.new("sm3", bytes(row.salt) + bytes(row.envelope)).digest()
    assert LedgerPending.objects.filter(event_id=entry.id).exists()


def test_a_bulk_act_writes_one_event_an_object_in_the_order_given():
    made = [units.make_unit(f"u{n}") for n in range(5)]
    chosen = [made[3], made[0], made[4]]
    found = units.name_many(units.TRIER, unit_ids=chosen)
    assert [entry.stream_id for entry in found] == chosen
    assert [entry.id for entry in found] == sorted(entry.id for entry in found)
    stored = LedgerEvent.objects.filter(kind="people.unit_alias_added").order_by("id")
    assert list(stored.values_list("stream_id", "ver")) == [(key, 2) for key in chosen]
    assert len({entry.at for entry in found}) == 1


def test_an_erased_text_reads_as_erased_and_the_rest_stays():
    unit_id = units.make_unit()
    entry = units.name_once(units.TRIER, unit_id=unit_id, version=1, alias="个人信息")
    row = LedgerEvent.objects.get(id=entry.id)
    take_out(row, ["alias"], order=entry.id)
    (again,) = [e for run in entries(streams=["unit"]) for e in run if e.id == entry.id]
    assert again.event.alias == ERASED
    assert (again.stream_id, again.ver, again.actor_ref) == (unit_id, 2, "f" * 32)
    assert again.digest == entry.digest


def test_reading_the_ledger_back_gives_the_entries_that_were_folded():
    made = [units.make_unit(f"u{n}") for n in range(3)]
    written = units.name_many(units.TRIER, unit_ids=made)
    read = [e for run in entries(streams=["unit"]) for e in run if e.event.kind == "people.unit_alias_added"]
    assert read == written
