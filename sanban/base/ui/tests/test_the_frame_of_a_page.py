"""Sidebar, tabs, look and panels: what rooms register and what a person sees."""

from dataclasses import dataclass, field

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.urls import include, path

from sanban.base.ui import registry, shell, views
from sanban.base.ui.registry import Panel


def _page(request: HttpRequest):  # pragma: no cover - never called, only named
    raise AssertionError


urlpatterns = [
    path("ui/", include("sanban.base.ui.urls")),
    path("register/", _page, name="register"),
    path("register/mine/", _page, name="mine"),
    path("audit/", _page, name="audit"),
]


@dataclass(frozen=True)
class Person:
    name: str = "李明华"
    unit_name: str = "综合办"
    ref: str = "r1"
    roles: frozenset[str] = field(default_factory=lambda: frozenset({"officer"}))


FRAME_ONLY = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    for name, empty in (("_nav", {}), ("_groups", {}), ("_panels", []), ("_places", {}), ("_inbox", [])):
        monkeypatch.setattr(registry, name, empty)
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=FRAME_ONLY):
        yield


def _register_three_lines() -> None:
    registry.register_group("execute", "执行", 2)
    registry.register_group("start", "", 1)
    registry.register_nav("execute", "台账", "register", "list", 1, tab=2)
    registry.register_nav("start", "我的", "mine", "user", 1, count=lambda actor: 7, tab=1)
    registry.register_nav("execute", "审计", "audit", "shield", 2, roles={"auditor"})


def test_groups_stand_in_order_and_lines_need_their_role() -> None:
    _register_three_lines()
    built = shell.build_shell(Person(), path="/register/")
    assert [(g.label, [i.label for i in g.items]) for g in built.groups] == [
        ("", ["我的"]),
        ("执行", ["台账"]),
    ]
    auditor = shell.build_shell(Person(roles=frozenset({"auditor"})), path="/")
    assert [i.label for i in auditor.groups[1].items] == ["台账", "审计"]


def test_only_the_longest_line_over_the_path_is_current() -> None:
    _register_three_lines()
    built = shell.build_shell(Person(), path="/register/mine/3/")
    assert {i.label: i.current for g in built.groups for i in g.items} == {"我的": True, "台账": False}


def test_tabs_stand_in_their_own_order_with_their_counts() -> None:
    _register_three_lines()
    built = shell.build_shell(Person(), path="/")
    assert [(t.label, t.count) for t in built.tabs] == [("我的", 7), ("台账", 0)]


def test_without_an_actor_there_is_no_navigation() -> None:
    _register_three_lines()
    built = shell.build_shell(None, path="/")
    assert built.groups == () and built.me is None


def test_a_line_whose_page_is_not_mounted_is_left_out() -> None:
    registry.register_nav("execute", "没有", "nowhere", "x", 1)
    assert shell.build_shell(Person(), path="/").groups == ()


def test_registering_twice_draws_once() -> None:
    _register_three_lines()
    _register_three_lines()
    assert len(shell.build_shell(Person(), path="/").groups[1].items) == 1


def test_panels_are_drawn_in_order_and_none_is_left_out() -> None:
    registry.register_panel("task.detail", "aside", 2, lambda actor, pk: Panel("b.html", {"id": pk}))
    registry.register_panel("task.detail", "aside", 1, lambda actor, pk: Panel("a.html", {}))
    registry.register_panel("task.detail", "aside", 3, lambda actor, pk: None)
    registry.register_panel("task.detail", "below", 1, lambda actor, pk: Panel("c.html", {}))
    assert registry.panels("task.detail", "aside", Person(), 5) == [
        Panel("a.html", {}),
        Panel("b.html", {"id": 5}),
    ]


def test_an_unknown_place_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown place 'kitchen'"):
        registry.register_place("kitchen", "register")


def test_the_look_cookie_is_read_with_distrust() -> None:
    assert shell.Look.parse("dark.xlarge.more") == shell.Look("dark", "xlarge", "more")
    assert shell.Look.parse('"><script>.huge.') == shell.Look("", "", "")
    assert shell.Look.parse("") == shell.Look()


def test_switching_the_look_keeps_the_rest_and_goes_back_inside_the_house_only() -> None:
    request = RequestFactory().post("/ui/look/", {"theme": "dark", "next": "https://evil.example/"})
    request.COOKIES["look"] = ".large."
    response = views.look(request)
    assert response.cookies["look"].value == "dark.large."
    assert response["Location"] == "/"
    inside = views.look(RequestFactory().post("/ui/look/", {"size": "xlarge", "next": "/register/?page=2"}))
    assert inside["Location"] == "/register/?page=2"


def test_the_page_carries_its_look_its_band_and_marks_the_current_line() -> None:
    _register_three_lines()
    request = RequestFactory().get("/register/")
    look = shell.Look("dark", "large", "")
    request.shell = shell.build_shell(Person(), path="/register/", look=look)  # type: ignore[attr-defined]
    context = {"title": "台账", "classification": "秘密"}
    page = render_to_string("ui/base.html", context, request=request)
    assert page.lstrip().startswith("<!doctype html>")
    assert '<html lang="zh-CN" data-theme="dark" data-size="large">' in page
    assert '<a href="/register/" aria-current="page">' in page
    assert '<p class="band">秘密</p>' in page and "data-secret" in page
    assert '"allowEval":false' in page and '"historyCacheSize":0' in page
    assert page.count("<h1>台账</h1>") == 1


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_no_context_and_say_what_to_do(name: str) -> None:
    page = render_to_string(name)
    assert "<h1>" in page and "请" in page and 'href="/"' in page


def test_the_style_page_is_shown_only_while_debugging(client) -> None:
    with override_settings(DEBUG=True):
        shown = client.get("/ui/style/?page=2")
    assert shown.status_code == 200
    assert shown.content.count(b"<h1>") == 1
    with override_settings(DEBUG=False):
        assert client.get("/ui/style/").status_code == 404
