"""The page of the self-check: who sees it, what stands on it, a fixed number of queries; the shell says the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.errors import Denied
from sanban.base.people.models import Person
from sanban.base.people.tests.browsers import signed_in
from sanban.desk.compliance import queries
from sanban.execute.task.tests.office import Office, assigned, open_office
from sanban.site.commands import main

pytestmark = pytest.mark.django_db
AUDITOR = Actor(ref="a", roles=frozenset({"auditor"}))


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Office:
    settings.SANBAN_VAR = tmp_path
    made = open_office()
    assigned(made)
    return made


def test_a_control_is_met_partly_met_or_not_met_by_its_looks(office: Office, settings: Any) -> None:
    def state() -> str:
        found = queries.review(actor=AUDITOR)
        return next(one.state for _f, part in found.families for one in part if one.control.number == 2)

    settings.SESSION_COOKIE_AGE, settings.ACCOUNT_RATE_LIMITS = 1800, {"login_failed": "20/m/ip,5/5m/key"}
    assert state() == "met"
    settings.SESSION_COOKIE_AGE = 7200
    assert state() == "partly"
    settings.ACCOUNT_RATE_LIMITS = {}
    assert state() == "not_met"


def test_the_twenty_seven_are_counted(office: Office) -> None:
    found = queries.review(actor=AUDITOR)
    assert sum(found.counts.values()) == 27
    assert [len(part) for _title, part in found.families] == [4, 6, 3, 6, 7, 1]


@pytest.mark.parametrize("role", ["dispatcher", "leader", "liaison", "officer", "researcher"])
def test_others_are_told_who_may_look(office: Office, role: str) -> None:
    with pytest.raises(Denied, match="只供系统、安全、审计管理员和督查办查看"):
        queries.review(actor=Actor(ref="x", roles=frozenset({role})))


def test_the_page_says_when_it_looked_what_it_saw_and_that_clauses_are_unchecked(office: Office) -> None:
    supervisor = signed_in(next(p for p in Person.objects.all() if _is(p, "supervisor")))
    with clock.freeze(clock.now()):
        at = f"{clock.local(clock.now()):%Y-%m-%d %H:%M:%S}"
        page = supervisor.get("/compliance/")
    body = page.content.decode()
    assert page.status_code == 200
    assert f"检查于 {at}" in body
    assert body.count("条款号未经核对") == 28
    assert "SM2 证书登录尚未接入。" in body
    assert 'href="/evidence/"' in body and body.count('href="/permissions/"') == 0  # not his to open


def _is(person: Person, role: str) -> bool:
    return person.grants.filter(role=role).exists()


def test_more_people_and_records_ask_no_more_queries(office: Office) -> None:
    with CaptureQueriesContext(connection) as few:
        queries.review(actor=AUDITOR)
    for _number in range(5):
        assigned(office)
    with CaptureQueriesContext(connection) as many:
        queries.review(actor=AUDITOR)
    assert len(many) == len(few)


def test_the_shell_says_the_same_as_the_page(office: Office) -> None:
    found = queries.review(actor=AUDITOR)
    met = {one.control.number for _f, part in found.families for one in part if one.state in ("met", "apart")}
    said = CliRunner().invoke(main, ["doctor", "--json"])
    rows = [row for row in json.loads(said.output) if "条款号未经核对" in row["what"]]
    assert len(rows) == 27
    assert {int(row["what"].split()[1]) for row in rows if row["well"]} == met
    assert "合规自检" in CliRunner().invoke(main, ["doctor"]).output
