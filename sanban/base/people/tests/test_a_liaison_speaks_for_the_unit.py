"""The liaison who sits in a division speaks for the unit whose division it is; a stand-in speaks for the absent."""

import pytest

from sanban.base.access.actor import SYSTEM
from sanban.base.people import actions
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.models import RoleGrant
from sanban.base.people.queries import actors_by_login, liaisons
from sanban.base.people.tests.office import Office, open_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return open_office()


def settle(office: Office, login: str, unit: str, *roles: str) -> int:
    draft = PersonDraft(login=login, name=login, unit_id=office.units[unit], roles=roles)
    return actions.create_people(SYSTEM, people=[draft])[0]


def test_only_the_liaison_of_a_division_reaches_up_to_its_unit(office: Office) -> None:
    settle(office, "speaker", "div", "liaison")
    settle(office, "clerk", "div", "officer")
    settle(office, "water", "water", "liaison")
    found = actors_by_login(actor=SYSTEM)
    off, div = office.units["off"], office.units["div"]
    assert found["speaker"].unit_ids == {off, div} and found["speaker"].unit_id == div
    assert found["clerk"].unit_ids == {div}
    assert found["water"].unit_ids == {office.units["water"]}, "a department's liaison stays within it"


def test_who_is_named_as_liaison_is_who_may_act(office: Office) -> None:
    actions.end_role(SYSTEM, grant_id=_grant(office, "liaison"))
    key = settle(office, "speaker", "div", "liaison")
    named = liaisons(actor=SYSTEM, unit_ids=[office.units["off"]])
    assert named == {office.units["off"]: (key, "speaker")}
    assert office.units["off"] in office.actor("speaker").unit_ids


def test_a_stand_in_of_such_a_liaison_reaches_as_far(office: Office) -> None:
    absent = settle(office, "speaker", "div", "liaison")
    deputy = settle(office, "helper", "water", "officer")
    actions.appoint_deputy(SYSTEM, person_id=absent, deputy_id=deputy, until=None, reason="外出")
    assert office.actor("helper").unit_ids == {office.units[code] for code in ("water", "off", "div")}


def _grant(office: Office, login: str) -> int:
    return RoleGrant.objects.get(person_id=office.people[login], role="liaison").pk
