"""Publishing the lighting rule, and noting a tick."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import PUBLIC, append
from sanban.base.ledger.rows import update_rows
from sanban.base.light.engine import Light, LightRule
from sanban.base.light.events import RulePublished
from sanban.base.light.models import DayFigure, LightCounter, LightTick
from sanban.base.light.queries import current_rule, last_tick

CountDays = Callable[[date, date], Iterable[tuple[date, str, int, int]]]
LONGEST_STOP = 31
"""Days after a stop of the clock that are still counted."""


@act
def publish_rule(actor: Actor, *, rule: LightRule, note: str) -> int:
    """Publish the next version of the lighting rule and return its number (§7.3)."""
    if not actor.has("admin", "supervisor"):
        raise Denied(_("只有督查办或系统管理员可以发布亮灯规则。"))
    if not note.strip():
        raise Refused(_("请写明本版改了什么、依据是什么。"), field="note")
    number = current_rule(actor=actor).version + 1
    event = RulePublished(number=number, rule=asdict(replace(rule, version=number)), note=note.strip())
    append(actor, event, stream_id=new_id(), version=0, level=PUBLIC)
    return number


def note_tick(
    *, actor: Actor, client: str, at: datetime, turned: int, count: CountDays | None = None
) -> None:
    """Remember when the clock last looked, and once a day the counts. Not an act: nothing of the work changed.

    `count(first, last)` gives the client's own figures of the days that are over since the last look, by names
    that no light has.
    """
    with transaction.atomic(savepoint=False):
        before = last_tick(actor=actor, client=client)
        if before is None:
            LightTick.objects.create(client=client, at=at, turned=turned)
        else:
            update_rows(LightTick, ("at", "turned"), [(at, turned, client)], key="client")
        day = clock.local(at).date()
        if before is None or clock.local(before).date() < day:
            lit = LightCounter.objects.filter(client=client, scope="unit").values_list("light", "level")
            found = [(day, Light(light).id, level, n) for light, level, n in lit.annotate(n=Sum("n"))]
            if count is not None:
                seen = clock.local(before).date() if before else day
                first = max(seen, day - timedelta(days=LONGEST_STOP))
                found += count(first, day - timedelta(days=1))
            DayFigure.objects.bulk_create(
                (
                    DayFigure(client=client, day=on, name=name, level=level, n=n)
                    for on, name, level, n in found
                ),
                ignore_conflicts=True,
            )
