"""How long answer and ruling may take is published, from a day on; a case keeps the terms of its first day."""

from datetime import timedelta
from typing import Any

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.replay import replay_difference
from sanban.base.people import actions as people
from sanban.base.people.tests.browsers import signed_in
from sanban.decide.dispute import actions, queries
from sanban.decide.dispute.models import Dispute
from sanban.decide.dispute.tests.office import Office, at, open_office, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    """The usual cast; the second dispatcher signs."""
    made = open_office()
    with clock.freeze(at(2)):
        people.grant_role(SYSTEM, person_id=made.person("second"), role="signer")
    return made


def test_new_terms_hold_for_cases_opened_from_their_day_on(office):
    signer = office.actor("second")
    versions: dict[str, Any] = {"answer_days": 5, "ruling_days": 12, "base_number": 0, "note": "试行"}
    first = opened(office)
    with clock.freeze(at(2, 10)):
        actions.publish_terms(signer, since=clock.today() + timedelta(days=1), **versions)
        assert queries.terms_in_force(actor=signer, day=clock.today()).ruling_days == 8
        for wrong, says in (
            ({"since": clock.today() - timedelta(days=1)}, "早于今天"),
            ({"answer_days": 12}, "短于裁决"),
            ({"ruling_days": 61}, "短于裁决"),
            ({"note": " "}, "修改说明"),
        ):
            given: dict[str, Any] = {"since": clock.today(), **versions, "base_number": 1} | wrong
            with pytest.raises(Refused, match=says):
                actions.publish_terms(signer, **given)
        with pytest.raises(Conflict):
            actions.publish_terms(signer, since=clock.today(), **versions)
        with pytest.raises(Denied, match="签发人"):
            actions.publish_terms(office.actor("dispatcher"), since=clock.today(), **versions)
    case = Dispute.objects.get(pk=first)
    days = queries.terms_in_force(actor=signer, day=case.terms_since)
    assert (days.answer_days, days.ruling_days) == (3, 8)
    later = queries.terms_in_force(actor=signer, day=case.terms_since + timedelta(days=900))
    assert (later.answer_days, later.ruling_days) == (5, 12)
    assert replay_difference() == []


def test_the_page_of_terms_shows_versions_and_keeps_what_was_typed(office):
    with clock.freeze(at(2, 10)):
        page = signed_in(office.actor("second"))
        body = {
            "since": "2020-01-01",
            "answer_days": 4,
            "ruling_days": 9,
            "note": "改为九天",
            "base_number": 0,
        }
        wrong = page.post("/disputes/terms/", body)
        assert wrong.status_code == 422 and "改为九天" in wrong.content.decode()
        body["since"] = str(clock.today())
        assert page.post("/disputes/terms/", body).status_code == 302
        assert "改为九天" in signed_in(office.actor("dispatcher")).get("/disputes/terms/").content.decode()
