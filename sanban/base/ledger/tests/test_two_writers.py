"""Two people act on one object at once: one wins, the other learns it, and the ledger has no gap."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.errors import Conflict
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.tests import units
from sanban.base.people import actions
from sanban.base.people.models import Unit, UnitName

pytestmark = pytest.mark.django_db(transaction=True)


def _race(runners: list[Callable[[], object]]) -> list[str]:
    """Start all at once; what became of each."""
    gate, found = threading.Barrier(len(runners)), [""] * len(runners)

    def go(n: int) -> None:
        gate.wait(timeout=10)
        try:
            runners[n]()
            found[n] = "done"
        except Conflict:
            found[n] = "conflict"
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(len(runners))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return found


@pytest.mark.parametrize("attempt", range(5))
def test_of_writers_who_saw_the_same_version_exactly_one_wins(attempt):
    unit_id = units.make_unit()
    found = _race(
        [partial(units.name_once, units.TRIER, unit_id=unit_id, version=1, alias=f"第{n}") for n in range(4)]
    )
    assert sorted(found) == ["conflict", "conflict", "conflict", "done"]
    assert UnitName.objects.get().name == f"第{found.index('done')}"
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 3
    assert Unit.objects.get().version == 2


def test_acts_that_read_for_themselves_lose_no_update():
    unit_id = units.make_unit()
    found = _race([partial(actions.add_alias, SYSTEM, unit_id=unit_id, alias=f"第{n}") for n in range(4)])
    wins = found.count("done")
    assert wins >= 1 and wins + found.count("conflict") == 4
    assert UnitName.objects.count() == wins
    versions = LedgerEvent.objects.filter(stream_type="unit", stream_id=unit_id).order_by("ver")
    assert list(versions.values_list("ver", flat=True)) == list(range(1, wins + 2))
    assert Unit.objects.get().version == wins + 1
