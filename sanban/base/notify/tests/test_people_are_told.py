"""Who is told of what: one message an act, never to the actor, never more than one may know."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference, snapshot
from sanban.base.light.models import LightCounter
from sanban.base.notify import actions, queries
from sanban.base.notify.kinds import Kind
from sanban.base.notify.models import Message, Preference
from sanban.base.notify.tests.office import give, joined, of, pid
from sanban.base.people import actions as people
from sanban.base.people.models import Deputy, Person, RoleGrant, Unit
from sanban.execute.task import actions as tasks
from sanban.execute.task import ticking
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import Extension, Handover, ProgressReport, TaskItem, TaskPartner
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office
from sanban.supervise.chase import actions as chase
from sanban.supervise.chase import steps
from sanban.supervise.chase.models import LadderVersion, Slip, Watch

pytestmark = pytest.mark.django_db
TABLES = [
    Unit, Person, RoleGrant, Deputy, LightCounter, TaskItem, TaskPartner, ProgressReport, Extension, Handover,
    LadderVersion, Watch, Slip, Message, Preference,
]  # fmt: skip


def test_a_meeting_that_makes_35_tasks_sends_each_person_one_message(office: Office) -> None:
    give(office, 35, partners=(office.units["roads"],))
    (lead,), (partner,) = of("water"), of("roads")
    assert Message.objects.count() == 2
    assert (lead.kind, lead.count, partner.kind, partner.count) == (Kind.NEW, 35, Kind.PARTNER, 35)
    shown = queries.inbox_page(actor=office.water).rows[0]
    assert shown.head == "新交办 35 件任务"
    assert shown.text == "整治第1段、整治第2段、整治第3段等"
    assert shown.link == "/tasks/?state=assigned&mine=on"
    assert [title for _number, title in lead.lines] == [f"整治第{n}段" for n in range(1, 6)]


def test_a_single_task_is_named_and_leads_to_its_page(office: Office) -> None:
    (task_id,) = give(office)
    (shown,) = queries.inbox_page(actor=office.water).rows
    number = TaskItem.objects.get(pk=task_id).number
    assert (shown.head, shown.text) == ("整治第1段", "请签收办理，时限 2026-03-20")
    assert (shown.link, shown.by, shown.unread, shown.urgent) == (
        f"/tasks/{number}/",
        "dispatcher",
        True,
        False,
    )


def test_two_acts_are_two_messages_and_nobody_is_told_of_his_own(office: Office) -> None:
    give(office)
    with clock.freeze(MONDAY + timedelta(minutes=1)):
        task = tasks.assign_many(office.dispatcher, drafts=[_draft(office, "general")])
    assert [m.count for m in of("water")] == [1]
    assert of("dispatcher") == []
    assert len(task) == 1


def _draft(office: Office, lead: str, **more):
    return TaskDraft(title="另一件", lead_id=office.units[lead], due_at=FRIDAY_DUE, **more)


def test_the_owner_is_told_beside_the_liaison_and_one_person_is_told_once(office: Office) -> None:
    owner = joined(office, "engineer", "water", "officer")
    give(office, owner_id=owner.person_id, partners=(office.units["water"],))
    assert [(m.kind, m.count) for m in of("engineer")] == [(Kind.NEW, 1)]
    assert [(m.kind, m.count) for m in of("water")] == [(Kind.NEW, 1)]


def test_what_a_unit_asks_goes_to_who_assigned_and_the_answer_comes_back(office: Office) -> None:
    (task_id,) = give(office)
    with clock.freeze(MONDAY + timedelta(hours=1)):
        tasks.acknowledge(office.water, task_id=task_id)
        tasks.ask_extension(
            office.water, task_id=task_id, due_at=FRIDAY_DUE + timedelta(days=7), reason="汛期"
        )
    (asked,) = of("dispatcher")
    assert (asked.kind, asked.words) == (Kind.ASKED, "申请延期至 {due_to_on}：{reason}")
    extension = Extension.objects.get()
    with clock.freeze(MONDAY + timedelta(hours=2)):
        tasks.decide_extension(
            office.dispatcher, task_id=task_id, extension_id=extension.pk, approve=True, note="同意"
        )
    shown = queries.inbox_page(actor=office.water).rows[0]
    assert (shown.kind, shown.text) == ("答复", "同意延期至 2026-03-27：同意")


def test_when_the_assigner_has_left_the_successor_is_asked(office: Office) -> None:
    second = joined(office, "second", "general", "officer")
    (task_id,) = give(office)
    with clock.freeze(MONDAY + timedelta(hours=1)):
        people.leave(SYSTEM, person_id=pid(office.dispatcher), successor_id=pid(second))
        tasks.send_back(office.water, task_id=task_id, reason="不属我厅")
    assert [m.words for m in of("second")] == ["退回交办单位：{reason}"]
    assert of("dispatcher") == []


def test_what_nobody_in_person_assigned_is_asked_of_the_dispatchers_of_the_office(office: Office) -> None:
    (task_id,) = give(office, actor=replace(office.dispatcher, ref="gone", person_id=None))
    with clock.freeze(MONDAY + timedelta(hours=1)):
        tasks.send_back(office.water, task_id=task_id, reason="不属我厅")
    assert [m.words for m in of("dispatcher")] == ["退回交办单位：{reason}"]


def test_who_stands_in_is_told_too(office: Office) -> None:
    deputy = joined(office, "deputy", "water", "officer")
    with clock.freeze(MONDAY - timedelta(days=1)):
        people.appoint_deputy(
            SYSTEM, person_id=pid(office.water), deputy_id=pid(deputy), until=None, reason="休假"
        )
    give(office)
    assert [m.count for m in of("deputy")] == [1]
    assert [m.count for m in of("water")] == [1]


def test_a_secret_matter_is_told_by_its_number_to_who_is_not_cleared(office: Office) -> None:
    people.set_clearance(SYSTEM, person_id=pid(office.dispatcher), clearance=2)
    cleared = replace(office.dispatcher, clearance=2)
    (task_id,) = give(office, actor=cleared, level=2)
    number = TaskItem.objects.get(pk=task_id).number
    (message,) = of("water")
    assert (message.lines, message.values) == ([[number, ""]], {})
    (shown,) = queries.inbox_page(actor=office.water).rows
    assert (shown.head, shown.text) == (number, "")


def test_a_title_once_kept_is_hidden_when_the_clearance_has_fallen(office: Office) -> None:
    for who in (office.dispatcher, office.water):
        people.set_clearance(SYSTEM, person_id=pid(who), clearance=2)
    (task_id,) = give(office, actor=replace(office.dispatcher, clearance=2), level=2)
    number = TaskItem.objects.get(pk=task_id).number
    high = replace(office.water, clearance=2)
    assert queries.inbox_page(actor=high).rows[0].head == "整治第1段"
    assert queries.inbox_page(actor=office.water).rows[0].head == number


def test_a_light_that_turns_red_and_the_slips_that_follow_are_told_at_once(office: Office) -> None:
    joined(office, "signer", "inspection", "signer")
    give(office, 2)
    with clock.freeze(FRIDAY_DUE + timedelta(minutes=1)):
        ticking.tick_all(SYSTEM)
        steps.tick_all(SYSTEM)
    told = [(m.kind, m.urgent, m.count) for m in of("water") if m.at > FRIDAY_DUE]
    assert (Kind.LIGHT, True, 2) in told
    assert (Kind.CHASED, True, 2) in told
    task_id = TaskItem.objects.order_by("pk").values_list("pk", flat=True)[0]
    with clock.freeze(FRIDAY_DUE + timedelta(hours=1)):
        slip = chase.propose(office.supervisor, task_id=task_id, rung="notice", reason="久拖不决")
    (proposed,) = of("signer")
    assert (proposed.kind, proposed.values) == (Kind.ASKED, {"reason": "久拖不决"})
    assert proposed.link == f"/chase/{slip}/"


def test_messages_are_the_same_after_a_rebuild_of_all_rooms(office: Office) -> None:
    owner = joined(office, "engineer", "water", "officer")
    ids = give(office, 7, owner_id=owner.person_id, partners=(office.units["roads"],))
    with clock.freeze(MONDAY + timedelta(hours=1)):
        tasks.acknowledge(office.water, task_id=ids[0])
        tasks.send_back(office.water, task_id=ids[1], reason="不属我厅")
        people.leave(SYSTEM, person_id=pid(office.water), successor_id=pid(owner))
        actions.read_all(owner)
        actions.set_preferences(
            owner, mail_kinds=["new"], digest_minute=600, quiet_from=0, quiet_until=0, sms=False
        )
    with clock.freeze(FRIDAY_DUE + timedelta(minutes=1)):
        ticking.tick_all(SYSTEM)
        steps.tick_all(SYSTEM)
    assert Message.objects.filter(read=True).count() == 1
    assert replay_difference(TABLES) == []
    Message.objects.filter(person__login="engineer", read=True).update(count=6)
    assert [(one.table, one.columns) for one in replay_difference(TABLES)] == [("notify_message", ("count",))]


def test_an_act_met_in_two_pieces_at_a_rebuild_is_still_one_message(office: Office) -> None:
    give(office, 401)
    assert [m.count for m in of("water")] == [401]
    before = snapshot([Message])
    assert replay_difference([Message]) == []
    assert snapshot([Message]) == before


def test_reading_is_an_act_with_one_event_and_reads_only_what_is_ones_own(office: Office) -> None:
    give(office, partners=(office.units["roads"],))
    (mine,), (other,) = of("water"), of("roads")
    with clock.freeze(MONDAY + timedelta(hours=1)):
        link = actions.read_message(office.water, message_id=mine.id)
        actions.read_message(office.water, message_id=mine.id)
        with pytest.raises(Refused, match="没有这条消息"):
            actions.read_message(office.water, message_id=other.id)
    assert link == mine.link
    assert LedgerEvent.objects.filter(kind="notify.messages_read").count() == 1
    assert queries.unread_count(actor=office.water) == 0
    assert queries.unread_count(actor=office.roads) == 1
    assert Message.objects.get(pk=mine.id).read_at == MONDAY + timedelta(hours=1)


def test_everything_until_now_is_read_with_one_event_and_nothing_with_none(office: Office) -> None:
    give(office)
    with clock.freeze(MONDAY + timedelta(minutes=1)):
        tasks.assign_many(office.dispatcher, drafts=[_draft(office, "water")])
    with clock.freeze(MONDAY + timedelta(hours=1)):
        assert actions.read_all(office.water) == 2
        assert actions.read_all(office.water) == 0
    assert LedgerEvent.objects.filter(kind="notify.messages_read").count() == 1
    assert queries.unread_count(actor=office.water) == 0
