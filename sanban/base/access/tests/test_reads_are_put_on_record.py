"""Secret reads stand in the ledger before a byte leaves; others are rows; public ones are counted (§5.2 数据溯源)."""

import json
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.test import RequestFactory

from sanban.base import clock
from sanban.base.access.actor import INTERNAL, PUBLIC, SECRET, SYSTEM, Actor
from sanban.base.access.events import ReadsSealed
from sanban.base.access.models import AccessRecord, ReadBatch, ReadCount, ReadWriter
from sanban.base.access.readlog import buffer, recording, sealing
from sanban.base.access.readlog.recording import EXPORT, Unrecorded, digest_of, listed, shown
from sanban.base.access.readlog.waiting import WAITING
from sanban.base.access.routing import read_log_db
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.queries import entries_of
from sanban.base.ledger.tlog import heads, sequencer
from sanban.desk.api_root.tests.office import MONDAY

pytestmark = pytest.mark.django_db
READER = Actor(ref="reader", person_id=7, name="何霞", unit_id=3, clearance=SECRET)


def _request(path: str = "/tasks/?light=red&q=河", actor: Actor = READER) -> Any:
    request: Any = RequestFactory().get(path)
    request.actor, request.resolver_match = actor, SimpleNamespace(view_name="task:register")
    return request


def _secret_events() -> list[LedgerEvent]:
    return list(LedgerEvent.objects.filter(kind="access.secret_read"))


def test_an_internal_object_becomes_a_row_and_no_event() -> None:
    with clock.freeze(MONDAY):
        shown(_request(), "task", 41, level=INTERNAL)
        assert AccessRecord.objects.count() == 0
        assert buffer.flush() == 1
    row = AccessRecord.objects.get()
    assert (row.at, row.actor_ref, row.person_id, row.unit_id) == (MONDAY, "reader", 7, 3)
    assert (row.stream, row.object_id, row.how, row.level, row.count) == ("task", 41, "page", INTERNAL, 1)
    assert _secret_events() == []


def test_a_secret_is_an_event_of_the_access_log_before_the_view_goes_on() -> None:
    shown(_request(), "task", 42, level=SECRET, fields=["timeline"])
    (event,) = _secret_events()
    assert (event.actor_ref, event.stream_type, event.label) == ("reader", "access", SECRET)
    (entry,) = entries_of(actor=SYSTEM, kind="access.secret_read")
    assert (entry.event.of_stream, entry.event.object_id, entry.event.fields) == ("task", 42, ["timeline"])
    buffer.flush()
    assert AccessRecord.objects.get().event_id == event.id
    sequencer.integrate()
    place = heads.place_of(event.id)
    assert place is not None
    assert place[0] == "access"


def test_when_a_secret_read_cannot_be_written_the_view_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(recording, "append", broken)
    with pytest.raises(Unrecorded, match="查阅须先登记"):
        shown(_request(), "task", 42, level=SECRET)
    assert WAITING.take()[0] == []
    shown(_request(), "task", 42, level=INTERNAL)
    assert len(WAITING.take()[0]) == 1


def test_a_public_object_is_counted_by_person_object_and_hour() -> None:
    with clock.freeze(MONDAY):
        for _n in range(3):
            shown(_request(), "policy", 5, level=PUBLIC)
        buffer.flush()
        shown(_request(), "policy", 5, level=PUBLIC)
        buffer.flush()
    with clock.freeze(MONDAY + timedelta(hours=1)):
        shown(_request(), "policy", 5, level=PUBLIC)
        buffer.flush()
    found = ReadCount.objects.order_by("hour").values_list("hour", "actor_ref", "object_id", "count")
    assert list(found) == [(MONDAY, "reader", 5, 4), (MONDAY + timedelta(hours=1), "reader", 5, 1)]
    assert AccessRecord.objects.count() == 0


def test_a_list_is_one_row_with_its_filters_its_count_and_the_digest_of_its_ids() -> None:
    listed(_request(), "task", [9, 3, 9], level=INTERNAL)
    listed(_request("/tasks/export"), "task", [3], level=INTERNAL, how=EXPORT, predicate={"filter": "红灯"})
    buffer.flush()
    first, second = AccessRecord.objects.order_by("id")
    assert (first.how, first.count, first.object_id) == ("list", 2, None)
    assert json.loads(first.predicate) == {"light": "red", "q": "河"}
    assert first.digest == digest_of([3, 9]) != second.digest
    assert (second.how, json.loads(second.predicate)) == ("export", {"filter": "红灯"})


def test_a_list_with_one_secret_in_it_is_a_secret_read_and_an_empty_one_is_none() -> None:
    rows = [{"id": 1, "level": INTERNAL}, {"id": 2, "level": SECRET}]
    listed(_request(), "task", rows)
    listed(_request(), "task", [], level=SECRET)
    (event,) = entries_of(actor=SYSTEM, kind="access.secret_read")
    assert (event.event.object_id, event.event.count, event.event.digest) == (None, 2, digest_of([1, 2]))


def test_the_digest_of_each_batch_stands_in_the_access_log_and_a_touched_row_is_named() -> None:
    for key in (1, 2, 3):
        shown(_request(), "task", key, level=INTERNAL)
    buffer.flush()
    assert sealing.seal() == 3
    assert sealing.seal() == 0
    (event,) = entries_of(actor=SYSTEM, kind=ReadsSealed.kind)
    assert event.event.count == 3
    assert ReadBatch.objects.get().event_id == event.id
    assert list(sealing.faults()) == []
    AccessRecord.objects.filter(object_id=2).update(actor_ref="somebody")
    assert list(sealing.faults()) == [(event.stream_id, "a row is not as it was when it was sealed")]
    AccessRecord.objects.filter(object_id=2).delete()
    assert list(sealing.faults()) == [(event.stream_id, "3 rows were sealed, 2 are there")]


def test_a_batch_whose_event_was_written_before_a_crash_is_announced_once() -> None:
    shown(_request(), "task", 1, level=INTERNAL)
    buffer.flush()
    sealing.seal()
    ReadBatch.objects.update(event_id=None)
    sealing.seal()
    (event,) = entries_of(actor=SYSTEM, kind=ReadsSealed.kind)
    assert ReadBatch.objects.get().event_id == event.id


def test_a_writer_that_died_leaves_a_gap_and_its_secret_reads_come_back_from_the_ledger() -> None:
    with clock.freeze(MONDAY):
        ReadWriter.objects.create(id=new_id(), started_at=MONDAY, alive_at=MONDAY)
        shown(_request(), "task", 42, level=SECRET)
        WAITING.take()  # the process dies with what waited
    with clock.freeze(MONDAY + timedelta(seconds=80)):
        assert sealing.mark_gaps() == 0
    with clock.freeze(MONDAY + timedelta(minutes=5)):
        assert sealing.mark_gaps() == 1
        assert sealing.mark_gaps() == 0
    gap, secret = AccessRecord.objects.order_by("id")
    assert (gap.how, gap.at) == ("gap", MONDAY)
    assert json.loads(gap.predicate)["until"] == (MONDAY + buffer.ALIVE_EVERY).isoformat()
    assert (secret.stream, secret.object_id, secret.event_id) == ("task", 42, _secret_events()[0].id)


def test_what_cannot_be_written_waits_and_is_written_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise DatabaseError("locked")

    shown(_request(), "task", 1, level=INTERNAL)
    shown(_request(), "policy", 5, level=PUBLIC)
    with monkeypatch.context() as patch:
        patch.setattr(buffer, "write", broken)
        with pytest.raises(DatabaseError):
            buffer.flush()
    shown(_request(), "task", 2, level=INTERNAL)
    assert buffer.flush() == 2
    assert list(AccessRecord.objects.order_by("id").values_list("object_id", flat=True)) == [1, 2]
    assert ReadCount.objects.get().count == 1


def test_more_than_can_wait_leaves_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffer, "MOST", 2)
    for key in (1, 2, 3):
        shown(_request(), "task", key, level=INTERNAL)
    assert buffer.flush() == 3
    assert list(AccessRecord.objects.order_by("id").values_list("how", flat=True)) == ["page", "page", "gap"]


@pytest.mark.django_db(transaction=True)
def test_a_thread_of_the_process_writes_within_moments_and_ends_in_order(settings: Any) -> None:
    settings.SANBAN_READ_LOG_THREAD = True
    shown(_request(), "task", 1, level=INTERNAL)
    written = threading.Event()
    for _n in range(100):
        if AccessRecord.objects.exists():
            written.set()
            break
        threading.Event().wait(0.05)
    assert written.is_set()
    writer = ReadWriter.objects.get()
    assert writer.ended_at is None
    buffer.stop()
    assert ReadWriter.objects.get().ended_at is not None


@pytest.mark.django_db(transaction=True)
def test_reading_never_waits_for_an_act_that_is_being_written() -> None:
    """On SQLite the log has a file of its own: a row is written while an act holds the other file."""
    if connections["default"].vendor != "sqlite":
        assert read_log_db() == "default"
        return
    done = threading.Event()

    def write() -> None:
        shown(_request(), "task", 1, level=INTERNAL)
        buffer.flush()
        connections[read_log_db()].close()
        done.set()

    with transaction.atomic():
        append(SYSTEM, _event(), stream_id=new_id(), version=0)
        thread = threading.Thread(target=write)
        thread.start()
        assert done.wait(5)
    thread.join()
    assert AccessRecord.objects.count() == 1


def _event() -> ReadsSealed:
    return ReadsSealed(first_id=1, last_id=1, count=1, sha256="", until=MONDAY)
