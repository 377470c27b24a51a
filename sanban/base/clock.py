"""The one clock. Every instant the product writes or compares comes from `now()`.

Stored instants are UTC; people see Asia/Shanghai. Tests and the demo world move the clock with `freeze`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class _Hands:
    """Where the clock stands: really running, shifted, or frozen at an instant."""

    frozen: datetime | None = None
    shift: timedelta = timedelta()


def now() -> datetime:
    """The present instant in UTC, or the instant the clock was moved to."""
    if _Hands.frozen is not None:
        return _Hands.frozen
    return datetime.now(UTC) + _Hands.shift


def today() -> date:
    """The calendar date in the office."""
    return now().astimezone(SHANGHAI).date()


def local(instant: datetime) -> datetime:
    """An instant as the office's wall clock shows it."""
    return instant.astimezone(SHANGHAI)


def set_frozen(instant: datetime | None) -> None:
    """Stop the clock at an instant with a zone, or let it run again with None."""
    if instant is not None and instant.tzinfo is None:
        raise ValueError("a frozen clock needs an instant with a time zone")
    _Hands.frozen = instant.astimezone(UTC) if instant is not None else None


def set_shift(shift: timedelta) -> None:
    """Let the clock run, but so much ahead of (or behind) real time."""
    _Hands.shift = shift


@contextmanager
def freeze(instant: datetime) -> Iterator[None]:
    """Within the block the clock stands at the instant."""
    before = _Hands.frozen
    set_frozen(instant)
    try:
        yield
    finally:
        _Hands.frozen = before
