"""The catalogue of fields is true, and the highest field of a record gives its level (就高从严)."""

from datetime import date

import pytest

from sanban.base.access.actor import SECRET, SYSTEM
from sanban.base.access.levels import LEVEL_WORDS
from sanban.base.label import rules
from sanban.base.label.catalogue import flagged, grades
from sanban.base.ledger.models import LedgerContent, LedgerEvent
from sanban.base.ledger.registry import EVENTS, FLOORS
from sanban.base.people import actions as people
from sanban.base.people.queries import actors_by_login
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task.tests.office import open_office

PEOPLE = {"mobile", "email", "login", "person_name", "deputy_name", "successor_name", "owner_name", "signer_name",
          "arbiter_name"}  # fmt: skip
"""Names of fields that speak of a person wherever they stand."""


def test_every_row_is_about_fields_that_are_there_and_says_all_that_a_grade_needs() -> None:
    for row in grades():
        assert row.kinds(), f"{row.kind} {row.field} is in no record"
        assert row.level in LEVEL_WORDS and set(row.flags) <= set(rules.FLAGS), row
        assert len(row.reason) >= 4 and row.office and row.review_on > date(2026, 11, 1), row
    rows = [(row.kind, row.field) for row in grades()]
    assert len(rows) == len(set(rows))


def test_no_field_that_speaks_of_a_person_is_missing() -> None:
    known = flagged(rules.PERSONAL)
    spoken = {(kind, name) for kind, made in EVENTS.items() for name in PEOPLE & set(made.texts)}
    assert sorted(spoken - known) == []


@pytest.mark.django_db
def test_a_record_is_of_the_level_of_its_highest_field() -> None:
    assert FLOORS["people.feed_renewed"] == SECRET
    open_office()
    clerk = actors_by_login(actor=SYSTEM)["water"]
    token = people.reset_feed(clerk)
    event = LedgerEvent.objects.get(kind="people.feed_renewed")
    assert event.label == SECRET
    body = bytes(LedgerContent.objects.get(event_id=event.pk).body)
    assert token.encode() not in body, "it lies under a key of the secrets"


@pytest.mark.django_db
def test_the_catalogue_is_shown_and_personal_data_is_redacted_unless_somebody_unticks_it() -> None:
    office = open_office()
    page = signed_in("water").get("/labels/fields/").content.decode()
    assert "people.* · mobile" in page and "敏感个人信息" not in page and "个人信息" in page
    person = office.water.person_id
    shown = signed_in("dispatcher").get(f"/evidence/person/{person}/").content.decode()
    ticked = [part for part in shown.split("<input")[1:] if 'name="redact"' in part and "checked" in part]
    assert any('value="name"' in part for part in ticked)
