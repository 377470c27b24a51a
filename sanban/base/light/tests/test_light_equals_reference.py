"""Lights in closed form equal a naive walk from day to day: 0 differences."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sanban.base.light.tests.cases import differences, make_world


def test_colours_and_reasons_equal_the_reference_on_six_thousand_histories() -> None:
    random = Random(20261122)
    found: list[str] = []
    for _ in range(30):
        world = make_world(random)
        for _ in range(200):
            found.extend(differences(random, world, causes=True))
    assert found == []


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_drawn_world_makes_engine_and_reference_differ(random: Random) -> None:
    world = make_world(random)
    assert [line for _ in range(10) for line in differences(random, world, causes=True)] == []
