"""A policy is registered, its measures are proposed, corrected, confirmed or rejected, and the list is settled."""

from datetime import date
from typing import Any

import pytest

from sanban.base.ledger.errors import Conflict, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference, snapshot
from sanban.decide.policy import actions, queries
from sanban.decide.policy.models import Measure, Policy
from sanban.decide.policy.tests.office import PUMPS, TEXT, WATCH, draft, open_office, proposed, registered

pytestmark = pytest.mark.django_db


def _rows():
    return snapshot([Policy, Measure])


def test_a_registered_policy_belongs_to_its_registrar_and_waits():
    office = open_office()
    policy = Policy.objects.get(pk=registered(office, "water"))
    assert (policy.state, policy.version, policy.level) == ("registered", 1, 1)
    assert (policy.unit_id, policy.registered_by) == (office.units["water"], office.actor("water").ref)
    assert policy.text == TEXT


@pytest.mark.parametrize(("change", "field"), [({"title": " "}, "title"), ({"text": " \n"}, "file")])
def test_a_policy_without_title_or_text_is_refused(change, field):
    office = open_office()
    values = {"title": "通知", "text": TEXT, **change}
    with pytest.raises(Refused) as refusal:
        actions.register(actor=office.actor("dispatcher"), **values)
    assert refusal.value.field == field
    assert Policy.objects.count() == 0


def test_proposals_quote_the_text_and_nothing_follows_from_them():
    office = open_office()
    policy_id, ids = proposed(office)
    rows = queries.measures_of(actor=office.actor("dispatcher"), policy_id=policy_id)
    assert [(r.pk, r.order, r.text, r.title, r.state, r.origin) for r in rows] == [
        (ids[0], 1, PUMPS, "改造泵站", "proposed", "read"),
        (ids[1], 2, WATCH, "建立值守制度", "proposed", "read"),
    ]
    assert Policy.objects.get().state == "registered"
    kinds = LedgerEvent.objects.filter(stream_type="measure").values_list("kind", "ver")
    assert list(kinds) == [("policy.measure_proposed", 1)] * 2


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 5), (5, 5), (5, 4), (0, len(TEXT) + 1), (len("各厅局："), len("各厅局：") + 1)]
)
def test_a_span_outside_the_text_or_over_nothing_is_refused(start, end):
    office = open_office()
    policy_id = registered(office)
    with pytest.raises(Refused) as refusal:
        actions.add_measure(
            actor=office.actor("dispatcher"),
            policy_id=policy_id,
            draft=actions.MeasureDraft(start=start, end=end, title="x"),
        )
    assert refusal.value.field == "start"
    assert Measure.objects.count() == 0


def test_a_fact_without_a_place_in_the_text_is_refused():
    office = open_office()
    policy_id = registered(office)
    with pytest.raises(Refused, match="没有出处"):
        actions.propose_measures(
            actor=office.actor("dispatcher"),
            policy_id=policy_id,
            drafts=[draft(facts=({"kind": "due", "start": 3, "end": len(TEXT) + 9},))],
        )
    assert Measure.objects.count() == 0


def test_a_measure_marked_by_hand_is_confirmed_with_that_and_not_twice():
    office = open_office()
    policy_id = registered(office)
    actor = office.actor("researcher")
    pk = actions.add_measure(actor=actor, policy_id=policy_id, draft=draft(WATCH))
    row = Measure.objects.get(pk=pk)
    assert (row.state, row.origin, row.order) == ("confirmed", "added", 1)
    with pytest.raises(Refused, match="已经是一条举措"):
        actions.add_measure(actor=actor, policy_id=policy_id, draft=draft(WATCH))
    actions.reject_measure(actor=actor, measure_id=pk, reason="属于背景")
    again = actions.add_measure(actor=actor, policy_id=policy_id, draft=draft(WATCH))
    assert Measure.objects.get(pk=again).order == 2


def _edit(actor, pk, **change):
    values: dict[str, Any] = {
        "title": "改造十二座泵站", "lead_id": None, "partners": [], "due_on": None, "acceptance": "", **change,
    }  # fmt: skip
    actions.edit_measure(actor=actor, measure_id=pk, **values)


def test_a_correction_stands_whole_and_the_former_values_in_the_ledger():
    office = open_office()
    _policy, (pk, _other) = proposed(office)
    water, fire = office.units["water"], office.units["fire"]
    _edit(
        office.actor("dispatcher"), pk, lead_id=water, partners=[fire, fire, water], due_on=date(2026, 6, 30),
        acceptance=" 通水 ", version=1,
    )  # fmt: skip
    row = Measure.objects.get(pk=pk)
    assert (row.title, row.lead_id, row.partners) == ("改造十二座泵站", water, [fire])
    assert (row.due_on, row.acceptance, row.version, row.state) == (date(2026, 6, 30), "通水", 2, "proposed")
    assert row.text == PUMPS


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"title": " "}, Refused, "title"),
        ({"title": "长" * 201}, Refused, "title"),
        ({"partners": [1]}, Refused, "lead"),
        ({"version": 7}, Conflict, None),
    ],
)
def test_a_faulty_or_late_correction_writes_nothing(change, error, field):
    office = open_office()
    _policy, (pk, _other) = proposed(office)
    before = _rows()
    with pytest.raises(error) as refusal:
        _edit(office.actor("dispatcher"), pk, **change)
    assert refusal.value.field == field
    assert _rows() == before


def test_confirming_rejecting_and_taking_a_rejection_back():
    office = open_office()
    actor = office.actor("dispatcher")
    policy_id, (pumps, watch) = proposed(office)
    assert actions.confirm_measures(actor=actor, policy_id=policy_id, measure_ids=[pumps, pumps]) == 1
    with pytest.raises(Refused, match="已经确认过"):
        actions.confirm_measures(actor=actor, policy_id=policy_id, measure_ids=[pumps, watch])
    with pytest.raises(Refused, match="剔除理由"):
        actions.reject_measure(actor=actor, measure_id=watch, reason=" ")
    actions.reject_measure(actor=actor, measure_id=watch, reason="属于背景表述")
    assert Measure.objects.get(pk=watch).reason == "属于背景表述"
    with pytest.raises(Refused, match="不能再改"):
        _edit(actor, watch)
    actions.confirm_measures(actor=actor, policy_id=policy_id, measure_ids=[watch])
    row = Measure.objects.get(pk=watch)
    assert (row.state, row.reason, row.version) == ("confirmed", "", 3)


@pytest.mark.parametrize("chosen", [[], [5], "other"])
def test_only_measures_of_this_policy_are_confirmed(chosen):
    office = open_office()
    policy_id, _ids = proposed(office)
    _other, other_ids = proposed(office)
    before = _rows()
    with pytest.raises(Refused, match="本文件的举措"):
        actions.confirm_measures(
            actor=office.actor("dispatcher"),
            policy_id=policy_id,
            measure_ids=other_ids if chosen == "other" else chosen,
        )
    assert _rows() == before


def test_the_list_is_settled_when_each_was_decided_on_and_one_stands():
    office = open_office()
    actor = office.actor("dispatcher")
    policy_id, (pumps, watch) = proposed(office)
    with pytest.raises(Refused, match="还有 2 条"):
        actions.confirm_policy(actor=actor, policy_id=policy_id)
    actions.reject_measure(actor=actor, measure_id=watch, reason="属于背景")
    actions.reject_measure(actor=actor, measure_id=pumps, reason="属于背景")
    with pytest.raises(Refused, match="没有一条确认"):
        actions.confirm_policy(actor=actor, policy_id=policy_id)
    actions.confirm_measures(actor=actor, policy_id=policy_id, measure_ids=[pumps])
    actions.confirm_policy(actor=actor, policy_id=policy_id)
    assert Policy.objects.get().state == "confirmed"
    with pytest.raises(Refused, match="已经核定"):
        actions.confirm_policy(actor=actor, policy_id=policy_id)


def test_a_dispatched_measure_names_its_task_and_is_open_to_no_change():
    office = open_office()
    actor = office.actor("dispatcher")
    policy_id, (pumps, watch) = proposed(office)
    with pytest.raises(Refused, match="只有已确认"):
        actions.mark_dispatched(actor=actor, policy_id=policy_id, tasks={pumps: 77})
    actions.confirm_measures(actor=actor, policy_id=policy_id, measure_ids=[pumps])
    assert actions.mark_dispatched(actor=actor, policy_id=policy_id, tasks={pumps: 77}) == 1
    row = Measure.objects.get(pk=pumps)
    assert (row.state, row.task_id, row.policy.state) == ("dispatched", 77, "registered")
    with pytest.raises(Refused, match="不能再改"):
        actions.reject_measure(actor=actor, measure_id=pumps, reason="属于背景")
    assert queries.policies_of_measures(actor=actor, measure_ids=[pumps, watch]) == {
        pumps: policy_id, watch: policy_id,
    }  # fmt: skip


def test_a_policy_is_dispatched_when_nothing_waits_and_open_again_when_something_does():
    office = open_office()
    actor = office.actor("dispatcher")
    policy_id, (pumps, watch) = proposed(office)
    state = Policy.objects.filter(pk=policy_id).values_list("state", flat=True).get
    actions.confirm_measures(actor=actor, policy_id=policy_id, measure_ids=[pumps])
    actions.mark_dispatched(actor=actor, policy_id=policy_id, tasks={pumps: 77})
    assert state() == "registered"
    actions.reject_measure(actor=actor, measure_id=watch, reason="属于背景")
    assert state() == "dispatched"
    actions.confirm_measures(actor=actor, policy_id=policy_id, measure_ids=[watch])
    assert state() == "registered"
    assert replay_difference([Policy, Measure]) == []


def test_the_tables_follow_from_the_ledger():
    office = open_office()
    actor = office.actor("dispatcher")
    policy_id, (pumps, watch) = proposed(office)
    _edit(actor, pumps, lead_id=office.units["water"], due_on=date(2026, 6, 30))
    actions.confirm_measures(actor=actor, policy_id=policy_id, measure_ids=[pumps])
    actions.reject_measure(actor=actor, measure_id=watch, reason="属于背景")
    actions.add_measure(actor=actor, policy_id=policy_id, draft=draft("特此通知。"))
    actions.confirm_policy(actor=actor, policy_id=policy_id)
    actions.mark_dispatched(actor=actor, policy_id=policy_id, tasks={pumps: 77})
    registered(office, "cleared", level=2)
    assert replay_difference([Policy, Measure]) == []
