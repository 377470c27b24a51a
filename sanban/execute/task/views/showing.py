"""What every page of the room needs: who asks, a row with its light, a field to blame."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor, actor_of
from sanban.base.light.colours import light_of
from sanban.base.light.engine import Light
from sanban.base.light.words import LIGHT_NAMES
from sanban.execute.task.rules import MAY_ASSIGN, STATES

FEW = 2


def assigner_of(request: HttpRequest) -> Actor:
    """Who asks, if he may assign at all."""
    actor = actor_of(request)
    if not actor.has(*MAY_ASSIGN):
        raise PermissionDenied(_("只有交办员、督查员、领导和单位联络员可以交办。"))
    return actor


def shown(task: Any) -> dict[str, Any]:
    """A task with its light, the light's word and its state's word."""
    light, _cause = light_of(row=task, now=clock.now())
    fetched = hasattr(task, "_prefetched_objects_cache")
    partners = [row.unit.short for row in task.partners.all()] if fetched else []
    return {
        "task": task,
        "light": "done" if light == Light.CONCLUDED else light.id,
        "word": LIGHT_NAMES[light],
        "state": STATES[task.state],
        "partners": partners,
        "partner_line": _few(partners),
    }


def _few(names: Sequence[str]) -> str:
    """Names for one line of a list: a class of fifty units must not push the other columns away."""
    first = _("、").join(names[:FEW])
    if len(names) <= FEW:
        return first
    return _("%(first)s等 %(n)d 个单位") % {"first": first, "n": len(names)}
