"""Reading lights: the rule in force, the colour of a row now, database conditions for each colour, counts."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db.models import Sum

from sanban.base.access.actor import Actor
from sanban.base.light.engine import Light, LightRule
from sanban.base.light.models import LightCounter, LightRuleVersion, LightTick


def current_rule(*, actor: Actor | None = None) -> LightRule:
    """The newest published rule, or the house's first one."""
    row = LightRuleVersion.objects.order_by("-number").values_list("rule", flat=True).first()
    if row is None:
        return LightRule()
    known = {field.name for field in fields(LightRule)}
    return LightRule(**{key: value for key, value in row.items() if key in known})


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


def last_tick(*, actor: Actor, client: str) -> datetime | None:
    """The tick that the counts are of."""
    return LightTick.objects.filter(client=client).values_list("at", flat=True).first()


def last_mark(*, actor: Actor, client: str) -> int:
    """The number a clock job noted last, as the calendar version that lights already follow."""
    return LightTick.objects.filter(client=client).values_list("turned", flat=True).first() or 0
