"""Reading lights: the rule in force, the colour of a row now, database conditions for each colour, counts."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q, Sum

from sanban.base.access.actor import Actor
from sanban.base.light.engine import Cause, Instants, Light, LightRule, colour
from sanban.base.light.models import LightCounter, LightRuleVersion, LightTick


class LitRow(Protocol):
    """The stored part of a light."""

    light_state: str
    amber_at: datetime | None
    amber_cause: int
    red_at: datetime | None
    red_cause: int


def current_rule(*, actor: Actor | None = None) -> LightRule:
    """The newest published rule, or the house's first one."""
    row = LightRuleVersion.objects.order_by("-number").values_list("rule", flat=True).first()
    if row is None:
        return LightRule()
    known = {field.name for field in fields(LightRule)}
    return LightRule(**{key: value for key, value in row.items() if key in known})


def stored(row: LitRow) -> Instants:
    """The instants of a row as the engine wants them."""
    return Instants(
        yellow_at=row.amber_at,
        yellow_cause=Cause(row.amber_cause) if row.amber_at else None,
        red_at=row.red_at,
        red_cause=Cause(row.red_cause) if row.red_at else None,
        state=row.light_state,  # type: ignore[arg-type]
    )


def light_of(*, row: LitRow, now: datetime, actor: Actor | None = None) -> tuple[Light, Cause]:
    """The colour of a row at an instant: right even when the clock process stands still."""
    return colour(stored(row), now)


def condition(light: Light, now: datetime, actor: Actor | None = None) -> Q:
    """The database condition that selects rows of a colour at an instant."""
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


def counts(
    *, actor: Actor, client: str, scope: str, ids: Iterable[int] | None = None
) -> Mapping[int, dict[Light, int]]:
    """Counts by light for each object of a scope, summed over the levels the viewer may see. One query."""
    rows: Any = LightCounter.objects.filter(client=client, scope=scope, level__lte=actor.clearance)
    if ids is not None:
        rows = rows.filter(scope_id__in=list(ids))
    found: dict[int, dict[Light, int]] = {}
    for scope_id, light, n in (
        rows.values("scope_id", "light").annotate(total=Sum("n")).values_list("scope_id", "light", "total")
    ):
        if n:
            found.setdefault(scope_id, {})[Light(light)] = n
    return found


def worst(counted: Mapping[Light, int]) -> Light:
    """The light of a whole by the lights of its parts."""
    for light in (Light.RED, Light.AMBER, Light.GREEN, Light.IDLE):
        if counted.get(light):
            return light
    return Light.CONCLUDED if counted else Light.IDLE


def last_tick(*, actor: Actor, client: str) -> datetime | None:
    """The tick that the counts are of."""
    return LightTick.objects.filter(client=client).values_list("at", flat=True).first()
