"""Units are renamed, moved and merged; their history stays and every old name still leads to today's unit."""

import pytest

from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.queries import timeline
from sanban.base.ledger.replay import replay_difference
from sanban.base.people import actions, queries
from sanban.base.people.drafts import UnitDraft
from sanban.base.people.models import Person, Unit
from sanban.base.people.tests.office import TABLES, everything, open_office

pytestmark = pytest.mark.django_db


def _found(text: str) -> list[int]:
    return [pk for pk, _name, _matched in queries.unit_candidates(actor=SYSTEM, text=text)]


def _names(unit_id: int) -> set[str]:
    return next({name, *others} for pk, name, others in queries.register(actor=SYSTEM) if pk == unit_id)


def test_a_former_name_still_finds_the_unit():
    office = open_office()
    water = office.units["water"]
    actions.rename_unit(SYSTEM, unit_id=water, name="水务厅", short="水务")
    assert _found("水利厅") == _found("水务厅") == [water]
    assert {"水务厅", "水务", "水利厅", "水利局"} <= _names(water)
    (former,) = [name for name in queries.other_names(actor=SYSTEM, unit_id=water) if name.former]
    assert former.name == "水利厅" and former.until is not None


def test_the_names_and_people_of_a_merged_unit_lead_to_the_one_it_went_into():
    office = open_office()
    water, off = office.units["water"], office.units["off"]
    actions.update_person(
        SYSTEM, person_id=office.people["officer"], name="承", email="", mobile="", unit_id=water, post="",
        clearance=1,
    )  # fmt: skip
    actions.merge_unit(SYSTEM, unit_id=water, into_id=off)
    actions.move_unit(SYSTEM, unit_id=office.units["div"], parent_id=office.units["gov"])
    actions.merge_unit(SYSTEM, unit_id=off, into_id=office.units["div"])
    assert _found("水利厅") == _found("水利局") == [office.units["div"]]
    assert {"水利厅", "水利", "水利局", "综合办公室"} <= _names(office.units["div"])
    assert water not in [pk for pk, _name, _others in queries.register(actor=SYSTEM)]
    assert Person.objects.get(login="officer").unit_id == office.units["div"]
    merged = queries.unit_of(actor=SYSTEM, unit_id=water)
    assert merged is not None and (merged.active, merged.name) == (False, "水利厅")
    lines = timeline(actor=SYSTEM, streams=[("unit", water)])
    assert next(line.sentence for line in lines) == "并入“综合办公室”"


def test_a_unit_with_divisions_is_not_merged_from_over_them():
    office = open_office()
    before = everything()
    with pytest.raises(Refused, match="下级单位"):
        actions.merge_unit(SYSTEM, unit_id=office.units["off"], into_id=office.units["water"])
    assert everything() == before


@pytest.mark.parametrize(("unit", "target"), [("off", "off"), ("off", "div"), ("gov", "div")])
def test_a_unit_goes_neither_into_nor_under_itself(unit, target):
    office = open_office()
    with pytest.raises(Refused, match="自己"):
        actions.merge_unit(SYSTEM, unit_id=office.units[unit], into_id=office.units[target])
    with pytest.raises(Refused, match="自己"):
        actions.move_unit(SYSTEM, unit_id=office.units[unit], parent_id=office.units[target])


def test_moving_a_unit_takes_everything_below_along():
    office = open_office()
    actions.move_unit(SYSTEM, unit_id=office.units["off"], parent_id=office.units["water"])
    gov, off, div, water = (office.units[code] for code in ("gov", "off", "div", "water"))
    assert Unit.objects.get(pk=div).path == f"{gov}.{water}.{off}.{div}."
    assert office.actor("officer").unit_ids == {off, div}
    assert [(u.code, depth) for u, depth, _n in queries.unit_tree(actor=SYSTEM)] == [
        ("gov", 0), ("water", 1), ("off", 2), ("div", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (UnitDraft(code="gov", name="x", short="x", kind="office"), "code"),
        (UnitDraft(code="n", name="x", short="x", kind="castle"), "kind"),
        (UnitDraft(code="n", name="x", short="x", kind="office", parent_code="none"), "parent"),
    ],
)
def test_a_faulty_draft_is_refused_at_its_field(draft, field):
    open_office()
    before = everything()
    with pytest.raises(Refused) as refusal:
        actions.create_unit(SYSTEM, unit=draft)
    assert refusal.value.field == field
    assert everything() == before


def test_the_tables_follow_from_the_ledger_after_all_this():
    office = open_office()
    actions.rename_unit(SYSTEM, unit_id=office.units["water"], name="水务厅", short="水务")
    actions.add_alias(SYSTEM, unit_id=office.units["water"], alias="水务局")
    actions.create_unit_class(
        SYSTEM, name="各厅", aliases=["各有关厅"], definite=False, member_ids=[office.units["water"]]
    )
    actions.move_unit(SYSTEM, unit_id=office.units["water"], parent_id=office.units["off"])
    actions.merge_unit(SYSTEM, unit_id=office.units["water"], into_id=office.units["div"])
    assert replay_difference(TABLES) == []
