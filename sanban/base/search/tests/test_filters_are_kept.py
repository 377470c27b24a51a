"""常用筛选: kept by a person, shared with the own unit or not, and never more than the query of a page."""

import pytest

from sanban.base.access.actor import ANYBODY
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.queries import entries
from sanban.base.ledger.registry import FOLDS
from sanban.base.ledger.replay import snapshot
from sanban.base.people.tests.browsers import signed_in
from sanban.base.search import actions, queries, rules
from sanban.base.search.models import SavedFilter
from sanban.base.search.tests.world import World, settle

pytestmark = pytest.mark.django_db
PAGE = "task:register"
KEEP = "存为常用</summary>"


@pytest.fixture
def world() -> World:
    return settle()


def names(world: World, login: str) -> list[str]:
    return [row.name for row in queries.saved_filters(actor=world.actors[login], page=PAGE)]


def test_a_kept_filter_is_ones_own_until_it_is_shared_with_the_unit(world):
    actions.save_filter(world.actors["plain"], page=PAGE, name="本月红灯", query="light=red")
    actions.save_filter(world.actors["plain"], page=PAGE, name="水利", query="q=水利", shared=True)
    assert names(world, "plain") == ["本月红灯", "水利"]
    assert names(world, "dispatcher") == ["水利"]
    assert names(world, "water") == []
    assert queries.saved_filters(actor=world.actors["plain"], page="policy:index") == []
    assert queries.saved_filters(actor=ANYBODY, page=PAGE) == []


def test_renaming_and_deleting_are_the_owners_alone(world):
    one = actions.save_filter(world.actors["plain"], page=PAGE, name="红灯", query="light=red", shared=True)
    for attempt in (
        lambda: actions.rename_filter(world.actors["dispatcher"], filter_id=one, name="改", shared=True),
        lambda: actions.delete_filter(world.actors["dispatcher"], filter_id=one),
    ):
        with pytest.raises(Denied):
            attempt()
    assert names(world, "dispatcher") == ["红灯"]
    actions.rename_filter(world.actors["plain"], filter_id=one, name="只看红灯", shared=False)
    assert (names(world, "plain"), names(world, "dispatcher")) == (["只看红灯"], [])
    actions.delete_filter(world.actors["plain"], filter_id=one)
    assert names(world, "plain") == []
    kinds = LedgerEvent.objects.filter(stream_type="filter").order_by("ver").values_list("kind", flat=True)
    assert list(kinds) == ["search.filter_saved", "search.filter_renamed", "search.filter_deleted"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("light=red&after=2026_1&page=3&q=", "light=red"),
        ("?q=水利&mine=on", "q=%E6%B0%B4%E5%88%A9&mine=on"),
        ("q=a%26b%3Dc", "q=a%26b%3Dc"),
        ("light=red&light=amber", "light=red&light=amber"),
        ("q=a\r\nSet-Cookie: x", "q=a%0D%0ASet-Cookie%3A+x"),
    ],
)
def test_only_the_query_is_kept_in_one_spelling(given, kept):
    assert rules.clean_query(given) == kept


@pytest.mark.parametrize(
    "query", ["", "after=2", "https://evil.example/?q=1", "q=1#part", "q=" + "x" * 1000, "a=1&" * 60]
)
def test_what_is_no_query_is_refused(world, query):
    with pytest.raises(Refused):
        actions.save_filter(world.actors["plain"], page=PAGE, name="错", query=query)
    assert SavedFilter.objects.count() == 0


@pytest.mark.parametrize("page", ["", "/tasks/", "no:such", "task:detail", "https://evil.example"])
def test_only_a_page_of_the_house_has_kept_filters(world, page):
    with pytest.raises(Refused):
        actions.save_filter(world.actors["plain"], page=page, name="错", query="q=1")


def test_names_are_short_and_stand_once(world):
    actions.save_filter(world.actors["plain"], page=PAGE, name=" 红  灯 ", query="light=red")
    assert names(world, "plain") == ["红 灯"]
    for name in ("红 灯", "", "长" * 31):
        with pytest.raises(Refused) as refused:
            actions.save_filter(world.actors["plain"], page=PAGE, name=name, query="q=1")
        assert refused.value.field == "name"
    actions.save_filter(world.actors["dispatcher"], page=PAGE, name="红 灯", query="light=red")


def test_at_most_twenty_are_kept_for_a_page(world):
    for n in range(20):
        actions.save_filter(world.actors["plain"], page=PAGE, name=f"第{n}个", query=f"q={n}")
    with pytest.raises(Refused):
        actions.save_filter(world.actors["plain"], page=PAGE, name="多一个", query="q=x")
    assert names(world, "plain")[-1] == "第19个"


def test_kept_filters_come_back_from_the_ledger(world):
    one = actions.save_filter(world.actors["plain"], page=PAGE, name="红灯", query="light=red")
    two = actions.save_filter(world.actors["plain"], page=PAGE, name="黄灯", query="light=amber")
    actions.rename_filter(world.actors["plain"], filter_id=one, name="只看红灯", shared=True)
    actions.delete_filter(world.actors["plain"], filter_id=two)
    before = snapshot([SavedFilter])
    SavedFilter.objects.all().delete()
    for run in entries(streams=["filter"]):
        for fold in FOLDS[type(run[0].event)]:
            fold(run)
    assert snapshot([SavedFilter]) == before
    assert SavedFilter.objects.count() == 1


def test_the_register_offers_to_keep_what_is_asked_and_shows_what_is_kept(world):
    browser = signed_in("plain")
    assert KEEP not in browser.get("/tasks/").content.decode()
    assert KEEP in browser.get("/tasks/?light=red&after=1").content.decode()
    answer = browser.post(
        "/search/filters/", {"page": PAGE, "query": "light=red&after=1", "name": "红灯", "shared": "on"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/?light=red")
    shown = browser.get("/tasks/?light=red").content.decode()
    assert 'href="/tasks/?light=red" aria-current="true"' in shown
    assert KEEP not in shown
    assert 'href="/tasks/?light=red"' in signed_in("dispatcher").get("/tasks/").content.decode()
    kept = SavedFilter.objects.get()
    browser.post(f"/search/filters/{kept.pk}/rename/", {"name": "只看红灯"})
    kept.refresh_from_db()
    assert (kept.name, kept.shared) == ("只看红灯", False)
    browser.post(f"/search/filters/{kept.pk}/delete/")
    assert SavedFilter.objects.count() == 0


def test_a_form_never_leads_out_of_the_house(world):
    answer = signed_in("plain").post(
        "/search/filters/", {"page": "//evil.example", "query": "q=1", "name": "x"}
    )
    assert answer["Location"] == "/"
