"""A stand-in has the roles of the absent within the dates, never the administrators'; leaving ends everything."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference
from sanban.base.people import actions, queries
from sanban.base.people.models import AccessToken, Deputy, Person, RoleGrant
from sanban.base.people.tests.browsers import signed_in
from sanban.base.people.tests.office import TABLES, WORD, Office, open_office

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def office() -> Office:
    with clock.freeze(MONDAY):
        return open_office()


def _appoint(office: Office, absent: str, deputy: str, days: int | None) -> int:
    until = MONDAY + timedelta(days=days) if days is not None else None
    return actions.appoint_deputy(
        SYSTEM, person_id=office.people[absent], deputy_id=office.people[deputy], until=until, reason="外出"
    )


def test_a_stand_in_has_the_roles_from_the_day_to_the_day(office):
    with clock.freeze(MONDAY + timedelta(hours=1)):
        _appoint(office, "leader", "officer", 5)
        assert office.actor("officer").roles == {"officer", "leader"}
        assert office.actor("officer").on_behalf_of == office.actor("leader").ref
    with clock.freeze(MONDAY + timedelta(minutes=30)):
        assert office.actor("officer").roles == {"officer"}
    with clock.freeze(MONDAY + timedelta(days=5)):
        assert office.actor("officer").roles == {"officer"}
        assert office.actor("officer").on_behalf_of == ""


def test_what_a_stand_in_does_stands_in_the_ledger_with_the_absent_beside_him(office):
    actions.grant_role(SYSTEM, person_id=office.people["liaison"], role="security")
    _appoint(office, "leader", "liaison", None)
    actor = office.actor("liaison")
    actions.grant_role(actor, person_id=office.people["officer"], role="researcher")
    event = LedgerEvent.objects.get(kind="people.role_granted", actor_ref=actor.ref)
    assert event.on_behalf_of == Person.objects.get(login="leader").ref
    client = signed_in("admin")
    page = client.get(f"/people/{office.people['officer']}/").content.decode()
    assert "联络员（代理领导）" in page


@pytest.mark.parametrize("role", ["admin", "security", "auditor"])
def test_the_administrators_roles_are_never_taken_over(office, role):
    _appoint(office, role, "officer", None)
    assert office.actor("officer").roles == {"officer"}


def test_the_clearance_stays_the_stand_ins_own(office):
    actions.set_clearance(SYSTEM, person_id=office.people["leader"], clearance=2)
    _appoint(office, "leader", "officer", None)
    assert office.actor("officer").clearance == 1


def test_nobody_makes_himself_a_stand_in_and_the_past_is_no_end(office):
    with pytest.raises(Denied, match="不能指定自己"):
        actions.appoint_deputy(
            office.actor("admin"), person_id=office.people["leader"], deputy_id=office.people["admin"],
            until=None, reason="外出",
        )  # fmt: skip
    with clock.freeze(MONDAY + timedelta(days=9)):
        for days, reason, word in ((1, "外出", "已经过去"), (20, " ", "事由")):
            with pytest.raises(Refused, match=word):
                actions.appoint_deputy(
                    SYSTEM, person_id=office.people["leader"], deputy_id=office.people["officer"],
                    until=MONDAY + timedelta(days=days), reason=reason,
                )  # fmt: skip
        with pytest.raises(Refused, match="已经过去"):
            actions.grant_role(SYSTEM, person_id=office.people["officer"], role="leader", until=MONDAY)
    assert Deputy.objects.count() == 0


def test_a_role_for_a_time_ends_by_itself_or_earlier_by_an_act(office):
    with clock.freeze(MONDAY):
        grant = actions.grant_role(
            SYSTEM, person_id=office.people["officer"], role="leader", until=MONDAY + timedelta(days=3)
        )
        assert office.actor("officer").roles == {"officer", "leader"}
    with clock.freeze(MONDAY + timedelta(days=3)):
        assert office.actor("officer").roles == {"officer"}
        with pytest.raises(Refused, match="已经收回"):
            actions.end_role(SYSTEM, grant_id=grant)
    with clock.freeze(MONDAY + timedelta(days=1)):
        actions.end_role(SYSTEM, grant_id=grant)
        assert office.actor("officer").roles == {"officer"}


def test_leaving_ends_roles_of_any_length_keys_feed_and_stand_ins(office):
    with clock.freeze(MONDAY):
        actions.grant_role(
            SYSTEM, person_id=office.people["officer"], role="leader", until=MONDAY + timedelta(days=90)
        )
        _appoint(office, "signer", "officer", 60)
        _appoint(office, "officer", "researcher", None)
        _id, key = actions.make_token(office.actor("officer"), name="报表", scopes=["read"])
        feed = actions.reset_feed(office.actor("officer"))
    leaving = MONDAY + timedelta(days=1)
    with clock.freeze(leaving):
        actions.leave(SYSTEM, person_id=office.people["officer"], successor_id=office.people["liaison"])
        assert set(RoleGrant.objects.filter(person__login="officer").values_list("until", flat=True)) == {
            leaving
        }
        assert AccessToken.objects.get().revoked_at == leaving
        assert queries.actor_for_token(key=key) is None
        assert queries.actor_for_feed(key=feed) is None
        assert Person.objects.get(login="officer").feed_token == ""
        rows = Deputy.objects.order_by("pk").values_list("person__login", "deputy__login", "until")
        assert list(rows) == [
            ("signer", "officer", leaving),
            ("officer", "researcher", leaving),
            ("officer", "liaison", None),
        ]
        assert office.actor("researcher").on_behalf_of == ""
        answer = Client().post("/account/login/", {"login": "officer", "password": WORD})
        assert answer["Location"] == "/account/inactive/"
    assert replay_difference(TABLES) == []


def test_the_stand_in_of_a_handover_can_be_ended(office):
    actions.leave(SYSTEM, person_id=office.people["officer"], successor_id=office.people["liaison"])
    actions.end_deputy(SYSTEM, deputy_row_id=Deputy.objects.get().pk)
    assert office.actor("liaison").on_behalf_of == ""


def test_who_left_is_signed_out_at_the_next_page(office):
    client = signed_in("officer")
    assert client.get("/people/").status_code == 200
    actions.leave(SYSTEM, person_id=office.people["officer"], successor_id=office.people["liaison"])
    assert client.get("/people/").status_code == 302
