"""Instants as whole microseconds since 1970 (UTC): the short form in events that move many lights at once."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ONE: Final = timedelta(microseconds=1)


def stamp_of(instant: datetime | None) -> int | None:
    """The number that stands for an instant."""
    return None if instant is None else (instant - _EPOCH) // _ONE


def instant_of(stamp: int | None) -> datetime | None:
    """The instant that a number stands for."""
    return None if stamp is None else _EPOCH + timedelta(microseconds=stamp)
