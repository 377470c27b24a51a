"""Laws that are read off the source of every tracked Python file."""

from collections.abc import Callable

import pytest

from tests.laws import checkers
from tests.laws.exempt import exemptions, remaining
from tests.laws.source import Breach, Source, python_sources

pytestmark = pytest.mark.law
Checker = Callable[[Source], list[Breach]]


def _everything(checker: Checker) -> list[Breach]:
    return [breach for source in python_sources() for breach in checker(source)]


@pytest.mark.parametrize("checker", checkers.EVERYWHERE, ids=lambda c: c.__name__)
def test_every_file_keeps_the_law(checker: Checker) -> None:
    assert remaining(_everything(checker)) == []


@pytest.mark.parametrize("checker", checkers.IN_ROOMS, ids=lambda c: c.__name__)
def test_every_room_keeps_the_law(checker: Checker) -> None:
    rooms = [source for source in python_sources() if source.path.startswith("sanban/")]
    assert rooms, "no source was read: the law would pass over an empty house"
    assert remaining(breach for source in rooms for breach in checker(source)) == []


def test_every_exemption_is_still_needed_and_says_why() -> None:
    breaches = [b for checker in (*checkers.EVERYWHERE, *checkers.IN_ROOMS) for b in _everything(checker)]
    of_source = [row for row in exemptions() if row.law != "events"]
    unused = [row for row in of_source if not any(row.covers(breach) for breach in breaches)]
    assert unused == []
    assert [row for row in exemptions() if len(row.reason) < 20] == []
