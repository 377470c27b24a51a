"""A draft must name what is there: whole, policy, measure, owner, partners; and cooperating units may change."""

from datetime import timedelta

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference
from sanban.base.light.engine import Light
from sanban.base.light.models import LightCounter
from sanban.execute.task import actions, queries, ticking
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import Extension, Handover, ProgressReport, TaskItem, TaskPartner
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office, assigned

pytestmark = pytest.mark.django_db


def draft(office: Office, **more: object) -> TaskDraft:
    given = {"title": "清理管网", "lead_id": office.units["roads"], "due_at": FRIDAY_DUE, **more}
    return TaskDraft(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("policy", {"policy_id": 999}),
        ("measure", {"measure_id": 999}),
        ("partners", {"partners": (999,)}),
        ("owner", {"owner_id": 999}),
        ("lead", {"lead_id": 999}),
        ("parent", {"parent_key": "3"}),
        ("title", {"title": "长" * 201}),
    ],
)
def test_a_draft_that_names_what_is_not_there_is_refused_by_its_field(
    office: Office, field: str, wrong: dict[str, object]
) -> None:
    with clock.freeze(MONDAY), pytest.raises(Refused) as refused:
        actions.assign_many(office.dispatcher, drafts=[draft(office), draft(office, **wrong)])
    assert refused.value.field == field
    assert TaskItem.objects.count() == 0
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 1


def test_the_owner_must_work_in_the_lead_unit(office: Office) -> None:
    with clock.freeze(MONDAY), pytest.raises(Refused) as refused:
        actions.assign_many(office.dispatcher, drafts=[draft(office, owner_id=office.water.person_id)])
    assert refused.value.field == "owner"


def test_a_part_takes_level_and_policy_of_its_whole_and_ends_no_later(office: Office) -> None:
    tree = [
        draft(office, key="1", level=1),
        draft(office, parent_key="1", title="第一段", due_at=FRIDAY_DUE - timedelta(days=1), level=0),
    ]
    with clock.freeze(MONDAY):
        whole, part = actions.assign_many(office.dispatcher, drafts=tree)
        rows = TaskItem.objects.in_bulk([whole, part])
        assert (rows[part].parent_id, rows[part].level) == (whole, 1)
        late = draft(office, parent_id=whole, due_at=FRIDAY_DUE + timedelta(days=1))
        with pytest.raises(Refused) as refused:
            actions.assign_many(office.dispatcher, drafts=[late])
    assert refused.value.field == "due_at"


def test_nobody_hangs_a_part_under_a_task_he_has_no_part_in(office: Office) -> None:
    task = assigned(office)
    with clock.freeze(MONDAY):
        for actor in (office.stranger, office.roads):
            with pytest.raises(Denied):
                actions.assign_many(actor, drafts=[draft(office, parent_id=task.pk)])
        actions.withdraw(office.dispatcher, task_id=task.pk, reason="不再需要")
        with pytest.raises(Refused) as refused:
            actions.assign_many(office.dispatcher, drafts=[draft(office, parent_id=task.pk)])
    assert refused.value.field == "parent"
    assert TaskItem.objects.count() == 1


def test_cooperating_units_change_with_a_reason_and_lose_or_gain_sight(office: Office) -> None:
    task = assigned(office, partners=(office.units["roads"],))
    parks = office.units["parks"]
    with clock.freeze(MONDAY):
        actions.set_partners(office.dispatcher, task_id=task.pk, partners=[parks], reason="绿化由园林承担")
        with pytest.raises(Refused):
            actions.set_partners(office.dispatcher, task_id=task.pk, partners=[parks], reason="再来一次")
        with pytest.raises(Denied):
            actions.set_partners(office.water, task_id=task.pk, partners=[], reason="不要配合")
    assert [row.unit_id for row in TaskPartner.objects.all()] == [parks]
    assert queries.task_by_id(actor=office.roads, task_id=task.pk) is None
    lines = queries.history(actor=office.dispatcher, task=task)
    assert lines[0].sentence == "配合单位调整为园林局：绿化由园林承担"
    tables = [LightCounter, TaskItem, TaskPartner, ProgressReport, Extension, Handover]
    assert replay_difference(tables) == []


def test_the_whole_of_a_deep_tree_carries_the_earliest_instants_of_all_its_parts(office: Office) -> None:
    early = FRIDAY_DUE - timedelta(days=7)
    tree = [
        draft(office, key="1"),
        draft(office, key="1.1", parent_key="1", title="上段"),
        draft(office, parent_key="1.1", title="上段清淤", due_at=early),
        draft(office, parent_key="1", title="下段"),
    ]
    with clock.freeze(MONDAY):
        top, middle, leaf, other = actions.assign_many(office.dispatcher, drafts=tree)
    rows = TaskItem.objects.in_bulk()
    assert [rows[key].red_at for key in (top, middle, leaf, other)] == [early, early, early, FRIDAY_DUE]
    with clock.freeze(early + timedelta(minutes=1)):
        ticking.tick_all(SYSTEM)
    rows = TaskItem.objects.in_bulk()
    assert [rows[key].lit for key in (top, middle, leaf, other)] == [int(Light.RED)] * 3 + [rows[other].lit]
    assert rows[other].lit != int(Light.RED)
    with clock.freeze(early + timedelta(hours=1)):
        actions.withdraw(office.dispatcher, task_id=leaf, reason="并入下段")
    assert TaskItem.objects.get(pk=top).red_at == FRIDAY_DUE
    tables = [LightCounter, TaskItem, TaskPartner, ProgressReport, Extension, Handover]
    assert replay_difference(tables) == []
