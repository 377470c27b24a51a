"""Rule versions, and the counters that lit rooms shift inside their own acts."""

from collections.abc import Mapping, Sequence

from django.db import connection

from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds, rebuilds
from sanban.base.light.events import RulePublished
from sanban.base.light.models import LightCounter, LightRuleVersion

CounterKey = tuple[str, int, int, int]
"""(scope, scope id, level, light)."""

_SHIFT = (
    "INSERT INTO light_lightcounter (client, scope, scope_id, level, light, n) VALUES (%s,%s,%s,%s,%s,%s)"
    " ON CONFLICT (client, scope, scope_id, level, light) DO UPDATE SET n = light_lightcounter.n + excluded.n"
)


_CLEAR = (
    "DELETE FROM light_lightcounter"
    " WHERE client = %s AND scope = %s AND scope_id = %s AND level = %s AND light = %s AND n = 0"
)


@folds(RulePublished)
def _published(entries: Sequence[Entry]) -> None:
    for entry in entries:
        LightRuleVersion.objects.create(
            number=entry.event.number, rule=entry.event.rule, published_at=entry.at, note=entry.event.note
        )


def shift_counters(client: str, deltas: Mapping[CounterKey, int]) -> None:
    """Add the deltas to the counters, in one order for all writers so that two never wait for each other."""
    rows = [(client, *key, delta) for key, delta in sorted(deltas.items()) if delta]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_SHIFT, rows)
            cursor.executemany(_CLEAR, [row[:-1] for row in rows if row[-1] < 0])


rebuilds(LightRuleVersion)
rebuilds(LightCounter, key=("client", "scope", "scope_id", "level", "light"))
