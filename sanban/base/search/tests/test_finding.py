"""What is found by which words, in which order: one table for both databases."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sanban.base.people.queries import unit_names
from sanban.base.search import queries
from sanban.base.search.models import SearchEntry
from sanban.base.search.tests.world import World, settle
from sanban.base.search.words import pairs, plain, sounds, tokens

pytestmark = pytest.mark.django_db

ENVIRONMENT = ["优化营商环境若干措施", "开展营商环境评价", "推进营商环境优化提升"]
TABLE = [
    # all words, in title or text; title within first, then the newest
    ("营商环境", "all", ["开展营商环境评价", "推进营商环境优化提升", "优化营商环境若干措施"]),
    # a secret is found by the exact words of its title, by its number, and by nothing of its text or sound
    ("保密 营商", "all", ["推进保密营商事项"]),
    ("推进保密营商事项", "all", ["推进保密营商事项"]),
    ("保密营", "any", None),
    ("tjbmyssx", "all", []),
    ("优化 营商环境", "all", ["推进营商环境优化提升", "优化营商环境若干措施"]),
    ("泵站改造", "all", ["整治重庆路内涝点", "关于做好防汛工作的通知"]),
    ("水库", "all", ["核查小型水库安全巡查记录"]),
    # numbers, in whole and in part, whatever the brackets and the case
    ("清政办发〔2026〕7号", "all", ["关于做好防汛工作的通知"]),
    ("清政办发2026 7号", "all", ["关于做好防汛工作的通知"]),
    ("〔2025〕14", "all", ["优化营商环境若干措施"]),
    ("dc-2026-000002", "all", ["整治重庆路内涝点"]),
    ("000003", "all", ["核查小型水库安全巡查记录"]),
    # sounds: initials, full pinyin, and a character with two readings read by its word
    ("tjyshj", "all", ["推进营商环境优化提升"]),
    ("yshj", "all", ["开展营商环境评价", "推进营商环境优化提升", "优化营商环境若干措施"]),
    ("zzcql", "all", ["整治重庆路内涝点"]),
    ("chongqinglu", "all", ["整治重庆路内涝点"]),
    ("mls", "all", ["梅乐山"]),
    ("MLS", "all", ["梅乐山"]),
    # units and people: name, post, unit
    ("水利厅", "all", ["清江省水利厅", "梅乐山"]),
    ("梅乐山", "all", ["梅乐山"]),
    ("水利厅 处长", "all", ["梅乐山"]),
    # the second chance: cut elsewhere than the text was
    ("商环", "all", ["开展营商环境评价", "推进营商环境优化提升", "优化营商环境若干措施"]),
    ("库核", "pairs", ["核查小型水库安全巡查记录"]),
    ("汛", "all", ["关于做好防汛工作的通知"]),
    ("值", "pairs", ["关于做好防汛工作的通知"]),
    # the last: one word is enough, more words first
    ("防汛 卫星 泵站", "any", ["整治重庆路内涝点", "关于做好防汛工作的通知"]),
    # nothing, and what could break a query language
    ("卫星", "all", []),
    ("'\" OR 1=1 -- * : ( ) ^ & | ! <->", "all", []),
    ("NEAR(营商, 2)", "any", None),
    ("，。；", "all", []),
    ("", "all", []),
]  # fmt: skip


@pytest.fixture
def world() -> World:
    return settle()


@pytest.mark.parametrize(("text", "way", "titles"), TABLE, ids=[row[0] or "empty" for row in TABLE])
def test_the_same_words_find_the_same_in_the_same_order(world, text, way, titles):
    found = queries.find(actor=world.actors["dispatcher"], text=text)
    shown = [hit.title for group in found.groups for hit in group.hits]
    if titles is None:
        assert shown
    else:
        assert (shown, found.way) == (titles, way)


def test_nobody_finds_what_he_may_not_see(world):
    def tasks(login: str) -> list[str]:
        found = queries.find(actor=world.actors[login], text="营商", kinds=["task"])
        return [hit.title for group in found.groups for hit in group.hits]

    assert tasks("dispatcher") == [
        "推进保密营商事项", "开展营商环境评价", "推进营商环境优化提升", "核查小型水库安全巡查记录",
    ]  # fmt: skip
    assert tasks("plain") == ["开展营商环境评价", "推进营商环境优化提升", "核查小型水库安全巡查记录"]
    assert tasks("water") == ["推进营商环境优化提升", "核查小型水库安全巡查记录"]
    assert tasks("roads") == ["开展营商环境评价"]
    hidden = queries.find(actor=world.actors["plain"], text="推进保密营商事项")
    assert "推进保密营商事项" not in [hit.title for group in hidden.groups for hit in group.hits]


def test_the_count_is_of_what_may_be_seen_and_few_are_drawn(world):
    found = queries.find(actor=world.actors["plain"], text="营商", most=1, kinds=["task"])
    (group,) = found.groups
    assert (len(group.hits), group.total, found.total) == (1, 3, 3)


def test_the_entry_says_where_it_leads_and_shows_the_words(world):
    (group,) = queries.find(actor=world.actors["plain"], text="排水", kinds=["task"]).groups
    (hit,) = group.hits
    assert (hit.url, hit.number, hit.unit) == ("/tasks/DC-2026-000002/", "DC-2026-000002", "交通运输厅")
    assert hit.snippet == "改造 12 座泵站，推进排水管网更新。"


def test_nothing_private_of_a_person_is_in_the_index(world):
    row = SearchEntry.objects.get(kind="person", title="梅乐山")
    assert (row.number, row.text, row.unit_id) == ("", "处长\n水利厅", world.units["water"])


@pytest.mark.parametrize(
    ("text", "asked"), [("水库", 1), ("库核", 2), ("防汛 卫星", 3), ("卫星", 2), ("，", 0)]
)
def test_finding_asks_once_and_again_only_when_nothing_was_found(world, text, asked):
    unit_names(actor=world.actors["plain"])
    with CaptureQueriesContext(connection) as said:
        queries.find(actor=world.actors["plain"], text=text)
    assert len(said) == asked


def test_text_is_folded_before_it_is_cut():
    assert tokens("ＤＣ-2026 号，的") == ["dc", "2026", "号"]
    assert plain("清政办发〔2026〕7号") == "清政办发20267号"
    assert pairs("营商环境") == ["营", "商", "环", "境", "营商", "商环", "环境"]
    assert sounds("推进营商环境") == ("tjyshj", "tuijinyingshanghuanjing")
    assert sounds("重庆A1")[0] == "cqa1"
