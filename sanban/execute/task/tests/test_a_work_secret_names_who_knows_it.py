"""A work secret is known to those named for it, until their day; the rest of their unit does not see it (§5.2)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.access.models import AccessGrant
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.models import Person
from sanban.base.people.queries import actors_by_login
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task import actions, queries
from sanban.execute.task.models import TaskItem
from sanban.execute.task.tests.office import MONDAY, Office, assigned, open_office

pytestmark = pytest.mark.django_db
CLEARED = ("dispatcher", "supervisor", "water", "roads", "clerk", "mate")


@pytest.fixture
def office() -> Any:
    """Two officers sit in the lead unit beside its liaison; all are cleared for work secrets."""
    with clock.freeze(MONDAY):
        made = open_office()
        drafts = [
            PersonDraft(login=login, name=login, unit_id=made.units["water"], roles=(role,))
            for login, role in (("clerk", "officer"), ("mate", "officer"), ("keeper", "security"))
        ]
        people.create_people(SYSTEM, people=drafts)
        for login in (*CLEARED, "keeper"):
            people.set_clearance(SYSTEM, person_id=Person.objects.get(login=login).pk, clearance=2)
        now = actors_by_login(actor=SYSTEM)
        yield replace(
            made, dispatcher=now["dispatcher"], supervisor=now["supervisor"], water=now["water"],
            roads=now["roads"], stranger=now["stranger"],
        )  # fmt: skip


def who(login: str) -> Actor:
    return actors_by_login(actor=SYSTEM)[login]


def sees(login: str, task: TaskItem) -> tuple[bool, bool]:
    """Whether the task opens, and whether the register holds it."""
    actor = who(login)
    opened = queries.task_by_number(actor=actor, number=task.number) is not None
    return opened, queries.visible(actor=actor).filter(pk=task.pk).exists()


def secret(office: Office, **more: Any) -> TaskItem:
    return assigned(office, title="绝不可见之事", level=2, **more)


def name(office: Office, task: TaskItem, login: str = "clerk", days: int = 3) -> None:
    until = clock.now() + timedelta(days=days)
    actions.name_member(
        office.water, task_id=task.pk, person_id=who(login).person_id or 0, until=until, reason="起草方案"
    )


def test_only_who_handles_it_and_who_is_named_sees_it_and_the_day_ends_it(office: Office) -> None:
    task, open_task = secret(office), assigned(office)
    yes, no = (True, True), (False, False)
    assert [sees(one, task) for one in ("water", "supervisor", "clerk", "mate")] == [yes, yes, no, no]
    assert [sees(one, open_task) for one in ("clerk", "mate")] == [yes, yes], (
        "what is internal stays the unit's"
    )
    name(office, task)
    assert [sees(one, task) for one in ("clerk", "mate")] == [yes, no]
    with clock.freeze(MONDAY + timedelta(days=3) - timedelta(seconds=1)):
        assert sees("clerk", task) == yes
    with clock.freeze(MONDAY + timedelta(days=3)):
        assert sees("clerk", task) == no


def test_a_partner_units_liaison_sees_it_and_a_person_of_another_unit_when_named(office: Office) -> None:
    people.set_clearance(SYSTEM, person_id=who("stranger").person_id or 0, clearance=2)
    task = secret(office, partners=(office.units["roads"],))
    assert (sees("roads", task), sees("stranger", task)) == ((True, True), (False, False))
    name(office, task, "stranger")
    assert sees("stranger", task) == (True, True)


def test_who_is_taken_off_sees_it_no_more_and_the_ledger_says_who_did_it(office: Office) -> None:
    task = secret(office)
    name(office, task)
    clerk = who("clerk").person_id or 0
    with clock.freeze(MONDAY + timedelta(hours=1)):
        actions.remove_member(office.water, task_id=task.pk, person_id=clerk, reason="调离专班")
        assert sees("clerk", task) == (False, False)
        assert queries.members(actor=office.water, task=task) == []
    with clock.freeze(MONDAY + timedelta(hours=2)), pytest.raises(Refused, match="此人不在知悉人员之列"):
        actions.remove_member(office.water, task_id=task.pk, person_id=clerk, reason="再移一次")
    told = queries.history(actor=office.water, task=task)
    said = [(line.actor_ref, str(line.sentence)) for line in told if "知悉人员" in str(line.sentence)]
    assert sorted(said) == sorted(
        [
            (office.water.ref, "clerk列入知悉人员，至 2026-03-05：起草方案"),
            (office.water.ref, "clerk移出知悉人员：调离专班"),
        ]
    )


@pytest.mark.parametrize("login", ["keeper", "stranger"])
def test_an_administrator_or_who_is_not_cleared_is_not_named(office: Office, login: str) -> None:
    task = secret(office)
    with pytest.raises(Refused, match="此人不能列入"):
        name(office, task, login)
    assert AccessGrant.objects.count() == 0
    assert not LedgerEvent.objects.filter(kind="task.member_named").exists()
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 1


def test_a_named_person_names_nobody_else(office: Office) -> None:
    task = secret(office)
    name(office, task)
    with pytest.raises(Denied, match="列入知悉人员"):
        actions.name_member(
            who("clerk"), task_id=task.pk, person_id=who("mate").person_id or 0,
            until=MONDAY + timedelta(days=2), reason="帮忙",
        )  # fmt: skip
    assert [row.person_id for row in AccessGrant.objects.all()] == [who("clerk").person_id]
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 1


@pytest.mark.parametrize("days", [0, 367])
def test_a_day_that_is_past_or_beyond_a_year_is_refused(office: Office, days: int) -> None:
    task = secret(office)
    with pytest.raises(Refused, match="一年以内"):
        name(office, task, days=days)
    assert AccessGrant.objects.count() == 0


def test_what_is_internal_names_nobody(office: Office) -> None:
    task = assigned(office)
    with pytest.raises(Refused, match="只有工作秘密事项"):
        name(office, task)
    page = signed_in("water").get(reverse("task:detail", args=[task.number])).content.decode()
    assert "name_member" not in page and "知悉人员" not in page


def test_the_page_names_shows_and_keeps_what_was_typed(office: Office) -> None:
    task, client = secret(office), signed_in("water")
    address = reverse("task:do", args=[task.number, "name_member"])
    clerk = str(who("clerk").person_id)
    refused = client.post(address, {"person": clerk, "until": "2026-03-01", "reason": "起草方案"})
    assert refused.status_code == 422 and "起草方案" in refused.content.decode()
    assert (
        client.post(address, {"person": clerk, "until": "2026-03-05", "reason": "起草方案"}).status_code
        == 302
    )
    page = signed_in("clerk").get(reverse("task:detail", args=[task.number]))
    assert page.status_code == 200 and "知悉人员" in page.content.decode()
    assert signed_in("mate").get(reverse("task:detail", args=[task.number])).status_code == 404
    (held,) = queries.members(actor=office.water, task=task)
    assert (held.name, clock.local(held.until).isoformat()) == ("clerk", "2026-03-06T00:00:00+08:00")  # type: ignore[arg-type]
