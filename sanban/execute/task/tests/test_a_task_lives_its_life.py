"""From assignment to close-out, and back again."""

from datetime import date, timedelta

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.calendar.actions import publish
from sanban.base.calendar.axis import DayKind
from sanban.base.calendar.queries import current_calendar
from sanban.base.calendar.rules import NamedDay
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.queries import timeline
from sanban.base.ledger.replay import replay_difference
from sanban.base.light.engine import Light
from sanban.base.light.models import LightCounter
from sanban.execute.task import actions, queries, ticking
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import Extension, Handover, ProgressReport, TaskItem, TaskPartner
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office, assigned

pytestmark = pytest.mark.django_db
TABLES = [LightCounter, TaskItem, TaskPartner, ProgressReport, Extension, Handover]


def kinds(task: TaskItem) -> list[str]:
    return list(
        LedgerEvent.objects.filter(stream_type="task", stream_id=task.pk)
        .order_by("ver")
        .values_list("kind", flat=True)
    )


def test_every_step_from_assignment_to_close_out_is_one_event(office: Office) -> None:
    task = assigned(office, partners=(office.units["roads"],))
    assert (task.number, task.state, task.version) == ("DC-2026-000001", "assigned", 1)
    with clock.freeze(MONDAY + timedelta(days=1)):
        actions.acknowledge(office.water, task_id=task.pk)
        actions.report(office.water, task_id=task.pk, progress=60, text="已清淤两公里")
        actions.conclude(office.water, task_id=task.pk, text="全部完成")
        actions.verify(office.supervisor, task_id=task.pk, accept=False, note="缺验收照片")
        actions.conclude(office.water, task_id=task.pk, text="照片已补")
        actions.verify(office.supervisor, task_id=task.pk, accept=True, note="属实")
        actions.close_out(office.supervisor, task_id=task.pk)
    task.refresh_from_db()
    assert (task.state, task.progress, task.version, task.light_state) == ("closed_out", 100, 8, "closed")
    assert kinds(task) == [
        "task.task_assigned", "task.task_acknowledged", "task.progress_reported", "task.conclusion_asked",
        "task.task_returned", "task.conclusion_asked", "task.task_verified", "task.task_closed_out",
    ]  # fmt: skip
    said = [line.sentence for line in queries.history(actor=office.water, task=task)]
    assert said[0] == "销号"
    assert said[-1] == "交办给水利厅，时限 2026-03-20"


def test_a_light_turns_amber_then_red_and_each_turn_says_when_it_was_due(office: Office) -> None:
    task = assigned(office)
    with clock.freeze(FRIDAY_DUE + timedelta(days=3)):
        assert ticking.tick_all(SYSTEM) == 2
    task.refresh_from_db()
    assert (Light(task.lit), task.next_at) == (Light.RED, None)
    turns = timeline(actor=office.water, streams=[("task_light", task.pk)])
    assert [turn.values["due_instant"] for turn in reversed(turns)] == [
        task.amber_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if task.amber_at else "", "2026-03-20T09:30:00.000000Z",
    ]  # fmt: skip
    with clock.freeze(FRIDAY_DUE + timedelta(days=4)):
        assert ticking.tick_all(SYSTEM) == 0


def test_a_stranger_is_denied_nothing_is_written_and_the_denial_is_recorded(office: Office) -> None:
    task = assigned(office)
    with pytest.raises(Denied):
        actions.acknowledge(office.stranger, task_id=task.pk)
    task.refresh_from_db()
    assert (task.state, task.version, kinds(task)) == ("assigned", 1, ["task.task_assigned"])
    assert LedgerEvent.objects.filter(kind="access.act_refused", actor_ref=office.stranger.ref).count() == 1
    assert queries.task_by_id(actor=office.stranger, task_id=task.pk) is None


def test_a_stale_page_is_a_conflict_and_changes_nothing(office: Office) -> None:
    task = assigned(office)
    actions.acknowledge(office.water, task_id=task.pk, version=1)
    with pytest.raises(Conflict):
        actions.report(office.water, task_id=task.pk, progress=10, text="刚开工", version=1)
    assert ProgressReport.objects.count() == 0


def test_an_approved_extension_moves_the_light_and_a_refused_one_does_not(office: Office) -> None:
    task = assigned(office)
    later = FRIDAY_DUE + timedelta(days=14)
    with clock.freeze(MONDAY + timedelta(days=1)):
        actions.acknowledge(office.water, task_id=task.pk)
        first = actions.ask_extension(office.water, task_id=task.pk, due_at=later, reason="汛期提前")
        actions.decide_extension(
            office.dispatcher, task_id=task.pk, extension_id=first, approve=False, note="不批"
        )
        assert TaskItem.objects.get(pk=task.pk).red_at == FRIDAY_DUE
        second = actions.ask_extension(office.water, task_id=task.pk, due_at=later, reason="汛期提前")
        actions.decide_extension(
            office.dispatcher, task_id=task.pk, extension_id=second, approve=True, note="同意"
        )
    assert TaskItem.objects.get(pk=task.pk).red_at == later


def test_the_third_hand_over_needs_the_dispatcher(office: Office) -> None:
    task = assigned(office)
    actions.forward(office.water, task_id=task.pk, to_id=office.units["roads"], reason="属道路排水")
    actions.forward(office.roads, task_id=task.pk, to_id=office.units["water"], reason="属河道")
    with pytest.raises(Refused):
        actions.forward(office.water, task_id=task.pk, to_id=office.units["roads"], reason="再转")
    actions.forward(office.dispatcher, task_id=task.pk, to_id=office.units["roads"], reason="裁定")
    assert (Handover.objects.count(), TaskItem.objects.get(pk=task.pk).handovers) == (3, 3)


def test_a_parent_is_never_greener_than_an_open_mandatory_part(office: Office) -> None:
    task = assigned(office)
    soon = MONDAY + timedelta(days=4)
    with clock.freeze(MONDAY + timedelta(hours=1)):
        actions.acknowledge(office.water, task_id=task.pk)
        (part_id,) = actions.break_down(
            office.water,
            task_id=task.pk,
            drafts=[TaskDraft(title="清淤", lead_id=office.units["water"], due_at=soon)],
        )
    with clock.freeze(soon + timedelta(days=1)):
        ticking.tick_all(SYSTEM)
        assert Light(TaskItem.objects.get(pk=task.pk).lit) == Light.RED
        actions.report(office.water, task_id=task.pk, progress=90, text="主体完成")
        assert Light(TaskItem.objects.get(pk=task.pk).lit) == Light.RED
        with pytest.raises(Refused):
            actions.conclude(office.water, task_id=task.pk, text="完成")
        actions.acknowledge(office.water, task_id=part_id)
        actions.conclude(office.water, task_id=part_id, text="完成")
        actions.verify(office.supervisor, task_id=part_id, accept=True, note="属实")
        assert Light(TaskItem.objects.get(pk=task.pk).lit) == Light.GREEN
        actions.conclude(office.water, task_id=task.pk, text="完成")


def test_a_pause_moves_the_term_by_the_working_time_it_lasted(office: Office) -> None:
    task = assigned(office)
    with clock.freeze(MONDAY + timedelta(days=1)):
        actions.pause(office.dispatcher, task_id=task.pk, reason="等待批文")
        assert TaskItem.objects.get(pk=task.pk).next_at is None
    with clock.freeze(MONDAY + timedelta(days=8)):
        actions.resume(office.dispatcher, task_id=task.pk)
    after = TaskItem.objects.get(pk=task.pk)
    assert (after.state, after.due_at) == ("assigned", FRIDAY_DUE + timedelta(days=7))


def test_the_tables_are_what_the_ledger_says(office: Office) -> None:
    task = assigned(office, partners=(office.units["roads"],))
    with clock.freeze(MONDAY + timedelta(days=1)):
        actions.acknowledge(office.water, task_id=task.pk)
        actions.break_down(
            office.water,
            task_id=task.pk,
            drafts=[
                TaskDraft(title=f"子项{n}", lead_id=office.units["roads"], due_at=MONDAY + timedelta(days=n))
                for n in (5, 9)
            ],
        )
        actions.report(office.roads, task_id=task.pk, progress=20, text="配合开展")
    with clock.freeze(FRIDAY_DUE + timedelta(days=2)):
        ticking.tick_all(SYSTEM)
    assert LightCounter.objects.count() > 0
    assert replay_difference(TABLES) == []
    TaskItem.objects.filter(pk=task.pk).update(progress=99)
    (found,) = replay_difference(TABLES)
    assert (found.table, found.row, found.columns) == ("task_taskitem", str(task.pk), ("progress",))
    assert found.live == (99,) and found.again != (99,)


def test_a_published_holiday_moves_the_amber_instant_and_leaves_the_due_date(office: Office) -> None:
    task = assigned(office)
    calendar = current_calendar(actor=SYSTEM)
    holiday = NamedDay(date(2026, 3, 19), DayKind.HOLIDAY, "临时放假")
    with clock.freeze(MONDAY + timedelta(days=1)):
        publish(SYSTEM, name="临时放假", days=[*calendar.days, holiday], base_number=0, provisional_from=None)
        ticking.tick_all(SYSTEM)
        ticking.tick_all(SYSTEM)
    after = TaskItem.objects.get(pk=task.pk)
    assert task.amber_at is not None and after.amber_at is not None
    assert (after.due_at, after.red_at, after.version) == (task.due_at, task.red_at, task.version)
    assert after.amber_at < task.amber_at
    assert LedgerEvent.objects.filter(kind="task.lights_redated").count() == 1
    assert replay_difference(TABLES) == []
