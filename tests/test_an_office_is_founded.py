"""An empty house gets its root unit and two administrators by one command, once, with good passwords."""

import pytest
from click.testing import CliRunner
from django.test import Client

from sanban.base.people.models import Person, RoleGrant, Unit
from sanban.site import service
from sanban.site.commands import main

pytestmark = pytest.mark.django_db
GOOD = "Qing-Lan-2026-xu"


@pytest.fixture(autouse=True)
def tables_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "prepare_database", lambda say: None)


def founded(*passwords: str, security: str = "luo") -> tuple[int, str]:
    asked = ["found", "--unit", "青岚市人民政府", "--admin", "tao", "--security", security]
    said = CliRunner().invoke(main, asked, input="".join(f"{word}\n{word}\n" for word in passwords))
    return said.exit_code, said.output


def test_the_first_two_administrators_can_sign_in() -> None:
    assert founded(GOOD, GOOD + "2")[0] == 0
    assert Unit.objects.get().name == "青岚市人民政府"
    roles = sorted(RoleGrant.objects.values_list("person__login", "role"))
    assert roles == [("luo", "security"), ("tao", "admin")]
    answer = Client().post("/account/login/", {"login": "tao", "password": GOOD})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize(
    ("passwords", "security", "words"),
    [(("short", "short"), "luo", "口令不合要求"), ((GOOD, GOOD), "tao", "须是两个人")],
)
def test_a_weak_password_or_one_person_for_both_is_refused(
    passwords: tuple[str, str], security: str, words: str
) -> None:
    code, said = founded(*passwords, security=security)
    assert code == 1 and words in said
    assert not Person.objects.exists() and not Unit.objects.exists()


def test_a_house_that_is_not_empty_is_left_alone() -> None:
    assert founded(GOOD, GOOD + "2")[0] == 0
    code, said = founded(GOOD, GOOD + "2")
    assert code == 1 and "首次设立只用于空库" in said
    assert Person.objects.count() == 2
