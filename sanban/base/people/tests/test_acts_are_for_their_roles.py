"""Each act of the directory is for the roles named here; to all others it is denied, and only that is written."""

from collections.abc import Callable
from typing import Any

import pytest

from sanban.base.access.actor import ROLES, SYSTEM, Actor
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.models import Person, RoleGrant
from sanban.base.people.tests.office import WORD, Office, everything, open_office

pytestmark = pytest.mark.django_db
Doing = Callable[[Actor, Office], Any]
NEW = UnitDraft(code="n", name="新单位", short="新", kind="office")


def _person(office: Office, **more: Any) -> PersonDraft:
    return PersonDraft(login="new", name="新人", unit_id=office.units["off"], **more)


def _grant(login: str) -> int:
    return RoleGrant.objects.get(person__login=login).pk


ACTS: dict[str, tuple[set[str], Doing]] = {
    "create_units": ({"admin"}, lambda a, o: actions.create_units(a, units=[NEW])),
    "create_unit": ({"admin"}, lambda a, o: actions.create_unit(a, unit=NEW)),
    "rename_unit": (
        {"admin"},
        lambda a, o: actions.rename_unit(a, unit_id=o.units["water"], name="新", short=""),
    ),
    "add_alias": ({"admin"}, lambda a, o: actions.add_alias(a, unit_id=o.units["water"], alias="别名")),
    "move_unit": ({"admin"}, lambda a, o: actions.move_unit(a, unit_id=o.units["water"], parent_id=None)),
    "merge_unit": (
        {"admin"},
        lambda a, o: actions.merge_unit(a, unit_id=o.units["water"], into_id=o.units["off"]),
    ),
    "create_unit_class": (
        {"admin"},
        lambda a, o: actions.create_unit_class(a, name="类", aliases=[], definite=True, member_ids=[]),
    ),
    "create_people": ({"admin"}, lambda a, o: actions.create_people(a, people=[_person(o)])),
    "create_person": ({"admin"}, lambda a, o: actions.create_person(a, person=_person(o))),
    "import_people": ({"admin"}, lambda a, o: actions.import_people(a, people=[_person(o)])),
    "update_person": (
        {"admin"},
        lambda a, o: actions.update_person(
            a, person_id=o.people["officer"], name="改", email="", mobile="", unit_id=o.units["off"], post="",
            clearance=0,
        ),
    ),
    "set_clearance": (
        {"security"},
        lambda a, o: actions.set_clearance(a, person_id=o.people["officer"], clearance=2),
    ),
    "leave": (
        {"admin"},
        lambda a, o: actions.leave(a, person_id=o.people["officer"], successor_id=o.people["liaison"]),
    ),
    "grant_role": (
        {"security"},
        lambda a, o: actions.grant_role(a, person_id=o.people["officer"], role="leader"),
    ),
    "end_role": ({"security"}, lambda a, o: actions.end_role(a, grant_id=_grant("officer"))),
    "appoint_deputy": (
        {"admin", "officer"},
        lambda a, o: actions.appoint_deputy(
            a, person_id=o.people["officer"], deputy_id=o.people["liaison"], until=None, reason="出差"
        ),
    ),
    "set_password": (
        {"admin", "officer"},
        lambda a, o: actions.set_password(a, person_id=o.people["officer"], password=WORD),
    ),
    "set_passwords": (
        {"admin", "officer"},
        lambda a, o: actions.set_passwords(a, passwords={"officer": WORD}),
    ),
}  # fmt: skip
OPEN_TO_ALL = {
    "record_password", "record_sign_in", "record_failure", "record_sign_out", "make_token", "reset_feed", "close_feed",
    "end_deputy", "revoke_token",
}  # fmt: skip
"""One's own matters, and the record of the door; what is another's of these is tried below."""


def test_every_act_of_the_room_stands_in_this_table():
    assert set(actions.__all__) == set(ACTS) | OPEN_TO_ALL


@pytest.mark.parametrize("name", ACTS)
def test_the_act_is_for_its_roles_alone(name):
    office = open_office()
    allowed, run = ACTS[name]
    for role in sorted(set(ROLES) - allowed):
        actor, before, tried = office.actor(role), everything(), LedgerEvent.objects.count()
        with pytest.raises(Denied):
            run(actor, office)
        assert everything() == before, role
        (refusal,) = LedgerEvent.objects.order_by("-id")[:1]
        assert (refusal.kind, refusal.actor_ref) == ("access.act_refused", actor.ref)
        assert LedgerEvent.objects.count() == tried + 1
    run(office.actor(sorted(allowed)[0]), office)
    assert LedgerEvent.objects.order_by("-id")[0].kind != "access.act_refused"


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"admin", "officer"}))
def test_another_ones_stand_in_is_not_ended(role):
    office = open_office()
    row = actions.appoint_deputy(
        SYSTEM,
        person_id=office.people["officer"],
        deputy_id=office.people["signer"],
        until=None,
        reason="出差",
    )
    before = everything()
    with pytest.raises(Denied):
        actions.end_deputy(office.actor(role), deputy_row_id=row)
    assert everything() == before


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"security", "officer"}))
def test_another_ones_key_is_not_revoked(role):
    office = open_office()
    token_id, _key = actions.make_token(office.actor("officer"), name="报表", scopes=["read"])
    before = everything()
    with pytest.raises(Denied):
        actions.revoke_token(office.actor(role), token_id=token_id)
    assert everything() == before


def test_nobody_gives_himself_a_role_or_a_clearance():
    office = open_office()
    own, me = office.people["security"], office.actor("security")
    with pytest.raises(Denied, match="不能给自己授权"):
        actions.grant_role(me, person_id=own, role="leader")
    with pytest.raises(Denied, match="不能给自己授权"):
        actions.set_clearance(me, person_id=own, clearance=2)
    assert Person.objects.get(pk=own).clearance == 1


def test_the_administrator_raises_no_clearance_and_registers_nobody_above_internal():
    office = open_office()
    me = office.actor("admin")
    with pytest.raises(Denied, match="安全管理员"):
        actions.update_person(
            me, person_id=office.people["officer"], name="改", email="", mobile="", unit_id=office.units["off"],
            post="", clearance=2,
        )  # fmt: skip
    with pytest.raises(Denied, match="知悉范围"):
        actions.create_person(me, person=_person(office, clearance=2))
    with pytest.raises(Denied, match="管理员角色"):
        actions.create_person(me, person=_person(office, roles=("auditor",)))
    assert not Person.objects.filter(login="new").exists()


@pytest.mark.parametrize("watcher", ["security", "auditor"])
def test_the_administrator_does_not_take_over_those_who_watch_him(watcher):
    office = open_office()
    before = everything()
    with pytest.raises(Denied, match="安全管理员"):
        actions.set_password(office.actor("admin"), person_id=office.people[watcher], password=WORD)
    assert everything() == before
    actions.set_password(office.actor("security"), person_id=office.people[watcher], password=WORD)


@pytest.mark.parametrize("role", ["admin", "security"])
def test_the_last_one_keeps_the_role_and_stays(role):
    office = open_office()
    before = everything()
    with pytest.raises(Refused, match="最后一位"):
        actions.end_role(SYSTEM, grant_id=_grant(role))
    with pytest.raises(Refused, match="最后一位"):
        actions.leave(SYSTEM, person_id=office.people[role], successor_id=office.people["officer"])
    assert everything() == before
    actions.grant_role(SYSTEM, person_id=office.people["officer"], role=role)
    actions.leave(SYSTEM, person_id=office.people[role], successor_id=office.people["officer"])


def test_a_weak_password_is_refused_at_its_field():
    office = open_office()
    with pytest.raises(Refused) as refusal:
        actions.set_password(SYSTEM, person_id=office.people["officer"], password="12345678901")
    assert refusal.value.field == "password"
