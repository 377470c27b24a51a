"""The self-check looks at the newest SM3 head itself, not at what is set: and doctor says when the extra is missing."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.ledger.tlog import sequencer, signing, sm2
from sanban.base.ledger.tlog.suites import LOGS
from sanban.desk.compliance import queries
from sanban.desk.compliance.seen import Look
from sanban.execute.task.tests.office import assigned, open_office
from sanban.site import doctor
from sanban.site.commands import main

pytestmark = pytest.mark.django_db
AUDITOR = Actor(ref="a", roles=frozenset({"auditor"}))


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> Any:
    settings.SANBAN_VAR = tmp_path
    assigned(open_office())
    return settings


def looked() -> Look:
    found = queries.review(actor=AUDITOR)
    (control,) = (one for _f, part in found.families for one in part if one.control.number == 25)
    return next(look for look in control.looks if look.name == "sm2_signature")


def test_a_head_counts_once_it_bears_the_signature_and_while_it_can_be_checked(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (looked().held, "尚无树头" in looked().words) == (False, True)
    sequencer.integrate()
    assert looked().held is False
    assert "SM3 树头未用 SM2 签名：办理日志。请设 SANBAN_SM3_KEY=sm2" in looked().words
    house.SANBAN_SM3_KEY = "sm2"
    for log in LOGS:
        signing.rotate(SYSTEM, log=log, suite="sm3")
    assert looked().held is False
    sequencer.integrate()
    assert (looked().held, looked().words) == (True, "1 个日志最新的 SM3 树头都有 SM2 签名，已当场验签。")
    monkeypatch.setattr(sm2, "gmssl_pyx", None)
    assert (looked().held, "bin/setup sm2" in looked().words) == (False, True)


def test_the_doctor_asks_for_the_extra_where_it_is_wanted(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> list[tuple[bool, str]]:
        return [(one.well, one.mend) for one in doctor.examine() if "SM2" in one.what]

    assert told() == []
    house.SANBAN_SM3_KEY = "sm2"
    assert told() == [(True, sm2.MEND)]
    monkeypatch.setattr(sm2, "gmssl_pyx", None)
    assert told() == [(False, sm2.MEND)]


def test_the_commands_say_what_is_missing_and_how_to_mend_it(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.SANBAN_SM3_KEY = "sm2"
    made = CliRunner().invoke(main, ["rotate-key", "ledger", "sm3"])
    assert (made.exit_code, "-sm3+" in made.output, "30 天" in made.output) == (0, True, True)
    monkeypatch.setattr(sm2, "gmssl_pyx", None)
    said = CliRunner().invoke(main, ["rotate-key", "ledger", "sm3"])
    assert (said.exit_code, said.output) == (1, f"Error: 没有换钥：{sm2.MEND}\n")
    placed = CliRunner().invoke(main, ["log", "--once"])
    assert (placed.exit_code, placed.output) == (0, f"SM3 树头没有签名，其余照常：{sm2.MEND}\n")
