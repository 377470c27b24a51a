"""The colour of a stored row, and the database condition that selects rows of a colour. Reads nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q

from sanban.base.light.engine import Cause, Instants, Light, colour


class LitRow(Protocol):
    """The stored part of a light."""

    light_state: str
    amber_at: datetime | None
    amber_cause: int
    red_at: datetime | None
    red_cause: int


def stored(row: LitRow) -> Instants:
    """The instants of a row as the engine wants them."""
    return Instants(
        yellow_at=row.amber_at,
        yellow_cause=Cause(row.amber_cause) if row.amber_at else None,
        red_at=row.red_at,
        red_cause=Cause(row.red_cause) if row.red_at else None,
        state=row.light_state,  # type: ignore[arg-type]
    )


def light_of(*, row: LitRow, now: datetime) -> tuple[Light, Cause]:
    """The colour of a row at an instant: right even when the clock process stands still."""
    return colour(stored(row), now)


def condition(light: Light, now: Any) -> Q:
    """The database condition that selects rows of a colour at an instant, or at a slot for one."""
    if light == Light.CONCLUDED:
        return Q(light_state="closed")
    if light == Light.IDLE:
        return Q(light_state__in=("idle", "paused"))
    red = Q(red_at__lte=now)
    amber = Q(amber_at__lte=now)
    started = Q(light_state="open")
    if light == Light.RED:
        return started & red
    not_red = Q(red_at__gt=now) | Q(red_at=None)
    if light == Light.AMBER:
        return started & not_red & amber
    return started & not_red & (Q(amber_at__gt=now) | Q(amber_at=None))


def worst(counted: Mapping[Light, int]) -> Light:
    """The light of a whole by the lights of its parts."""
    for light in (Light.RED, Light.AMBER, Light.GREEN, Light.IDLE):
        if counted.get(light):
            return light
    return Light.CONCLUDED if counted else Light.IDLE
