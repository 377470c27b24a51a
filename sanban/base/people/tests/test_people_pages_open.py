"""Every page of the directory opens; the front door lets people in and records it; rebuilding gives the same."""

import pytest
from django.test import Client

from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference
from sanban.base.people import actions, queries
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.models import AccessToken, Deputy, Person, RoleGrant, Unit, UnitClass, UnitName

pytestmark = pytest.mark.django_db
WORD = "qing-jiang-2026-long"


@pytest.fixture
def ids() -> dict[str, int]:
    """A government, an office below it, an administrator and an officer."""
    top, office = actions.create_units(
        SYSTEM,
        units=[
            UnitDraft(code="gov", name="清江省人民政府", short="省政府", kind="government"),
            UnitDraft(code="off", name="综合办公室", short="综合办", kind="office", parent_code="gov"),
        ],
    )
    boss, clerk = actions.create_people(
        SYSTEM,
        people=[
            PersonDraft(login="boss", name="王敏", unit_id=top, roles=("admin",)),
            PersonDraft(login="clerk", name="李青", unit_id=office, roles=("officer",)),
        ],
    )
    actions.set_passwords(SYSTEM, passwords={"boss": WORD, "clerk": WORD})
    return {"top": top, "office": office, "boss": boss, "clerk": clerk}


def test_every_page_opens_for_the_administrator(ids: dict[str, int]) -> None:
    client = Client()
    assert client.post("/account/login/", {"login": "boss", "password": WORD}).status_code == 302
    assert LedgerEvent.objects.filter(kind="people.session_opened").count() == 1
    pages = [
        "",
        "units/",
        "units/new/",
        "new/",
        "import/",
        "me/",
        f"units/{ids['office']}/",
        f"{ids['clerk']}/",
    ]
    pages += [f"units/{ids['office']}/{verb}/" for verb in ("rename", "alias", "move", "merge")]
    pages += [f"{ids['clerk']}/{verb}/" for verb in ("edit", "deputy", "leave", "password")]
    assert {page: client.get(f"/people/{page}").status_code for page in pages} == dict.fromkeys(pages, 200)


def test_a_wrong_password_is_recorded_without_what_was_typed(ids: dict[str, int]) -> None:
    page = Client().post("/account/login/", {"login": "boss", "password": "wrong-word"})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert LedgerEvent.objects.filter(kind="people.sign_in_failed").count() == 1


def test_an_officer_may_not_make_units_and_only_the_refusal_is_written(ids: dict[str, int]) -> None:
    clerk = queries.actors_by_login(actor=SYSTEM)["clerk"]
    with pytest.raises(Denied):
        actions.create_unit(clerk, unit=UnitDraft(code="x", name="x", short="x", kind="office"))
    assert Unit.objects.count() == 2
    assert LedgerEvent.objects.filter(kind="access.act_refused", actor_ref=clerk.ref).count() == 1


def test_the_tables_can_be_rebuilt_from_the_ledger(ids: dict[str, int]) -> None:
    actions.rename_unit(SYSTEM, unit_id=ids["office"], name="综合协调办公室", short="综合办")
    actions.move_unit(SYSTEM, unit_id=ids["office"], parent_id=None)
    actions.appoint_deputy(SYSTEM, person_id=ids["boss"], deputy_id=ids["clerk"], until=None, reason="出差")
    actions.leave(SYSTEM, person_id=ids["clerk"], successor_id=ids["boss"])
    tables = [Unit, UnitName, UnitClass, Person, RoleGrant, Deputy, AccessToken]
    assert replay_difference(tables) == []
