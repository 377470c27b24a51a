"""Row security, tried as the role of the web: a secret row is there for whom its rule says, and for nobody else."""

from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import given, settings

from sanban.base import clock
from sanban.base.access import wall
from sanban.base.access.actor import SECRET, SYSTEM, Actor
from sanban.base.access.registry import all_rules, seeing, subjects
from sanban.base.files import actions as files
from sanban.base.files.intake import receive
from sanban.base.files.models import FileVersion, StoredFile
from sanban.base.ledger.standing import MACHINE, NOBODY, answering, standing_as
from sanban.base.ledger.tests.units import everything_kept
from sanban.base.notify.models import Message
from sanban.base.people.tests.browsers import signed_in
from sanban.base.search.models import SearchEntry
from sanban.decide.policy.models import Measure, Policy
from sanban.execute.task.models import ProgressReport, TaskItem
from sanban.site import roles
from sanban.supervise.chase.models import Slip, Watch
from tests.addresses import MONDAY, cases, furnished
from tests.database import OWNER, WEB
from tests.postgresql.other_roles import ROLES, django_as, link, tell
from tests.test_every_address_and_role import answer
from tests.test_rules_decide_and_select_alike import ACTORS, rows, things
from tests.test_secrets_stay_out_of_sight import LISTS, MARK, _lower_all, _secrets

__all__ = ("rows", "things")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _roles_are_apart(transactional_db: None, settings: Any, tmp_path: Any) -> None:
    settings.SANBAN_VAR = tmp_path
    settings.SANBAN_ROLES = ROLES
    roles.grant()


def _seen(here: "psycopg.Connection[Any]", table: str) -> set[int]:
    return {key for (key,) in here.execute(f"SELECT id FROM {table}").fetchall()}


@settings(max_examples=25)
@given(actor=ACTORS)
def test_an_unfiltered_question_of_the_web_gives_what_the_rule_gives(rows, things, actor):
    with link(WEB) as here:
        tell(here, actor)
        for subject in subjects():
            rule = seeing(subject.stream).node
            wanted = {
                thing.pk
                for thing in things[subject.stream]
                if thing.level < SECRET or rule.test(actor, thing)
            }
            table = subject.model._meta.db_table
            assert _seen(here, table) == wanted, subject.stream
            assert here.execute(f"SELECT count(*) FROM {table}").fetchall() == [(len(wanted),)]


@settings(max_examples=25)
@given(actor=ACTORS)
def test_every_rule_selects_in_sql_as_it_decides(rows, things, actor):
    with link(OWNER) as here:
        tell(here, Actor(ref="system", system=True))
        everything = {s.stream: len(_seen(here, s.model._meta.db_table)) for s in subjects()}
        assert everything == {stream: len(found) for stream, found in things.items()}
        here.execute("COMMIT")
    with link(OWNER) as here:
        tell(here, actor)
        here.execute(
            "SELECT set_config('sanban.system', '1', true)"
        )  # the rule alone, not the wall behind it
        for rule in all_rules():
            model = rule.subject.model
            found = here.execute(
                f"SELECT id FROM {model._meta.db_table} WHERE {rule.node.rls(model)}"
            ).fetchall()
            decided = {thing.pk for thing in things[rule.subject.stream] if rule.node.test(actor, thing)}
            assert {key for (key,) in found} == decided, rule.name


def test_who_forgets_to_say_who_asks_sees_nothing_secret_and_all_else(rows, things):
    for role in (WEB, OWNER):
        with link(role) as here:
            for subject in subjects():
                open_rows = {thing.pk for thing in things[subject.stream] if thing.level < SECRET}
                assert _seen(here, subject.model._meta.db_table) == open_rows
                assert 0 < len(open_rows) < len(things[subject.stream])


def test_what_is_secret_is_changed_by_the_machine_alone(rows, things):
    mighty = Actor(ref="a", roles=frozenset({"leader"}), clearance=2, unit_ids=frozenset({1, 2, 3}))
    open_rows = sum(task.level < SECRET for task in things["task"])
    with link(WEB) as here:
        tell(here, mighty)
        assert len(_seen(here, "task_taskitem")) == len(things["task"])
        assert here.execute("UPDATE task_taskitem SET progress = 1").rowcount == open_rows
        tell(here, SYSTEM)
        assert here.execute("UPDATE task_taskitem SET progress = 1").rowcount == len(things["task"])
        here.rollback()


def test_what_was_told_ends_with_the_transaction(rows, things):
    with link(WEB) as here:
        tell(here, SYSTEM)
        assert len(_seen(here, "task_taskitem")) == len(things["task"])
        here.commit()
        assert len(_seen(here, "task_taskitem")) == sum(task.level < SECRET for task in things["task"])


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE task_taskitem DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE task_taskitem NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY sanban_secret_select ON task_taskitem",
        "CREATE POLICY mine ON task_taskitem USING (true)",
        "SET row_security = off; SELECT count(*) FROM task_taskitem",
        "TRUNCATE task_taskitem CASCADE",
        "UPDATE ledger_ledgerevent SET kind = 'x'",
        "DELETE FROM ledger_ledgerevent",
        "TRUNCATE ledger_ledgerevent",
        "ALTER TABLE ledger_ledgerevent DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_ledgerevent_no_update ON ledger_ledgerevent",
        "DELETE FROM ledger_ledgerpending",
        "INSERT INTO ledger_ledgerleaf (log, idx, event_id) VALUES ('x', 1, gen_random_uuid())",
        "UPDATE ledger_ledgercontent SET event_id = gen_random_uuid()",
        "DELETE FROM ledger_ledgercontent",
        "UPDATE ledger_ledgerkey SET purpose = 'x'",
        "CREATE TABLE mine (id int)",
        "CREATE OR REPLACE FUNCTION sanban_there(stream text, key bigint) RETURNS boolean LANGUAGE sql"
        " AS 'SELECT true'",
        "SET ROLE sanban",
    ],
)
def test_the_web_can_neither_pass_the_wall_nor_touch_the_ledger(statement: str) -> None:
    with link(WEB) as here, pytest.raises(psycopg.errors.InsufficientPrivilege):
        here.execute(statement)


def _all_tables(task: int, policy: int, file: int) -> dict[str, int]:
    """How many secret rows of each kind are there for who asks now."""
    return {
        "task": TaskItem.objects.filter(pk=task).count(),
        "policy": Policy.objects.filter(pk=policy).count(),
        "measure": Measure.objects.filter(policy_id=policy).count(),
        "file": StoredFile.objects.filter(pk=file).count(),
        "version": FileVersion.objects.filter(file_id=file).count(),
        "slip": Slip.objects.filter(task_id=task).count(),
        "watch": Watch.objects.filter(task_id=task).count(),
        "entry": SearchEntry.objects.filter(level=SECRET).count(),
        "message": Message.objects.filter(level=SECRET).count(),
        "value": everything_kept().count(MARK.encode()),
        "report": ProgressReport.objects.filter(task_id=task).count(),
    }


def test_everything_that_repeats_a_secret_is_kept_with_it_and_the_web_does_all_its_work() -> None:
    with clock.freeze(MONDAY), django_as(WEB):
        office = furnished()
        secret = _secrets(office)
        task, policy, file = secret["task_id"], secret["policy_id"], secret["file_id"]
        with standing_as(MACHINE):
            whole = _all_tables(task, policy, file)
        with standing_as(NOBODY):
            nothing = _all_tables(task, policy, file)
        assert {name for name, count in whole.items() if not count} == {"report"}
        assert set(nothing.values()) == {0}
        found = cases(office)
        inside = signed_in("dispatcher")
        assert MARK in inside.get(f"/policies/{policy}/").content.decode()
        assert MARK in answer(inside, found["task:register"], "GET").content.decode()
        assert MARK not in _exported(inside)
        assert "另有 2 件工作秘密不得导出" in _exported(inside)
        _lower_all()
        assert "工作秘密不得导出" not in _exported(signed_in("dispatcher"))
        for role in ("dispatcher", "leader", "officer", "security"):
            client = signed_in(role)
            for label in LISTS:
                assert MARK not in answer(client, found[label], "GET").content.decode(), f"{label} as {role}"


def _exported(client: Client) -> str:
    """The register as a file, which is read while it is sent, after the view has ended."""
    return b"".join(client.get("/tasks/export.csv")).decode()


def test_a_view_that_forgets_its_filter_is_stopped_by_the_wall(office_with_a_secret_file: int) -> None:
    with answering():
        assert StoredFile.objects.filter(pk=office_with_a_secret_file).count() == 0
        assert FileVersion.objects.filter(file_id=office_with_a_secret_file).count() == 0


@pytest.fixture
def office_with_a_secret_file() -> int:
    with clock.freeze(MONDAY):
        return files.upload(actor=SYSTEM, received=receive(MARK.encode(), "密.txt"), level=SECRET)


def test_reads_of_a_request_share_a_transaction_that_ends_with_it(office_with_a_secret_file: int) -> None:
    status = connection.connection.info
    with answering(), standing_as(MACHINE):
        assert StoredFile.objects.count() == 1
        assert status.transaction_status == psycopg.pq.TransactionStatus.INTRANS
        with transaction.atomic():
            assert StoredFile.objects.count() == 1
        assert status.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert StoredFile.objects.count() == 1
        with pytest.raises(Exception, match="nowhere"), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nowhere")
        assert status.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert StoredFile.objects.count() == 1
    assert status.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_a_process_keeps_no_transaction_open_between_its_statements(office_with_a_secret_file: int) -> None:
    assert StoredFile.objects.count() == 1  # a test stands as the machine
    assert connection.connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert StoredFile.objects.update(name="乙") == 1
    with standing_as(NOBODY):
        assert StoredFile.objects.update(name="丙") == 0
    assert StoredFile.objects.get().name == "乙"


def _fail_after(count: int) -> None:
    assert count == 1
    raise ZeroDivisionError


def test_what_a_rolled_back_savepoint_was_told_is_told_again(office_with_a_secret_file: int) -> None:
    with standing_as(NOBODY), transaction.atomic():
        assert StoredFile.objects.count() == 0
        with pytest.raises(ZeroDivisionError), transaction.atomic(), standing_as(MACHINE):
            _fail_after(StoredFile.objects.count())
        assert StoredFile.objects.count() == 0
        with standing_as(MACHINE):
            assert StoredFile.objects.count() == 1
        assert StoredFile.objects.count() == 0


def test_every_table_with_a_level_or_a_part_of_an_object_has_its_wall() -> None:
    assert wall.missing() == []
    walled = {one.table for one in wall.walls()}
    assert walled == {
        "chase_slip", "chase_watch", "dispute_dispute", "dispute_ruling", "dispute_statement",
        "files_fileversion", "files_storedfile", "label_label", "ledger_ledgercontent", "notify_message",
        "policy_measure", "policy_policy", "search_searchentry", "task_extension", "task_handover",
        "task_progressreport", "task_taskitem",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE task_taskitem NO FORCE ROW LEVEL SECURITY")
        try:
            assert wall.missing() == ["task_taskitem"]
            assert any("task_taskitem" in fault for fault in roles.faults())
        finally:
            wall.install()
    assert roles.faults() == []
