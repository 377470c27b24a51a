"""The index follows every event that changes a name or a place, and can be folded again from the ledger."""

import pytest

from sanban.base.access.actor import SYSTEM
from sanban.base.files import actions as files
from sanban.base.files.intake import receive
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.replay import snapshot
from sanban.base.people import actions as people
from sanban.base.people.models import Person
from sanban.base.search import actions, queries
from sanban.base.search.models import SearchEntry
from sanban.base.search.tests.world import World, settle
from sanban.execute.task import actions as tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return settle()


def found(world: World, text: str, kind: str, login: str = "dispatcher") -> list[str]:
    groups = queries.find(actor=world.actors[login], text=text, kinds=[kind]).groups
    return [hit.title for group in groups for hit in group.hits]


def test_a_renamed_unit_is_found_by_both_names_and_its_people_by_the_new_one(world):
    people.rename_unit(SYSTEM, unit_id=world.units["water"], name="清江省水务局", short="水务局")
    assert found(world, "水务局", "unit") == ["清江省水务局"]
    assert found(world, "清江省水利厅", "unit") == ["清江省水务局"]
    assert found(world, "水务局", "person") == ["梅乐山"]
    assert found(world, "水利厅", "person") == []


def test_an_alias_leads_to_the_unit(world):
    people.add_alias(SYSTEM, unit_id=world.units["water"], alias="河湖长制办公室")
    assert found(world, "河湖", "unit") == ["清江省水利厅"]


def test_the_names_of_a_merged_unit_lead_to_its_heir(world):
    people.merge_unit(SYSTEM, unit_id=world.units["water"], into_id=world.units["roads"])
    assert found(world, "水利厅", "unit") == ["清江省交通运输厅"]
    assert found(world, "交通 处长", "person") == ["张延年", "梅乐山"]


def test_who_has_left_is_not_found(world):
    gone, heir = (Person.objects.get(login=login).pk for login in ("water", "roads"))
    people.leave(SYSTEM, person_id=gone, successor_id=heir)
    assert found(world, "梅乐山", "person") == []


def test_a_forwarded_task_is_found_by_the_unit_that_has_it_now(world):
    tasks.forward(
        world.actors["dispatcher"], task_id=world.tasks[2], to_id=world.units["roads"], reason="属路政"
    )
    assert found(world, "水库", "task", "roads") == ["核查小型水库安全巡查记录"]
    assert found(world, "水库", "task", "water") == []


def test_a_file_is_found_by_name_as_far_as_it_may_be_read(world, settings, tmp_path):
    settings.SANBAN_VAR = tmp_path
    received = receive(b"12 pumps", "泵站清单.txt")
    files.upload(actor=world.actors["water"], received=received, level=1)
    assert found(world, "清单", "file") == ["泵站清单.txt"]
    assert found(world, "清单", "file", "roads") == []


def everything(world: World) -> tuple[dict[str, list[object]], list[list[str]]]:
    texts = ("营商环境", "水利", "tjyshj", "商环", "000003")
    kinds = ("task", "policy", "unit", "person")
    return snapshot([SearchEntry]), [found(world, text, kind) for text in texts for kind in kinds]


def test_the_index_folded_again_from_the_ledger_is_the_same(world):
    people.rename_unit(SYSTEM, unit_id=world.units["roads"], name="清江省公路厅", short="公路厅")
    people.merge_unit(SYSTEM, unit_id=world.units["water"], into_id=world.units["roads"])
    before = everything(world)
    SearchEntry.objects.update(title="毁坏", plain="毁坏")
    assert everything(world) != before
    actions.rebuild_index(SYSTEM)
    assert everything(world) == before


def test_only_the_system_administrator_makes_the_index_anew(world):
    with pytest.raises(Denied):
        actions.rebuild_index(world.actors["dispatcher"])
    assert SearchEntry.objects.count() == 14
