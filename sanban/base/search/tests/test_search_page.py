"""The search page: groups by kind, marks the words, gives advice when there is nothing."""

import pytest
from django.test import Client
from django.utils.safestring import SafeString

from sanban.base.people.tests.browsers import signed_in
from sanban.base.search.functions import highlight
from sanban.base.search.tests.world import World, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return settle()


def page(login: str, **query: str) -> str:
    answer = signed_in(login).get("/search/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_hits_stand_by_kind_with_their_words_marked(world):
    shown = page("plain", q="营商")
    assert shown.index("<h2>事项</h2>") < shown.index("<h2>政策</h2>")
    assert "推进<mark>营商</mark>环境优化提升" in shown
    assert 'href="/tasks/DC-2026-000001/"' in shown
    assert "保密" not in shown


def test_one_kind_alone_when_asked(world):
    shown = page("plain", q="营商", kind="policy")
    assert "<h2>政策</h2>" in shown
    assert "<h2>事项</h2>" not in shown
    assert "<h2>事项</h2>" in page("plain", q="营商", kind="nonsense")


def test_a_page_with_a_secret_hit_carries_the_band(world):
    assert '<p class="band">工作秘密</p>' in page("dispatcher", q="保密")
    assert '<p class="band">' not in page("plain", q="营商")


def test_an_empty_answer_gives_advice_and_a_loose_one_says_so(world):
    assert "换个说法" in page("plain", q="卫星")
    assert "如 tjyshj" in page("plain")
    assert "以下含有其中一部分" in page("plain", q="防汛 卫星")
    assert "字面相近" in page("plain", q="库核")


def test_what_is_typed_is_never_taken_for_markup(world):
    shown = page("plain", q='"><script>alert(1)</script>')
    assert "<script>alert" not in shown
    marked = highlight("<b>营商</b>", ["营商", "<b>"])
    assert isinstance(marked, SafeString)
    assert marked == "<mark>&lt;b&gt;</mark><mark>营商</mark>&lt;/b&gt;"


def test_a_stranger_is_sent_to_the_front_door(db):
    assert Client().get("/search/", {"q": "x"})["Location"].startswith("/account/login/")
