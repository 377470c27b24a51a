"""Every style sheet, script and template of the house: Chromium 109, the CSP, the weight on the wire."""

from pathlib import Path

import django_htmx
import pytest

from sanban.base.ui.checks import css_findings, gz_size, js_findings, template_findings

HOUSE = Path(__file__).parents[3]
STATIC = Path(__file__).parents[1] / "static/ui"
HTMX = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"


def _findings(pattern: str, folder: str, check) -> dict[str, list[tuple[int, str]]]:
    paths = [path for path in HOUSE.rglob(pattern) if folder in path.relative_to(HOUSE).parts]
    assert paths, f"no {pattern} under {folder}"
    return {
        str(p.relative_to(HOUSE)): found for p in paths if (found := check(p.read_text(encoding="utf-8")))
    }


def test_style_sheets_use_nothing_newer_than_chromium_109() -> None:
    assert _findings("*.css", "static", css_findings) == {}


def test_scripts_use_nothing_newer_and_evaluate_nothing() -> None:
    assert _findings("*.js", "static", js_findings) == {}


def test_templates_carry_no_inline_script_style_or_handler() -> None:
    assert _findings("*.html", "jinja2", template_findings) == {}
    assert _findings("*.html", "templates", template_findings) == {}


@pytest.mark.parametrize(
    "text",
    [
        ".a{color:color-mix(in srgb,red,blue)}",
        ".a{color:oklch(50% 0 0)}",
        ".a{color:light-dark(#fff,#000)}",
        ".a{.b{color:red}}",
        "@media print{.a{&:hover{color:red}}}",
        "@starting-style{.a{opacity:0}}",
        ".a:popover-open{color:red}",
        ".a{field-sizing:content}",
        "@page{@bottom-center{content:counter(page)}}",
    ],
)
def test_the_style_check_finds_what_it_forbids(text: str) -> None:
    assert css_findings(text) != []


def test_the_style_check_lets_grouping_rules_pass() -> None:
    assert (
        css_findings(
            "@media print{@supports (gap:1px){.a{gap:calc(1px + 2px)}}}.b:has(i){color:rgba(0,0,0,.5)}"
        )
        == []
    )


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "new Function('x')",
        "setTimeout('go()', 5)",
        "list.toSorted()",
        "Object.groupBy(a, f)",
        "el.showPopover()",
    ],
)
def test_the_script_check_finds_what_it_forbids(text: str) -> None:
    assert js_findings(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "<script>go()</script>",
        '<p style="color:red">',
        '<a onclick="go()">',
        '<div hx-on:click="go()">',
        "<div hx-vals='js:{a:1}'>",
        '<div hx-trigger="click[ctrlKey]">',
        '<img src="//cdn.example/x.png">',
        "<style>p{}</style>",
    ],
)
def test_the_template_check_finds_what_it_forbids(text: str) -> None:
    assert template_findings(text) != []


def test_styles_weigh_at_most_14_kb_and_scripts_6_kb_packed() -> None:
    assert gz_size(STATIC / "sanban.css") <= 14 * 1024
    assert gz_size(STATIC / "ui.js") <= 6 * 1024
    assert gz_size(STATIC / "reader.js") <= 2 * 1024


def test_all_scripts_of_an_ordinary_page_weigh_at_most_20_kb_packed() -> None:
    assert gz_size(STATIC / "ui.js", HTMX) <= 20 * 1024
