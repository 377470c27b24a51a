"""Sight of one object is given or taken by a ground, for a time; the actor of a request carries what holds now."""

from datetime import UTC, datetime, timedelta

import pytest

from sanban.base import clock
from sanban.base.access import grants
from sanban.base.access.grants import Grant
from sanban.base.access.models import AccessGrant
from sanban.base.people.models import Person, Unit
from sanban.base.people.queries import actor_of

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def person(db: None) -> Person:
    unit = Unit.objects.create(id=1, code="1", name="甲局", short="甲", kind="department", path="1.")
    return Person.objects.create(id=5, ref="p5", login="p5", name="丁一", unit=unit, password="!")


def _grant(**told: object) -> Grant:
    given = {
        "ground": "dispute",
        "ground_id": 9,
        "person_id": 5,
        "stream": "task",
        "object_id": 7,
        "starts_at": AT,
    }
    return Grant(**{**given, **told})  # type: ignore[arg-type]


def test_a_grant_holds_from_its_start_until_its_end(person: Person) -> None:
    grants.open_grants([_grant(ends_at=AT + timedelta(days=2))])
    seen = []
    for hours in (-1, 0, 47, 48):
        with clock.freeze(AT + timedelta(hours=hours)):
            seen.append(actor_of(person=person).grants)
    assert seen == [frozenset(), frozenset({("task", 7)}), frozenset({("task", 7)}), frozenset()]


def test_a_denial_is_no_grant_and_another_person_has_neither(person: Person) -> None:
    grants.open_grants([_grant(denied=True), _grant(person_id=6, object_id=8)])
    with clock.freeze(AT):
        actor = actor_of(person=person)
    assert (actor.grants, actor.denials) == (frozenset(), frozenset({("task", 7)}))


def test_the_end_of_a_case_ends_its_grants_and_no_others(person: Person) -> None:
    grants.open_grants([_grant(), _grant(stream="policy"), _grant(ground_id=10, object_id=8)])
    grants.close_grants("dispute", 9, AT + timedelta(hours=1))
    with clock.freeze(AT + timedelta(hours=1)):
        assert actor_of(person=person).grants == frozenset({("task", 8)})
    assert AccessGrant.objects.count() == 3


def test_one_person_of_a_case_leaves_and_what_had_ended_keeps_its_end(person: Person) -> None:
    early = AT + timedelta(minutes=5)
    grants.open_grants([_grant(ends_at=early), _grant(person_id=6)])
    grants.close_grants("dispute", 9, AT + timedelta(hours=1), person_id=6)
    grants.close_grants("dispute", 9, AT + timedelta(hours=2))
    ends = dict(AccessGrant.objects.values_list("person_id", "ends_at"))
    assert ends == {5: early, 6: AT + timedelta(hours=1)}


def test_a_grant_written_again_takes_the_new_time(person: Person) -> None:
    grants.open_grants([_grant(ends_at=AT + timedelta(hours=1))])
    grants.open_grants([_grant(ends_at=AT + timedelta(hours=3))])
    assert AccessGrant.objects.get().ends_at == AT + timedelta(hours=3)
