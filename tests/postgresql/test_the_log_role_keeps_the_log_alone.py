"""The sequencer's role places events and signs heads; it reads no business and changes no event."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.files import actions as files
from sanban.base.files.intake import receive
from sanban.base.ledger.models import LedgerCheckpoint, LedgerEvent, LedgerLeaf, LedgerPending
from sanban.base.ledger.tlog import audit, notes, sequencer, signing, sm2
from sanban.site import roles, which_role
from tests.addresses import MONDAY
from tests.database import SEQUENCER
from tests.postgresql.other_roles import ROLES, django_as, link, tell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _roles_are_apart(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path
    settings.SANBAN_ROLES = ROLES
    roles.grant()


def test_it_gives_events_their_places_and_signs() -> None:
    with clock.freeze(MONDAY):
        files.upload(actor=SYSTEM, received=receive("甲".encode(), "甲.txt"), level=1)
        waiting = LedgerPending.objects.count()
        with django_as(SEQUENCER):
            assert sequencer.integrate() == waiting > 0
    assert (LedgerPending.objects.count(), LedgerLeaf.objects.count()) == (0, waiting)
    assert {point.suite for point in LedgerCheckpoint.objects.all()} == {"sha256", "sm3"}
    assert list(audit.examine()) == []


def test_it_changes_its_key_and_records_that() -> None:
    with clock.freeze(MONDAY):
        files.upload(actor=SYSTEM, received=receive("甲".encode(), "甲.txt"), level=1)
        with django_as(SEQUENCER):
            sequencer.integrate()
            signing.rotate(actor=SYSTEM, log="ledger", suite="sha256")
            sequencer.integrate()
    assert LedgerEvent.objects.filter(stream_type="ledger").count() == 1
    assert LedgerPending.objects.count() == 0


def test_it_changes_over_to_sm2_or_writes_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SANBAN_SM3_KEY = "sm2"
    with django_as(SEQUENCER):
        assert signing.rotate(actor=SYSTEM, log="ledger", suite="sm3").kind == notes.LOG_SM2
        monkeypatch.setattr(sm2, "gmssl_pyx", None)
        with pytest.raises(sm2.Missing, match="gmssl-pyx"):
            signing.rotate(actor=SYSTEM, log="ledger", suite="sm3")
    assert LedgerEvent.objects.get().kind == "ledger.key_announced"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM task_taskitem",
        "SELECT * FROM people_person",
        "UPDATE ledger_ledgercontent SET dek_id = 'x'",
        "UPDATE ledger_ledgerevent SET kind = 'x'",
        "DELETE FROM ledger_ledgerevent",
        "UPDATE ledger_ledgerleaf SET idx = 5",
        "DELETE FROM ledger_ledgerleaf",
        "DELETE FROM ledger_ledgercheckpoint",
        "CREATE TABLE mine (id int)",
    ],
)
def test_it_can_do_nothing_else(statement: str) -> None:
    with link(SEQUENCER) as here, pytest.raises(psycopg.errors.InsufficientPrivilege):
        here.execute(statement)


def test_it_reads_the_values_of_its_own_events_alone() -> None:
    with clock.freeze(MONDAY):
        files.upload(actor=SYSTEM, received=receive("甲".encode(), "甲.txt"), level=1)
    with link(SEQUENCER) as here:
        tell(here, SYSTEM)
        assert here.execute("SELECT count(*) FROM ledger_ledgercontent").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("words", "role"),
    [
        (["migrate"], "owner"), (["up", "--port", "1"], "owner"), (["demo"], "owner"), (["found"], "owner"),
        (["backup"], "owner"), (["log", "--once"], "sequencer"), (["rotate-key"], "sequencer"), (["clock"], "web"),
        (["worker"], "web"), ([], "web"),
    ],
)  # fmt: skip
def test_each_command_connects_as_its_role(words: list[str], role: str) -> None:
    assert which_role.role_of(words) == role


def test_the_check_up_says_when_the_roles_are_one(settings: Any) -> None:
    settings.SANBAN_ROLES = dict.fromkeys(ROLES, ROLES["owner"])
    (fault,) = roles.faults()
    assert "没有分开" in fault
    settings.SANBAN_ROLES = {**ROLES, "web": "postgres"}
    assert any("postgres" in one and "绕过行级安全" in one for one in roles.faults())
