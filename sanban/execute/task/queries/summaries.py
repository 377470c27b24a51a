"""Counts and rates: by unit, by day, by week."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Avg, Count, ExpressionWrapper, F, Q, fields
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.light.engine import Light
from sanban.base.light.queries import counts, figures
from sanban.base.people.models import Unit
from sanban.execute.task.queries.filters import visible
from sanban.execute.task.rules import OPEN_STATES


def unit_lights(*, actor: Actor) -> Mapping[int, dict[Light, int]]:
    """Counts by light of every lead unit, from the counters."""
    return counts(actor=actor, client="task", scope="unit")


def terms(*, actor: Actor, first: date, last: date) -> list[tuple[date, str, int, int]]:
    """Of the visible tasks due on each of these days: how many, and how many were done in time, by level."""
    start = datetime.combine(first, time(), clock.SHANGHAI)
    end = datetime.combine(last, time(), clock.SHANGHAI) + timedelta(days=1)
    rows = visible(actor=actor).filter(due_at__gte=start, due_at__lt=end).exclude(state="withdrawn")
    found = (
        rows.order_by()
        .values("level", day=TruncDate("due_at", tzinfo=clock.SHANGHAI))
        .annotate(due=Count("pk"), kept=Count("pk", filter=Q(concluded_at__lte=F("due_at"))))
    )
    return [(row["day"], name, row["level"], row[name]) for row in found for name in ("due", "kept")]


def weekly(*, actor: Actor, weeks: int = 12) -> list[dict[str, Any]]:
    """Per week up to today: how many tasks were due, how many of these were done in time, and the red and amber
    lights at its end. Days that are over stand as the clock counted them then, whatever was granted later."""
    now, today = clock.now(), clock.today()
    ends = [today - timedelta(weeks=n) for n in reversed(range(weeks))]
    counted = figures(actor=actor, client="task", since=ends[0] - timedelta(days=14), until=today)
    for day, name, _level, n in terms(actor=actor, first=today, last=today):
        counted[day, name] = counted.get((day, name), 0) + n

    def total(last: date, name: str) -> int:
        return sum(counted.get((last - timedelta(days=n), name), 0) for n in range(7))

    return [
        {
            "until": now - (today - last),
            "due": total(last, "due"),
            "kept": total(last, "kept"),
            "red": counted.get((last, Light.RED.id), 0),
            "amber": counted.get((last, Light.AMBER.id), 0),
        }
        for last in ends
    ]


def response_hours(*, actor: Actor, days: int = 90) -> float | None:
    """Mean hours from assignment to acknowledgement of the last days, some minutes old (§6.3: 72 to 8 hours)."""
    key = f"task.response_hours.{actor.ref}.{actor.clearance}.{days}.{int(clock.now().timestamp()) // 600}"
    return cache.get_or_set(key, lambda: _response_hours(actor, days), 600)


def _response_hours(actor: Actor, days: int) -> float | None:
    waited = ExpressionWrapper(F("acknowledged_at") - F("assigned_at"), output_field=fields.DurationField())
    rows = visible(actor=actor).filter(
        assigned_at__gte=clock.now() - timedelta(days=days), acknowledged_at__isnull=False
    )
    mean = rows.aggregate(mean=Avg(waited))["mean"]
    return round(mean.total_seconds() / 3600, 1) if mean is not None else None


def open_count(*, actor: Actor, under: Sequence[int] = ()) -> int:
    """How many visible tasks are being worked on."""
    rows = visible(actor=actor).filter(state__in=OPEN_STATES)
    return rows.filter(lead_id__in=under).count() if under else rows.count()


AREAS: Final[dict[str, str | Promise]] = {"province": _lazy("省直单位"), "local": _lazy("市州和县区")}
LOCAL_KINDS: Final = ("city", "county")


def units_under(*, actor: Actor, unit_id: int | None = None, area: str = "") -> tuple[int, ...]:
    """A unit with everything below it, or the units of an area; both narrow together. One query."""
    rows = list(Unit.objects.filter(active=True).values_list("pk", "kind", "path"))
    stem = next((path for pk, _kind, path in rows if pk == unit_id), None)
    local = tuple(path for _pk, kind, path in rows if kind in LOCAL_KINDS)
    return tuple(
        pk for pk, _kind, path in rows
        if (unit_id is None or (stem is not None and path.startswith(stem)))
        and (area not in AREAS or path.startswith(local) == (area == "local"))
    )  # fmt: skip
