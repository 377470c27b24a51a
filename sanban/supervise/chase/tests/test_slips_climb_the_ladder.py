"""Every step of the ladder comes at its instant, once, whatever stops the clock or the machine."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sanban.base.access.actor import SYSTEM
from sanban.base.clock import freeze
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.log import append_many
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference
from sanban.execute.task import actions as tasks
from sanban.supervise.chase import actions, steps
from sanban.supervise.chase.models import LadderVersion, Slip, Watch
from sanban.supervise.chase.tests import office
from sanban.supervise.chase.tests.office import SIGNER, SUPERVISOR, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> int:
    return office.unit()


def tick(moment: datetime) -> int:
    with freeze(moment):
        return actions.tick_all(SYSTEM)


def slips(task_id: int) -> list[tuple[str, int, str, datetime]]:
    rows = Slip.objects.filter(task_id=task_id).order_by("due_instant", "id")
    return [(s.rung, s.occurrence, s.state, s.due_instant) for s in rows]


def test_remind_comes_at_amber_and_urge_at_red_to_the_minute(unit: int) -> None:
    (task_id,) = office.task(unit)
    watch = Watch.objects.get(task_id=task_id)
    assert watch.amber_at is not None and watch.red_at == at(16, 17, 30)
    assert tick(watch.amber_at - timedelta(minutes=1)) == 0
    assert tick(watch.amber_at) == 1
    assert tick(at(16, 17, 29)) == 0
    assert tick(at(16, 17, 30)) == 1
    urge = Slip.objects.get(task_id=task_id, rung="urge")
    assert (urge.due_instant, urge.due_at) == (at(16, 17, 30), at(17, 17, 30))


def test_a_missed_urge_leads_to_a_proposed_notice_that_only_a_signer_signs(unit: int) -> None:
    (task_id,) = office.task(unit)
    tick(at(16, 17, 30))
    tick(at(17, 17, 30))
    urge, notice = Slip.objects.filter(task_id=task_id).exclude(rung="remind").order_by("id")
    assert (urge.state, urge.next_slip_id, urge.version) == ("escalated", notice.id, 2)
    assert (notice.rung, notice.state, notice.due_instant) == ("notice", "proposed", at(17, 17, 30))
    with freeze(at(18)):
        with pytest.raises(Denied):
            actions.sign(SUPERVISOR, slip_id=notice.id)
        assert actions.sign(SIGNER, slip_id=notice.id) == "督办〔2026〕1号"
    notice.refresh_from_db()
    assert (notice.state, notice.signer_name, notice.due_at) == ("issued", "signer", at(23, 9))
    tick(at(23, 9))
    assert slips(task_id)[-1][0::2] == ("circular", "proposed")
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 1


def test_an_answered_urge_is_repeated_until_the_notice_after_five_days(unit: int) -> None:
    (task_id,) = office.task(unit)
    officer = office.person("officer", unit, "officer")
    for day in range(16, 25):
        tick(at(day, 17, 30))
        for slip in Slip.objects.filter(task_id=task_id, rung="urge", state="issued"):
            with freeze(at(day, 17, 40)):
                actions.reply(officer, slip_id=slip.id, text="月底完成")
                actions.accept_reply(SUPERVISOR, slip_id=slip.id)
    assert [row[::3] for row in slips(task_id)[1:]] == [
        ("urge", at(16, 17, 30)),
        ("urge", at(18, 17, 30)),
        ("urge", at(20, 17, 30)),
        ("notice", at(23, 17, 30)),
    ]


def test_after_a_stop_each_step_comes_once_with_the_instant_it_was_due(unit: int) -> None:
    ids = office.task(unit, n=7)
    tick(at(19, 10))
    for task_id in ids:
        found = slips(task_id)
        assert [row[0] for row in found] == ["remind", "urge", "urge"]
        assert [row[3] for row in found[1:]] == [at(16, 17, 30), at(18, 17, 30)]
    assert set(Slip.objects.values_list("noticed_at", flat=True)) == {at(19, 10)}
    assert tick(at(19, 10)) == 0


def test_an_urgent_task_opens_at_the_notice(unit: int) -> None:
    (task_id,) = office.task(unit, urgency=2)
    tick(at(16, 17, 30))
    assert [row[0] for row in slips(task_id)] == ["remind", "notice"]


def test_a_concluded_task_rests_its_slips_and_is_chased_no_more(unit: int) -> None:
    (task_id,) = office.task(unit)
    tick(at(16, 17, 30))
    with freeze(at(17)):
        tasks.withdraw(SYSTEM, task_id=task_id, reason="并入其他事项")
    assert {row[2] for row in slips(task_id)} == {"closed"}
    assert tick(at(31)) == 0


def test_a_killed_tick_loses_and_doubles_nothing(unit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = office.task(unit, n=9)
    kept = append_many
    count = iter(range(1000))

    def killed(*args: Any, **kwargs: Any) -> Any:
        written = kept(*args, **kwargs)
        if next(count) % 2 == 0:
            raise RuntimeError("killed")
        return written

    monkeypatch.setattr(steps, "append_many", killed)
    with freeze(at(16, 17, 30)):
        for _try in range(30):
            try:
                steps.take_steps(SYSTEM, limit=4)
            except RuntimeError:
                continue
    assert Slip.objects.count() == 2 * len(ids)
    assert Slip.objects.values("task", "rung", "arming", "occurrence").distinct().count() == 2 * len(ids)


def test_a_hand_urge_is_not_doubled_and_strangers_are_refused_on_record(unit: int) -> None:
    (task_id,) = office.task(unit)
    with freeze(at(3)):
        slip_id = actions.urge_now(SUPERVISOR, task_id=task_id)
        with pytest.raises(Refused):
            actions.urge_now(SUPERVISOR, task_id=task_id)
        with pytest.raises(Denied):
            actions.urge_now(office.person("officer", unit, "officer"), task_id=task_id)
        with pytest.raises(Denied):
            actions.reply(office.person("other", None, "officer"), slip_id=slip_id, text="x")
    assert Slip.objects.get(id=slip_id).occurrence == -1
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 3


def test_the_tables_come_out_of_the_ledger_again(unit: int) -> None:
    (task_id, *_rest) = office.task(unit, n=3)
    tick(at(16, 17, 30))
    tick(at(18, 10))
    slip = Slip.objects.get(task_id=task_id, rung="notice")
    with freeze(at(18, 11)):
        actions.sign(SIGNER, slip_id=slip.id)
        tasks.withdraw(SYSTEM, task_id=task_id, reason="并入其他事项")
    assert replay_difference([LadderVersion, Watch, Slip]) == []
