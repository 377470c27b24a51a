"""Erasing destroys keys: neither the tables nor an old copy of them give the value back; all else stays readable."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger import erasing, shredding
from sanban.base.ledger.contents import Unread, contents, pack
from sanban.base.ledger.models import LedgerContent, LedgerEvent
from sanban.base.ledger.queries import SHUT, timeline
from sanban.base.ledger.registry import ERASED
from sanban.base.ledger.replay import replay_difference
from sanban.base.ledger.tests import units
from sanban.base.ledger.tlog import audit
from sanban.base.vault import boxes
from sanban.base.vault.keyring import Gone

pytestmark = pytest.mark.django_db
SECURITY = replace(units.TRIER, roles=frozenset({"security"}))


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    """A house with keys of its own."""
    settings.SANBAN_VAR = tmp_path
    boxes.prepare()


def _named(alias):
    unit_id = units.make_unit(f"u{alias}")
    units.name_once(units.TRIER, unit_id=unit_id, version=1, alias=alias)
    return LedgerEvent.objects.get(stream_id=unit_id, ver=2)


def _erase(event):
    erasing.erase(
        SECURITY,
        event_id=event.id,
        names=["alias"],
        ground="个人信息保护法第四十七条",
        authority="办〔2026〕7号",
    )


def test_values_do_not_lie_open():
    event = _named("投诉人")
    kept = LedgerContent.objects.get(event_id=event.id)
    assert kept.dek_id == f"1/{event.acting_office}/{event.at:%Y%m}.1"
    assert "投诉人".encode() not in bytes(kept.body)
    assert units.kept(event.id)["alias"].body == '"投诉人"'.encode()


def test_an_old_copy_of_the_table_no_longer_opens_and_the_rest_of_the_month_does():
    gone, stays = _named("投诉人"), _named("水务")
    copy = {row.event_id: (row.dek_id, bytes(row.body)) for row in LedgerContent.objects.all()}
    _erase(gone)
    assert shredding.shred() == 0  # an act that began before may still be writing
    assert boxes.unseal(*copy[gone.id], shredding.place_of(gone).bound()).find("投诉人".encode()) > 0
    with clock.freeze(clock.now() + timedelta(minutes=2)):
        said: list[str] = []
        assert shredding.shred(said.append) == 1
    assert "已销毁" in said[0]
    for event in (gone, stays):
        with pytest.raises(Gone):
            boxes.unseal(*copy[event.id], shredding.place_of(event).bound())
    assert units.kept(stays.id)["alias"].body == '"水务"'.encode()
    assert LedgerContent.objects.filter(dek_id=copy[gone.id][0]).count() == 0
    assert list(audit.examine()) == [] and replay_difference() == []
    line = timeline(actor=SYSTEM, streams=[("unit", gone.stream_id)])[0]
    assert ERASED in line.sentence


def test_what_somebody_labelled_down_or_moved_does_not_open_and_is_named():
    first, second = _named("甲"), _named("乙")
    rows = {row.event_id: row for row in LedgerContent.objects.filter(event_id__in=[first.id, second.id])}
    one, other = bytes(rows[first.id].body), bytes(rows[second.id].body)
    LedgerContent.objects.filter(event_id=first.id).update(body=other, erased=" ")
    ((_id, found),) = contents([first.id])
    assert isinstance(found, Unread) and one != other
    line = timeline(actor=SYSTEM, streams=[("unit", first.stream_id)])[0]
    assert SHUT in line.sentence
    (fault,) = audit.examine()
    assert (fault.table, fault.row) == ("ledger_event", f"unit/{first.stream_id}/2")
    assert "cannot be read" in fault.what


def test_what_lay_open_from_before_is_sealed_on_request():
    event = _named("旧记录")
    place, stored = shredding.place_of(event), units.kept(event.id)
    fields = [(name, value.salt or b"", value.body or b"") for name, value in stored.items()]
    LedgerContent.objects.filter(event_id=event.id).update(body=pack(fields), dek_id="")
    assert units.kept(event.id) == stored
    assert shredding.seal_open_content() == 1
    kept = LedgerContent.objects.get(event_id=event.id)
    assert kept.dek_id.startswith(place.scope()) and "旧记录".encode() not in bytes(kept.body)
    assert units.kept(event.id) == stored
