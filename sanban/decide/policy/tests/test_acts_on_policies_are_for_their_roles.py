"""Who registers, settles and hands over; to all others it is denied, and only the denial is written."""

import pytest

from sanban.base.ledger.errors import Denied
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import snapshot
from sanban.decide.policy import actions
from sanban.decide.policy.models import Measure, Policy
from sanban.decide.policy.tests.office import ROLES, TEXT, draft, open_office, proposed, registered

pytestmark = pytest.mark.django_db
EVERYBODY = {*ROLES, "water", "fire"}
SETTLERS = {"dispatcher", "researcher"}
ACTS = {
    "register": (
        SETTLERS | {"water", "fire"},
        lambda a, p, m: actions.register(actor=a, title="通知", text=TEXT),
    ),
    "propose_measures": (
        SETTLERS,
        lambda a, p, m: actions.propose_measures(actor=a, policy_id=p, drafts=[draft()]),
    ),
    "add_measure": (
        SETTLERS,
        lambda a, p, m: actions.add_measure(actor=a, policy_id=p, draft=draft("特此通知。")),
    ),
    "edit_measure": (
        SETTLERS,
        lambda a, p, m: actions.edit_measure(
            actor=a, measure_id=m[0], title="改", lead_id=None, partners=[], due_on=None, acceptance=""
        ),
    ),
    "confirm_measures": (
        SETTLERS,
        lambda a, p, m: actions.confirm_measures(actor=a, policy_id=p, measure_ids=m[:1]),
    ),
    "reject_measure": (
        SETTLERS,
        lambda a, p, m: actions.reject_measure(actor=a, measure_id=m[1], reason="背景"),
    ),
    "confirm_policy": (SETTLERS, lambda a, p, m: actions.confirm_policy(actor=a, policy_id=p)),
    "mark_dispatched": (
        {"dispatcher"},
        lambda a, p, m: actions.mark_dispatched(actor=a, policy_id=p, tasks={m[0]: 7}),
    ),
}


def _events() -> int:
    return LedgerEvent.objects.exclude(kind="access.act_refused").count()


@pytest.mark.parametrize("name", ACTS)
def test_the_act_is_for_its_roles_alone(name):
    office = open_office()
    policy_id, ids = proposed(office)
    allowed, run = ACTS[name]
    for login in sorted(EVERYBODY - allowed):
        before, events = snapshot([Policy, Measure]), _events()
        with pytest.raises(Denied) as refusal:
            run(office.actor(login), policy_id, ids)
        assert refusal.value.message
        assert (snapshot([Policy, Measure]), _events()) == (before, events), login
        assert LedgerEvent.objects.filter(
            kind="access.act_refused", actor_ref=office.actor(login).ref
        ).exists()
    if name in ("confirm_policy", "mark_dispatched"):
        actions.confirm_measures(actor=office.actor("dispatcher"), policy_id=policy_id, measure_ids=ids)
    run(office.actor(sorted(allowed)[0]), policy_id, ids)


def test_a_units_liaison_settles_what_the_own_unit_registered_and_no_other():
    office = open_office()
    policy_id = registered(office, "water")
    actions.add_measure(actor=office.actor("water"), policy_id=policy_id, draft=draft())
    with pytest.raises(Denied, match="登记单位的联络员"):
        actions.add_measure(actor=office.actor("fire"), policy_id=policy_id, draft=draft("特此通知。"))
    actions.confirm_policy(actor=office.actor("water"), policy_id=policy_id)


def test_nobody_registers_above_his_clearance_or_acts_on_what_he_may_not_see():
    office = open_office()
    with pytest.raises(Denied, match="知悉范围"):
        registered(office, "dispatcher", level=2)
    secret = registered(office, "cleared", level=2)
    for act in (
        lambda a: actions.add_measure(actor=a, policy_id=secret, draft=draft()),
        lambda a: actions.confirm_policy(actor=a, policy_id=secret),
    ):
        with pytest.raises(Denied, match="没有这份政策文件"):
            act(office.actor("dispatcher"))
    measure = actions.add_measure(actor=office.actor("cleared"), policy_id=secret, draft=draft())
    with pytest.raises(Denied, match="没有这条举措"):
        actions.reject_measure(actor=office.actor("dispatcher"), measure_id=measure, reason="背景")
    labels = set(
        LedgerEvent.objects.filter(stream_type__in=["policy", "measure"]).values_list("label", flat=True)
    )
    assert labels == {2}
