"""Reading lights: the rule in force, the colour of a row now, database conditions for each colour, counts."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from sanban.base.access.actor import Actor
from sanban.base.ledger.prepared import Prepared, PreparedMany, Slots
from sanban.base.light.engine import Light, LightRule
from sanban.base.light.models import DayFigure, LightCounter, LightRuleVersion

_NEWEST_RULE = Prepared(lambda slot: LightRuleVersion.objects.order_by("-number").values_list("rule")[:1])


def current_rule(*, actor: Actor | None = None) -> LightRule:
    """The newest published rule, or the house's first one."""
    newest = _NEWEST_RULE.first()
    if newest is None:
        return LightRule()
    known = {field.name for field in fields(LightRule)}
    return LightRule(**{key: value for key, value in newest[0].items() if key in known})


def _counters(slot: Slots, **narrowed: Any) -> Any:
    return LightCounter.objects.filter(
        client=slot("client"), scope=slot("scope"), level__lte=slot("clearance"), **narrowed
    )


_SUMMED = {"total": Sum("n")}
_COUNTS = Prepared(lambda slot: _counters(slot).values_list("scope_id", "light").annotate(**_SUMMED))
_COUNTS_OF = PreparedMany(
    lambda ids, slot: _counters(slot, scope_id__in=ids).values_list("scope_id", "light").annotate(**_SUMMED)
)
_TOTALS = Prepared(lambda slot: _counters(slot).values_list("light").annotate(**_SUMMED))
_TOTALS_OF = PreparedMany(
    lambda ids, slot: _counters(slot, scope_id__in=ids).values_list("light").annotate(**_SUMMED)
)


def counts(
    *, actor: Actor, client: str, scope: str, ids: Iterable[int] | None = None
) -> Mapping[int, dict[Light, int]]:
    """Counts by light for each object of a scope, summed over the levels the viewer may see. One query."""
    asked = {"client": client, "scope": scope, "clearance": actor.clearance}
    rows = _COUNTS(**asked) if ids is None else _COUNTS_OF(sorted(set(ids)), **asked)
    found: dict[int, dict[Light, int]] = {}
    for scope_id, light, n in rows:
        if n:
            found.setdefault(scope_id, {})[Light(light)] = n
    return found


def totals(*, actor: Actor, client: str, scope: str, ids: Iterable[int] | None = None) -> dict[Light, int]:
    """Counts by light over a whole scope or some of its objects, as far as the viewer may see. One query."""
    asked = {"client": client, "scope": scope, "clearance": actor.clearance}
    rows = _TOTALS(**asked) if ids is None else _TOTALS_OF(sorted(set(ids)), **asked)
    found = dict.fromkeys(Light, 0)
    for light, n in rows:
        found[Light(light)] = n
    return found


def figures(*, actor: Actor, client: str, since: date, until: date) -> dict[tuple[date, str], int]:
    """What was counted of these days, by day and name, of the levels one may see. One query.

    A day that the clock did not see has the lights of the latest day before it.
    """
    rows = DayFigure.objects.filter(client=client, day__gte=since, day__lte=until, level__lte=actor.clearance)
    totals = rows.values_list("day", "name").annotate(total=Sum("n"))
    found, seen = {(day, name): n for day, name, n in totals}, dict[str, int]()
    for n in range((until - since).days + 1):
        day = since + timedelta(days=n)
        seen = {light.id: found[day, light.id] for light in Light if (day, light.id) in found} or seen
        found |= {(day, name): n for name, n in seen.items()}
    return found


def last_tick(*, actor: Actor, client: str) -> datetime | None:
    """The tick that the counts are of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM light_lighttick WHERE client = %s", [client])
        row = cursor.fetchone()
    at: datetime | None = row[0] if row else None
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)  # SQLite gives UTC without saying so


def last_mark(*, actor: Actor, client: str) -> int:
    """The number a clock job noted last, as the calendar version that lights already follow. Asked at every look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT turned FROM light_lighttick WHERE client = %s", [client])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
