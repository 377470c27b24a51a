"""The operations page: what is wrong is marked and says what to do; for the administrators alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as live
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.calendar.queries import current_calendar
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.models import LedgerCheckpoint, LedgerEvent, LedgerWitness
from sanban.base.ledger.queries import oldest_waiting
from sanban.base.ledger.tlog import sequencer
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.tests.browsers import signed_in
from sanban.base.search.models import SearchEntry
from sanban.desk.operations import queries
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office, assigned, open_office
from sanban.execute.task.ticking import tick_all

pytestmark = pytest.mark.django_db
ADMIN = Actor(ref="a", roles=frozenset({"admin"}))


@pytest.fixture
def office(settings: Any, tmp_path: Any) -> Office:
    settings.SANBAN_VAR = tmp_path
    return open_office()


def found(name: str) -> queries.Finding:
    groups = queries.look_round(actor=ADMIN)
    (one,) = [row for group in groups for row in group.findings if row.name == name]
    return one


@pytest.mark.parametrize(
    ("age", "mark"),
    [(timedelta(minutes=3), "green"), (timedelta(minutes=4), "amber"), (timedelta(minutes=31), "red")],
)
def test_a_late_clock_is_marked_and_says_what_to_do(office, age, mark):
    with clock.freeze(MONDAY):
        tick_all(SYSTEM)
    with clock.freeze(MONDAY + age):
        tick = found("最近一次巡看")
    assert (tick.mark, "sanban clock" in tick.advice) == (mark, mark != "green")
    assert tick.value == f"2026-03-02 09:00:00，{int(age.total_seconds())} 秒之前"


def test_a_clock_that_never_looked_is_red(office):
    assert (found("最近一次巡看").value, found("最近一次巡看").mark) == ("从未", "red")


def test_lights_that_did_not_turn_are_counted_with_the_oldest(office):
    task = assigned(office)
    assert task.amber_at is not None
    with clock.freeze(task.amber_at - timedelta(minutes=1)):
        assert (found("到点未变的灯").value, found("到点未变的灯").mark) == ("没有", "green")
    with clock.freeze(FRIDAY_DUE):
        late = found("到点未变的灯")
    assert late.mark == "red"
    assert late.value == f"1 件，最早应在 {clock.local(task.amber_at):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("age", "mark"),
    [(timedelta(seconds=60), "green"), (timedelta(seconds=61), "amber"), (timedelta(minutes=11), "red")],
)
def test_events_that_wait_for_the_log_are_marked_by_the_oldest(office, age, mark):
    while sequencer.integrate():
        pass
    assert found("等待编入日志的事件").mark == "green"
    assigned(office)
    since = oldest_waiting(actor=ADMIN)
    assert since is not None
    with clock.freeze(since + age):
        waiting = found("等待编入日志的事件")
    assert (waiting.mark, "sanban log" in waiting.advice) == (mark, mark != "green")
    sequencer.integrate()
    head = found("办理日志")
    assert head.mark == "green" and head.value.startswith(f"{LedgerEvent.objects.count():,} 条")


@pytest.mark.parametrize(
    ("age", "mark"),
    [(timedelta(seconds=60), "green"), (timedelta(seconds=61), "amber"), (timedelta(minutes=11), "red")],
)
def test_a_head_without_a_seal_is_marked_by_its_age_until_it_is_sealed(office, age, mark):
    assigned(office)
    while sequencer.integrate():
        pass
    points = LedgerCheckpoint.objects.filter(log="ledger", suite="sha256").order_by("size")
    with clock.freeze(points[0].made_at + age):
        head = found("办理日志")
    assert (head.mark, "三家见证" in head.advice) == (mark, mark != "green")
    points.update(sealed_at=points[0].made_at)
    with clock.freeze(points[0].made_at + age):
        sealed = found("办理日志")
    assert sealed.mark == "green" and sealed.value.endswith(f"已封存 {LedgerEvent.objects.count():,} 条")


def test_a_silent_witness_is_amber_and_one_that_saw_another_history_is_red(office):
    assert found("见证").mark == "amber"
    for name, fault in (
        ("oversight", ""),
        ("general-office", "TimeoutError"),
        ("x", "409: it has signed 50"),
    ):
        LedgerWitness.objects.create(name=name, answered_at=MONDAY, fault=fault)
    assert found("协同监督见证").mark == "green"
    assert (found("综合办见证").mark, "TimeoutError" in found("综合办见证").advice) == ("amber", True)
    assert (found("见证 x").mark, "不同的历史" in found("见证 x").advice) == ("red", True)


def test_the_unknown_part_of_the_calendar_is_announced_two_months_ahead(office, monkeypatch):
    border = date(2027, 1, 1)
    kept = current_calendar(actor=ADMIN)
    assert kept.spec.provisional_from == border
    with clock.freeze(MONDAY):
        assert found("暂定年份").mark == "green"
    with clock.freeze(MONDAY.replace(month=11, day=3)):
        soon = found("暂定年份")
    assert (soon.mark, soon.value.startswith("2027-01-01 起")) == ("amber", True)


@pytest.mark.parametrize(("free", "mark"), [(400, "red"), (1500, "amber"), (5000, "green")])
def test_a_disk_that_fills_is_marked(office, monkeypatch, free, mark):
    usage = type("Usage", (), {"free": free * 1024**2, "total": 10 * 1024**3})
    monkeypatch.setattr("sanban.desk.operations.queries.shutil.disk_usage", lambda _path: usage)
    assert found("数据目录所在磁盘").mark == mark


def test_an_empty_index_is_red_and_can_be_made_anew_by_the_administrator(office):
    assigned(office)
    SearchEntry.objects.all().delete()
    assert found("检索索引条目").mark == "red"
    people.create_people(
        SYSTEM,
        people=[
            PersonDraft(login=role, name=role, unit_id=office.units["general"], roles=(role,))
            for role in ("admin", "auditor")
        ],
    )
    assert signed_in("auditor").post("/operations/index/").status_code == 403
    assert SearchEntry.objects.count() == 2
    assert signed_in("admin").post("/operations/index/").status_code == 302
    assert SearchEntry.objects.filter(kind="task").count() == 1
    assert found("检索索引条目").mark == "green"


def test_only_administrators_and_auditors_look(office):
    with pytest.raises(Denied):
        queries.look_round(actor=office.dispatcher)
    assert signed_in("dispatcher").get("/operations/").status_code == 403


def test_the_page_says_the_worst_first_and_offers_the_rebuild_to_the_administrator(office):
    people.create_people(
        SYSTEM,
        people=[
            PersonDraft(login=role, name=role, unit_id=office.units["general"], roles=(role,))
            for role in ("admin", "auditor")
        ],
    )
    shown = signed_in("admin").get("/operations/").content.decode()
    assert '<p class="note red" role="status">有紧急问题' in shown
    assert "重建检索索引" in shown
    assert "重建检索索引" not in signed_in("auditor").get("/operations/").content.decode()
    assert ("SQLite " in shown) is ("sqlite" in live.DATABASES["default"]["ENGINE"])


def test_looking_asks_a_fixed_number_of_questions(office):
    queries.look_round(actor=ADMIN)

    def asked() -> int:
        with CaptureQueriesContext(connection) as said:
            queries.look_round(actor=ADMIN)
        return len(said)

    few = asked()
    for n in range(10):
        assigned(office, title=f"第{n}件")
    assert asked() == few == 14
