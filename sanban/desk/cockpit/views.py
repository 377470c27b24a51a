"""The cockpit 驾驶舱."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base import clock
from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.readlog.recording import listed
from sanban.base.light.engine import Light
from sanban.base.light.queries import last_tick
from sanban.base.people.queries import active_units
from sanban.base.ui import charts
from sanban.desk.rows import shown
from sanban.execute.task import queries
from sanban.execute.task.rules import VERBS

UNITS_SHOWN = 10


@require_GET
def cockpit(request: HttpRequest) -> HttpResponse:
    """One sentence, six measures, units and lights, my to-do, what is late, twelve weeks. A fixed number of queries."""
    actor = actor_of(request)
    now = clock.now()
    weeks = queries.weekly(actor=actor)
    units = _units(actor)
    total = {light: sum(row["counted"].get(light, 0) for row in units) for light in Light}
    late = queries.overdue(actor=actor, limit=8)
    waiting = list(queries.todo(actor=actor, limit=6))
    listed(request, "task", [*late, *(task for task, _verb in waiting)])
    context = {
        "title": _("协同驾驶舱"),
        "tick": last_tick(actor=actor, client="task"),
        "sentence": _sentence(total, weeks),
        "measures": _measures(actor, total, weeks),
        "units": units[:UNITS_SHOWN],
        "unit_count": len(units),
        "total": {light.id: total[light] for light in Light},
        "open_total": total[Light.RED] + total[Light.AMBER] + total[Light.GREEN],
        "todo": [{**shown(task, now), "verb": VERBS[verb].word} for task, verb in waiting],
        "late": [shown(task, now) for task in late],
        "trend": _trend(weeks),
    }
    return render(request, "desk/cockpit.html", context)


def _units(actor: Actor) -> list[dict[str, Any]]:
    """Units with open tasks, the reddest first."""
    names = active_units(actor=actor)
    rows = []
    for unit_id, counted in queries.unit_lights(actor=actor).items():
        red, amber, green = (counted.get(light, 0) for light in (Light.RED, Light.AMBER, Light.GREEN))
        if unit_id in names and (red or amber or green):
            rows.append(
                {"id": unit_id, "name": names[unit_id], "red": red, "amber": amber, "green": green,
                 "open": red + amber + green, "counted": counted}
            )  # fmt: skip
    return sorted(rows, key=lambda row: (-row["red"], -row["amber"], -row["open"], row["name"]))


def _rate(week: dict[str, Any]) -> float | None:
    return round(100 * week["kept"] / week["due"], 1) if week["due"] else None


def _sentence(total: dict[Light, int], weeks: list[dict[str, Any]]) -> str:
    values = {
        "red": total[Light.RED],
        "amber": total[Light.AMBER],
        "due": weeks[-1]["due"],
        "kept": weeks[-1]["kept"],
    }
    if not values["red"]:
        return _("没有红灯；黄灯 %(amber)d 件。近 7 天到期 %(due)d 件，按期办结 %(kept)d 件。") % values
    return (
        _("%(red)d 件红灯，%(amber)d 件黄灯，已按规则催办。近 7 天到期 %(due)d 件，按期办结 %(kept)d 件。")
        % values
    )


def _measures(actor: Actor, total: dict[Light, int], weeks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    register = reverse("task:register")
    due = sum(week["due"] for week in weeks[-4:])
    kept = sum(week["kept"] for week in weeks[-4:])
    rate = round(100 * kept / due, 1) if due else None
    hours = queries.response_hours(actor=actor)
    opened = total[Light.RED] + total[Light.AMBER] + total[Light.GREEN]
    return [
        {"name": _("在办事项"), "value": opened, "unit": _("件"), "note": "", "url": register},
        {"name": _("红灯"), "light": "red", "value": total[Light.RED], "unit": _("件"),
         "note": _("上周末 %(n)d") % {"n": weeks[-2]["red"]}, "url": f"{register}?light=red"},
        {"name": _("黄灯"), "light": "amber", "value": total[Light.AMBER], "unit": _("件"),
         "note": _("上周末 %(n)d") % {"n": weeks[-2]["amber"]}, "url": f"{register}?light=amber"},
        {"name": _("按期办结率"), "value": "—" if rate is None else rate, "unit": "%",
         "note": _("近四周到期 %(n)d 件") % {"n": due}, "url": f"{register}?light=concluded"},
        {"name": _("平均签收"), "value": "—" if hours is None else hours, "unit": _("小时"),
         "note": _("近 90 天，目标 ≤ 8"), "url": f"{register}?state=assigned"},
        {"name": _("已办结"), "value": total[Light.CONCLUDED], "unit": _("件"), "note": _("累计"),
         "url": f"{register}?light=concluded&sort=-due"},
    ]  # fmt: skip


def _trend(weeks: list[dict[str, Any]]) -> dict[str, Any]:
    labels = [clock.local(week["until"]).strftime("%-m/%-d") for week in weeks]
    rates = [_rate(week) for week in weeks]
    return {
        "rate": charts.line_chart(
            rates, labels, target=92, title=_("按期办结率"), sentence=_("近 12 周每周到期事项按期办结的百分比。")
        ),
        "lights": charts.stacked_bars(
            [(name, key, [week[key] for week in weeks]) for name, key in ((_("红灯"), "red"), (_("黄灯"), "amber"))],
            labels, title=_("亮灯件数"), sentence=_("近 12 周每周末的红灯、黄灯件数。"),
        ),
    }  # fmt: skip
