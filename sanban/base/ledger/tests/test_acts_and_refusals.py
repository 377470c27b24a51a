"""One act, one transaction: a refusal leaves nothing but its own record, also when acts stand inside acts."""

import pytest

from sanban.base.ledger.errors import Conflict, Refused
from sanban.base.ledger.models import LedgerContent, LedgerEvent, LedgerPending
from sanban.base.ledger.queries import entries
from sanban.base.ledger.tests import units
from sanban.base.people.models import Unit, UnitName


def _refusals():
    return [
        (run.actor_ref, run.event.act, run.event.code, run.event.reason)
        for batch in entries(streams=["access"])
        for run in batch
    ]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_rolls_the_act_back_and_is_recorded_after_it():
    unit_id = units.make_unit()
    with pytest.raises(Refused, match="不行"):
        units.refuse(units.TRIER, unit_id=unit_id)
    assert UnitName.objects.count() == 0
    assert _refusals() == [("f" * 32, "base.ledger.tests.units.refuse", "refused", "不行")]


@pytest.mark.django_db(transaction=True)
def test_the_refusal_of_an_inner_act_survives_the_roll_back_of_the_outer():
    unit_id = units.make_unit()
    with pytest.raises(Refused, match="不行"):
        units.outer(units.TRIER, unit_id=unit_id)
    assert list(Unit.objects.values_list("code", flat=True)) == ["water"]
    assert UnitName.objects.count() == 0
    assert _refusals() == [("f" * 32, "base.ledger.tests.units.outer", "refused", "不行")]


@pytest.mark.django_db
def test_the_same_holds_inside_a_transaction_of_somebody_else():
    unit_id = units.make_unit()
    with pytest.raises(Refused):
        units.outer(units.TRIER, unit_id=unit_id)
    assert UnitName.objects.count() == 0
    assert len(_refusals()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_part_that_is_refused_and_forgiven_undoes_itself_alone():
    unit_id = units.make_unit()
    units.forgiving(units.TRIER, unit_id=unit_id)
    assert list(UnitName.objects.values_list("unit_id", "name")) == [(unit_id, "照办")]
    assert _refusals() == []


@pytest.mark.django_db(transaction=True)
def test_after_a_failure_the_next_act_is_outermost_again():
    unit_id = units.make_unit()
    with pytest.raises(TypeError):
        units.name_once(units.TRIER, unit_id=unit_id, version=1, alias=0.5)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        units.refuse(units.TRIER, unit_id=unit_id)
    assert len(_refusals()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_stale_writer_is_refused_as_a_conflict_and_writes_nothing():
    unit_id = units.make_unit()
    units.name_once(units.TRIER, unit_id=unit_id, version=1, alias="先到")
    before = (LedgerContent.objects.count(), LedgerPending.objects.count())
    with pytest.raises(Conflict):
        units.name_once(units.TRIER, unit_id=unit_id, version=1, alias="后到")
    assert list(UnitName.objects.values_list("name", flat=True)) == ["先到"]
    (refusal,) = _refusals()
    assert refusal[2] == "conflict"
    # The refusal is one event with its content, waiting for its place in the log.
    assert (LedgerContent.objects.count(), LedgerPending.objects.count()) == (before[0] + 1, before[1] + 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", [2, 7])
def test_a_version_that_was_never_reached_is_a_conflict(version):
    unit_id = units.make_unit()
    with pytest.raises(Conflict):
        units.name_once(units.TRIER, unit_id=unit_id, version=version)
    assert LedgerEvent.objects.filter(stream_type="unit").count() == 1
