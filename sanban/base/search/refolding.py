"""The index made anew from the ledger, whole or for one object.

Apart from the projections: the index is no fact of the office, and a replay of the ledger must not make it anew.
"""

from collections.abc import Sequence

from sanban.base.ledger.entry import Entry
from sanban.base.ledger.events import FieldErased
from sanban.base.ledger.queries import entries as ledger_entries
from sanban.base.ledger.registry import FOLDS, Event, Fold, folds
from sanban.base.search import events as e
from sanban.base.search.projections import empty


@folds(e.IndexRebuilt)
def _rebuilt(entries: Sequence[Entry]) -> None:
    """The index again, from every event before this one. Rooms fold into it in their `searchable` files alone."""
    empty()
    mine = _folds()
    for run in ledger_entries(streams={kind.stream for kind, found in mine.items() if found}):
        earlier = [entry for entry in run if entry.id < entries[-1].id]
        for fold in mine.get(type(run[0].event), ()) if earlier else ():
            fold(earlier)


@folds(FieldErased)
def _erased(entries: Sequence[Entry]) -> None:
    """What was erased is not found any more: the object's entry follows from its events as they are now."""
    mine = _folds()
    for entry in entries:
        for run in ledger_entries(streams=[entry.event.of_stream], stream_id=entry.event.of_id):
            for fold in mine.get(type(run[0].event), ()):
                fold(run)


def _folds() -> dict[type[Event], list[Fold]]:
    return {
        kind: [fold for fold in found if fold.__module__.endswith(".searchable")]
        for kind, found in FOLDS.items()
    }
