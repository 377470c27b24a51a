"""What PostgreSQL is told about who asks, for the rules that it enforces itself, and how those rules read it.

Each value is a setting `sanban.<name>`, set for one transaction only. One that was not set reads as null, and a
condition on null holds for nobody. Every reading stands in a query of its own, so that it is done once a statement.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from sanban.base.access.actor import LISTS, Actor, Place
from sanban.base.ledger.standing import Standing

TEXTS: Final = frozenset({"ref", "name"})
"""Attributes of an actor that are text; the others are numbers."""


@lru_cache(maxsize=256)
def standing_of(actor: Actor) -> Standing:
    """What the database is told of one actor."""
    told = {
        "system": "1" if actor.system else "",
        "ref": actor.ref,
        "person_id": "" if actor.person_id is None else str(actor.person_id),
        "clearance": str(actor.clearance),
        "unit_ids": _listed(map(str, actor.unit_ids)),
        "stands_for": _listed(map(str, actor.stands_for)),
        "roles": _listed(actor.roles),
        **{name: _listed(map(_place, getattr(actor, name))) for name in LISTS},
    }
    return Standing(tuple(told.items()))


def text(name: str) -> str:
    """SQL that reads a text."""
    return f"(SELECT {_setting(name)})"


def number(name: str) -> str:
    """SQL that reads a whole number."""
    return f"(SELECT {_setting(name)}::bigint)"


def text_list(name: str) -> str:
    """SQL that reads a list of texts."""
    return f"(SELECT string_to_array(current_setting('sanban.{name}', true), ','))::text[]"


def number_list(name: str) -> str:
    """SQL that reads a list of whole numbers."""
    return f"(SELECT string_to_array(current_setting('sanban.{name}', true), ',')::bigint[])::bigint[]"


def _setting(name: str) -> str:
    return f"nullif(current_setting('sanban.{name}', true), '')"


def _listed(values: Iterable[str]) -> str:
    return ",".join(sorted(values))


def _place(place: Place) -> str:
    return f"{place[0]}/{place[1]}"
