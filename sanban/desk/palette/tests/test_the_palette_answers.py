"""The palette: pages and acts that one may open, then what can be found, for a fixed number of questions."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sanban.base.people.tests.browsers import signed_in
from sanban.base.search.tests.world import World, settle

pytestmark = pytest.mark.django_db
OF_EVERY_REQUEST = 6
"""Session, person, stand-ins, roles, units."""


@pytest.fixture
def world() -> World:
    cache.clear()
    return settle()


def sections(answer) -> list[tuple[str, list[str]]]:
    found = []
    for part in answer.content.decode().split("<h3>")[1:]:
        found.append((part.partition("</h3>")[0], re.findall(r"<span>(.*?)</span>", part)))
    return found


def ask(login: str, text: str) -> list[tuple[str, list[str]]]:
    return sections(signed_in(login).get("/palette/", {"q": text}))


def test_without_words_it_offers_the_pages_and_acts_of_the_person(world):
    (pages, acts) = ask("plain", "")
    assert pages[0] == "页面"
    assert "任务台账" in pages[1]
    assert acts[0] == "动作"
    assert "交办事项" in acts[1]
    assert "登记人员" not in acts[1]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("rwtz", [("页面", ["任务台账"])]),
        ("jbsx", [("动作", ["交办事项"])]),
        ("交办", [("动作", ["交办事项"])]),
        ("tjyshj", [("事项", ["推进营商环境优化提升"])]),
        ("清政办发2026", [("政策", ["关于做好防汛工作的通知"])]),
        ("000002", [("事项", ["整治重庆路内涝点"])]),
        ("水利厅", [("单位", ["清江省水利厅"]), ("人员", ["梅乐山"])]),
        ("zyn", [("人员", ["张延年"])]),
        ("卫星", []),
        ("，", []),
    ],
)
def test_chinese_numbers_and_initials_lead_there(world, text, wanted):
    assert ask("plain", text) == wanted


def test_it_shows_nothing_that_may_not_be_seen(world):
    loose = dict(ask("plain", "推进保密营商事项"))
    assert loose["事项"][0] == "推进营商环境优化提升"
    assert "推进保密营商事项" not in loose["事项"]
    assert ask("dispatcher", "推进保密营商事项") == [("事项", ["推进保密营商事项"])]
    assert ("动作", ["交办事项"]) not in ask("roads", "zzcql")


def test_more_than_a_few_lead_to_the_search_page(world):
    answer = signed_in("dispatcher").get("/palette/", {"q": "dc-2026"})
    assert [name for name, _rows in sections(answer)] == ["事项"]
    assert "查看全部" not in answer.content.decode()
    more = signed_in("dispatcher").get("/palette/", {"q": "2026"})
    assert "查看全部 6 条" not in more.content.decode()
    assert sum(len(rows) for _name, rows in sections(more)) == 6


@pytest.mark.parametrize(
    ("text", "asked"), [("", 0), ("任务", 2), ("营商环境", 1), ("水库", 1), ("防汛 卫星", 3), ("x" * 500, 2)]
)
def test_it_asks_a_fixed_number_of_questions(world, text, asked):
    browser = signed_in("plain")
    browser.get("/palette/", {"q": "营商"})
    with CaptureQueriesContext(connection) as said:
        browser.get("/palette/", {"q": text})
    assert len(said) - OF_EVERY_REQUEST == asked


def test_a_stranger_is_sent_to_the_front_door(db):
    answer = Client().get("/palette/", {"q": "x"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/login/")
