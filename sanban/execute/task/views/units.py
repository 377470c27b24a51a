"""Units and their lights 单位亮灯: each unit with everything below it, red first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base.access.actor import Actor, actor_of
from sanban.base.light.engine import Light
from sanban.base.light.queries import last_tick
from sanban.base.people.queries import unit_tree
from sanban.execute.task import queries
from sanban.execute.task.rules import OFFICES

OPEN = (Light.RED, Light.AMBER, Light.GREEN)


@dataclass(slots=True)
class Line:
    """One unit: its lights with those of everything below it, and the links that prove them."""

    name: str
    link: str
    depth: int = 0
    counted: dict[Light, int] = field(default_factory=lambda: dict.fromkeys((*OPEN, Light.IDLE), 0))
    below: list["Line"] = field(default_factory=list)

    def add(self, counted: Mapping[Light, int]) -> None:
        """Take a unit's counts in."""
        for light in self.counted:
            self.counted[light] += counted.get(light, 0)

    @property
    def open(self) -> int:
        """Being worked on."""
        return sum(self.counted[light] for light in OPEN)

    @property
    def red(self) -> int:
        """For the bar."""
        return self.counted[Light.RED]

    @property
    def amber(self) -> int:
        """For the bar."""
        return self.counted[Light.AMBER]

    @property
    def green(self) -> int:
        """For the bar."""
        return self.counted[Light.GREEN]

    @property
    def indent(self) -> str:
        """Its place in the tree."""
        return "　" * self.depth

    @property
    def cells(self) -> list[tuple[str, int]]:
        """Light by light: its word in addresses, and the number."""
        return [(light.id, n) for light, n in self.counted.items()]


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The table of units and lights from the counters, however many tasks there are. Six queries."""
    actor = actor_of(request)
    lines, areas = _tree(actor)
    context = {
        "title": _("单位亮灯"),
        "crumbs": [(_("任务台账"), reverse("task:register")), (_("单位亮灯"), "")],
        "lines": lines,
        "areas": areas,
        "tick": last_tick(actor=actor, client="task"),
    }
    return render(request, "task/units.html", context)


def _tree(actor: Actor) -> tuple[list[Line], list[Line]]:
    """Lines below the government, and the sums by area. The government's own tasks stand on a line of their own."""
    counted = queries.unit_lights(actor=actor)
    across = OFFICES.test(actor, None)
    register = reverse("task:register")
    areas = {name: Line(str(word), f"{register}?area={name}") for name, word in queries.AREAS.items()}
    whole = Line(_("合计"), f"{register}?")
    tops: list[Line] = []
    above: list[tuple[Line, bool]] = []
    under_government = 0
    for unit, depth, _people in unit_tree(actor=actor):
        government = depth == 0 and unit.kind == "government"
        under_government = int(government) if depth == 0 else under_government
        place = 0 if government else depth - under_government
        del above[place:]
        link = f"{register}?unit={unit.pk}" if government else f"{register}?unit={unit.pk}&below=1"
        line, local = (
            Line(unit.short, link),
            unit.kind in queries.LOCAL_KINDS or any(flag for _l, flag in above),
        )
        (above[-1][0].below if above else tops).append(line)
        if not government:
            above.append((line, local))
        own = counted.get(unit.pk, {}) if across or unit.pk in actor.unit_ids else {}
        lines = [one for one, _flag in above] or [line]
        for each in (*lines, areas["local" if local else "province"], whole):
            each.add(own)
    return list(_flat(tops, 0)), [*areas.values(), whole]


def _flat(lines: Iterable[Line], depth: int) -> Iterable[Line]:
    """Red first, then amber, then most; units with nothing open are left out."""
    order = sorted(lines, key=lambda line: (-line.counted[Light.RED], -line.counted[Light.AMBER], -line.open))
    for line in order:
        if sum(line.counted.values()):
            line.depth = depth
            yield line
            yield from _flat(line.below, depth + 1)
