"""Counts of lights for programs."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from sanban.base.access.actor import actor_of
from sanban.base.access.wire import Operations, reply
from sanban.base.light.engine import Light
from sanban.base.light.queries import counts, last_tick
from sanban.base.people.queries import unit_names

operations = Operations("light", "红黄绿灯")
router = operations.router


class UnitLights(Schema):
    """The tasks that a unit leads, by light."""

    unit_id: int
    unit: str
    red: int
    amber: int
    green: int
    idle: int
    concluded: int


class LightCounts(Schema):
    """Counts by lead unit, and the tick they are of."""

    items: list[UnitLights]
    tick_at: datetime | None


@operations.read("/lights", name="counts", summary="各单位亮灯数", answer=LightCounts)
def light_counts(
    request: HttpRequest, unit: Annotated[int | None, Query(None, description="只看一个牵头单位")]
) -> HttpResponse:
    """按牵头单位汇总任务的灯，只计您知悉范围之内的；tick_at 为计数所依据的时刻。"""
    actor = actor_of(request)
    found = counts(actor=actor, client="task", scope="unit", ids=None if unit is None else [unit])
    names = unit_names(actor=actor)
    items = [
        {"unit_id": key, "unit": names.get(key, ""), **{light.id: row.get(light, 0) for light in Light}}
        for key, row in sorted(found.items())
    ]
    return reply({"items": items, "tick_at": last_tick(actor=actor, client="task")})
