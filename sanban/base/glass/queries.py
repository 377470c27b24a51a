"""Reading emergency sights: one's own, those that wait for a second, those to review."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.glass import rules
from sanban.base.glass.models import EmergencySight, GlassTerms
from sanban.base.ledger.errors import Denied

if TYPE_CHECKING:
    from django.db.models import QuerySet


def terms_in_force(*, actor: Actor) -> rules.Terms:
    """The terms that count now. One query."""
    row = GlassTerms.objects.order_by("-number").first()
    return (
        rules.Terms(number=row.number, minutes=row.minutes, review_days=row.review_days)
        if row
        else rules.Terms()
    )


def versions(*, actor: Actor) -> list[GlassTerms]:
    """All published versions, the newest first."""
    return list(GlassTerms.objects.order_by("-number"))


def visible(*, actor: Actor) -> "QuerySet[EmergencySight]":
    """What this actor may know of, the newest first: watchers all, others their own and what they may open."""
    rows = EmergencySight.objects.order_by("-id")
    if actor.has(*rules.WATCHERS):
        return rows
    own = Q(person_id=actor.person_id or 0) | Q(second_id=actor.person_id or 0)
    if actor.has(*rules.SECONDS):
        own |= Q(state=rules.ASKED) & (Q(unit_id=None) | ~Q(unit_id__in=actor.unit_ids))
    return rows.filter(own)


def get_sight(*, actor: Actor, sight_id: int) -> EmergencySight:
    """One of them, for those who may know of it."""
    found = EmergencySight.objects.filter(pk=sight_id).first()
    if found is None or not rules.may_know(actor, found):
        raise Denied(_("没有这次紧急查阅，或您无权查看。"))
    return found


def to_second(*, actor: Actor) -> list[EmergencySight]:
    """What waits for this actor as the second person. One query."""
    if not actor.has(*rules.SECONDS):
        return []
    rows = EmergencySight.objects.filter(state=rules.ASKED).order_by("id")
    return [row for row in rows if rules.may_second(actor, row)]


def to_review(*, actor: Actor) -> list[EmergencySight]:
    """What is over and waits for this actor's judgement. One query."""
    if not actor.has("auditor"):
        return []
    over = Q(state=rules.ENDED) | Q(state=rules.OPENED, ends_at__lte=clock.now())
    return [row for row in EmergencySight.objects.filter(over).order_by("id") if rules.may_review(actor, row)]
