"""The health address that a watchdog asks."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from sanban.base import clock
from sanban.base.access.actor import ANYBODY
from sanban.base.light.queries import last_tick

LATE_SECONDS = 180


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; says how old the last tick is. Nothing about the work."""
    tick = last_tick(actor=ANYBODY, client="task")
    age = int((clock.now() - tick).total_seconds()) if tick else None
    return JsonResponse(
        {"ok": True, "tick_age_seconds": age, "clock": age is not None and age <= LATE_SECONDS}
    )
