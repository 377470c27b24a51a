"""Every page asks the database as often as `page_queries.csv` says, with a few rows as with forty more, and weighs
at most 46 kB packed with its styles and scripts.

SANBAN_WRITE_TABLE=1 writes the table anew; a number that rose needs a reason.
"""

import csv
import gzip
import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.access.routing import read_log_db
from sanban.base.files import actions as files
from sanban.base.files.intake import receive
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.tests.browsers import signed_in
from sanban.decide.dispute import actions as disputes
from sanban.decide.policy import actions as policies
from sanban.desk.api_root.tests.office import TEXT, Office, assigned, disputed
from sanban.execute.task import actions as tasks
from sanban.execute.task.models import TaskItem
from sanban.supervise.chase import actions as chase
from tests.addresses import MONDAY, Case, cases, furnished

TABLE = Path(__file__).with_name("page_queries.csv")
LIMIT = 46 * 1024
FILES = (
    "desk:permissions_text",
    "task:export_csv",
    "task:export_workbook",
    "files:download",
    "desk:feed",
    "desk:evidence_head",
    "desk:evidence_policy",
    "desk:mirror_checkpoint",
    "desk:mirror_tile",
    "task:import_template",
    "task:import_verdicts",
    "ui:styleguide",
)
"""Not pages: what is downloaded, and what only developers see."""
READERS = {
    "desk": "leader",
    "task": "dispatcher",
    "chase": "supervisor",
    "dispute": "leader",
    "files": "liaison",
    "people": "admin",
    "glass": "security",
    "label": "leader",
}
"""Who reads a room's pages here: the one who sees most of them."""
ALONE = {
    "desk:permissions": "security",
    "desk:permission": "security",
    "watch:cases": "auditor",
    "watch:case": "auditor",
    "watch:rules": "security",
    "watch:refusals": "auditor",
    "watch:seen": "auditor",
    "watch:requests": "liaison",
    "watch:request": "liaison",
    "desk:operations": "admin",
    "desk:compliance": "auditor",
    "desk:erasures": "security",
    "task:break_down": "liaison",
}
"""Pages of a room that somebody else reads."""
OF_POSTGRESQL = {"desk:compliance": 2}
"""Queries that only PostgreSQL is asked: the self-check looks at its roles and walls, which SQLite has not."""
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path
    cache.clear()


def _reader(case: Case) -> str:
    if case.url.startswith("notify:webhook"):
        return "admin"
    if case.parts.get("verb") in ("role", "clearance"):
        return "security"
    if case.url in ALONE:
        return ALONE[case.url]
    return READERS.get(case.url.partition(":")[0], "dispatcher")


def _pages(office: Office) -> dict[str, Case]:
    """The addresses that show a page when they are read."""
    posted = (
        "people:reset_feed",
        "people:revoke_token",
        "people:end_role",
        "people:end_deputy",
        "ui:look",
        "watch:step_up",
    )
    return {
        label: case
        for label, case in sorted(cases(office).items())
        if case.url not in FILES + posted
        and not label.startswith(("task:do", "chase:decide", "dispute:do", "watch:decide", "label:do"))
    }


def _measured(office: Office, clients: dict[str, Client]) -> dict[str, tuple[str, int, int]]:
    """Of each page: its reader, its queries, its weight. Pages that take no reading are left out."""
    found = {}
    read_log = connections[read_log_db()] if read_log_db() != "default" else connection
    for label, case in _pages(office).items():
        reader = _reader(case)
        client = clients[reader]
        first = client.get(case.path)
        if first.status_code == 405:
            continue
        assert first.status_code == 200, f"{label} as {reader}: {first.status_code}"
        with CaptureQueriesContext(connection) as asked, CaptureQueriesContext(read_log) as looked:
            page = client.get(case.path)
        queries = asked.captured_queries + (looked.captured_queries if read_log is not connection else [])
        writes = [
            q["sql"] for q in queries if not q["sql"].lstrip("( ").upper().startswith(("SELECT", "WITH"))
        ]
        assert writes == [], f"{label} writes while it is read"
        apart = OF_POSTGRESQL.get(label, 0) if connection.vendor == "postgresql" else 0
        found[label] = (reader, len(queries) - apart, _weight(page.content))
    return found


def _weight(content: bytes) -> int:
    """Bytes of the page and of the styles and scripts it names, each packed."""
    named = set(re.findall(rb'(?:src|href)="/?static/([^"?]+\.(?:css|js))"', content))
    assets = [finders.find(name.decode()) for name in named]
    assert all(assets), f"not found: {named}"
    return len(gzip.compress(content, 6)) + sum(
        len(gzip.compress(Path(str(path)).read_bytes(), 9)) for path in assets
    )


def _forty_more(office: Office) -> None:
    """Forty more of everything a page lists."""
    units = people.create_units(
        SYSTEM,
        units=[
            UnitDraft(
                code=f"more{n}", name=f"第{n}分局", short=f"{n}局", kind="division", parent_code="water"
            )
            for n in range(40)
        ],
    )
    people.create_people(
        SYSTEM,
        people=[
            PersonDraft(login=f"more{n}", name=f"何霞{n}", unit_id=office.units["water"], roles=("officer",))
            for n in range(40)
        ],
    )
    giver, lead = office.actors["dispatcher"], office.actors["liaison"]
    one = office.things["ids"]["acknowledged"]
    for n in range(40):
        key = assigned(
            office, f"整治第{n}段河道", partners=(units[n],), policy_id=office.things["policy_open"]
        )
        chase.propose(office.actors["supervisor"], task_id=key, rung="notice", reason="久拖不决")
        tasks.acknowledge(lead, task_id=key)
        tasks.report(lead, task_id=one, progress=30 + n, text=f"第{n}次反馈")
        policies.register(actor=giver, title=f"第{n}号通知", text=TEXT)
        disputed(office, key)
        disputes.add_evidence(lead, dispute_id=office.things["dispute_answered"], text=f"第{n}份图纸")
        received = receive(f"第{n}份记录".encode(), f"{n}.txt")
        files.upload(actor=lead, received=received, level=1)
        people.add_alias(SYSTEM, unit_id=office.units["water"], alias=f"别名{n}")
        people.make_token(office.actors["admin"], name=f"程序{n}", scopes=["read"])
    _forty_measures(office, units)
    assert TaskItem.objects.count() > 40


def _forty_measures(office: Office, units: list[int]) -> None:
    """On both policies, those of the second confirmed."""
    giver = office.actors["dispatcher"]
    drafts = [
        policies.MeasureDraft(
            start=n % 9,
            end=10 + n,
            title=f"举措{n}",
            lead_id=units[n],
            partners=tuple(units[:3]),
            due_on=None,
        )
        for n in range(40)
    ]
    for name in ("open", "settled"):
        made = policies.propose_measures(
            actor=giver, policy_id=office.things[f"policy_{name}"], drafts=drafts
        )
        if name == "settled":
            policies.confirm_measures(
                actor=giver, policy_id=office.things["policy_settled"], measure_ids=made
            )


def _clients() -> dict[str, Client]:
    return {
        login: signed_in(login)
        for login in ("admin", "security", "auditor", "dispatcher", "supervisor", "liaison", "leader")
    }


def test_every_page_asks_as_often_as_the_table_says_whatever_there_is_to_show() -> None:
    with clock.freeze(MONDAY):
        office = furnished()
        for login in (
            "dispatcher",
            "liaison",
            "officer",
        ):  # a secret on a list is put on record while it is read
            people.set_clearance(SYSTEM, person_id=office.actors[login].person_id or 0, clearance=1)
        assigned(office, "有配合单位的事项", partners=(office.units["roads"],))
        clients = _clients()
        few = _measured(office, clients)
        _forty_more(office)
        many = _measured(office, clients)
    heavy = {label: weight for label, (_who, _asked, weight) in many.items() if weight > LIMIT}
    assert heavy == {}
    rose = {label: (few[label][1], many[label][1]) for label in few if few[label][1] != many[label][1]}
    assert rose == {}, "these pages ask more often when there are more rows"
    found = [["page", "read by", "queries"], *([label, who, str(n)] for label, (who, n, _w) in many.items())]
    if os.environ.get("SANBAN_WRITE_TABLE") == "1":
        with TABLE.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(found)
    with TABLE.open(newline="") as file:
        assert found == list(csv.reader(file))


def test_the_front_door_weighs_no_more_with_the_scripts_of_the_passkey() -> None:
    content = Client().get("/account/login/").content
    assert b"webauthn.js" in content
    assert _weight(content) <= LIMIT


def test_the_scale_counts_styles_and_scripts_and_finds_no_phantom() -> None:
    page = b'<link href="/static/ui/sanban.css"><script src="/static/ui/ui.js"></script>'
    assert _weight(page) > _weight(b"<p>") + 5 * 1024
    with pytest.raises(AssertionError, match="not found"):
        _weight(b'<script src="/static/ui/phantom.js"></script>')
