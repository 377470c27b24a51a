"""Acts for the tests of the ledger: a unit is the smallest recorded object there is."""

from collections.abc import Sequence
from uuid import UUID

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.contents import Stored, Unread, contents
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.log import Item, append, append_many
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions
from sanban.base.people.drafts import UnitDraft
from sanban.base.people.events import UnitAliasAdded

TRIER = Actor(ref="f" * 32, name="王敏", unit_id=7, on_behalf_of="e" * 32)


def kept(event_id: UUID) -> dict[str, Stored]:
    """The values of an event as they are stored."""
    ((_id, found),) = contents([event_id])
    assert not isinstance(found, Unread)
    return found


def everything_kept() -> bytes:
    """All values of all events, one after the other."""
    ids = list(LedgerEvent.objects.values_list("id", flat=True))
    return b"".join(
        value.body or b"" for _id, one in contents(ids) if isinstance(one, dict) for value in one.values()
    )


def make_unit(code: str = "water") -> int:
    """A unit at version 1."""
    return actions.create_unit(
        SYSTEM, unit=UnitDraft(code=code, name=f"单位{code}", short=code, kind="office")
    )


@act
def name_once(actor: Actor, *, unit_id: int, version: int, alias: str = "别名") -> Entry:
    """One event after a version the writer believes in."""
    return append(actor, UnitAliasAdded(alias=alias), stream_id=unit_id, version=version)


@act
def name_many(actor: Actor, *, unit_ids: Sequence[int]) -> list[Entry]:
    """One event an object, in one act."""
    return append_many(actor, [Item(UnitAliasAdded(alias=f"第{n}"), pk, 1) for n, pk in enumerate(unit_ids)])


@act
def refuse(actor: Actor, *, unit_id: int) -> None:
    """Writes, then refuses: nothing of it may stay."""
    append(actor, UnitAliasAdded(alias="不留"), stream_id=unit_id, version=1)
    raise Refused("不行")


@act
def outer(actor: Actor, *, unit_id: int) -> None:
    """An act whose part is another act, done as the system."""
    append(actor, UnitAliasAdded(alias="外层"), stream_id=unit_id, version=1)
    refuse(SYSTEM, unit_id=make_unit("inner"))


@act
def forgiving(actor: Actor, *, unit_id: int) -> None:
    """An act that goes on after one of its parts was refused."""
    other = make_unit("inner")
    try:
        refuse(actor, unit_id=other)
    except Refused:
        append(actor, UnitAliasAdded(alias="照办"), stream_id=unit_id, version=1)
