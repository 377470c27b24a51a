"""Slips as their readers may see them, the watch of a task, and the ladder in force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.prepared import Prepared, PreparedMany, Slots
from sanban.base.ledger.registry import tells
from sanban.supervise.chase import rules
from sanban.supervise.chase.ladder import SHIPPED, Ladder, ladder_of, shipped
from sanban.supervise.chase.models import LadderVersion, Slip, Watch


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of the register: by rung, by state and by unit."""

    total: int
    rungs: dict[str, int]
    states: dict[str, int]
    units: dict[int, int]


_NEWEST_LADDER = Prepared(lambda slot: LadderVersion.objects.order_by("-number")[:1])
_LADDERS = PreparedMany(lambda numbers, slot: LadderVersion.objects.filter(number__in=numbers))
_OF_TASK = Prepared(
    lambda slot: Slip.objects.select_related("unit", "person").filter(task_id=slot("task")).order_by("-id")
)
_CHAPTER = Prepared(lambda slot: Slip.objects.filter(task_id=slot("task")).only("id", "level", "unit_id"))
_WATCH = Prepared(lambda slot: Watch.objects.filter(task_id=slot("task"), closed=False))


def ladder_in_force(*, actor: Actor) -> Ladder:
    """The newest published ladder, or the one that comes with the product."""
    row = _NEWEST_LADDER.first()
    return ladder_of(row.number, row.rungs) if row else shipped()


def ladders(*, actor: Actor, numbers: Iterable[int]) -> dict[int, Ladder]:
    """The named versions."""
    rows = _LADDERS(sorted({*numbers} - {SHIPPED}))
    return {SHIPPED: shipped(), **{row.number: ladder_of(row.number, row.rungs) for row in rows}}


def ladder_versions(*, actor: Actor) -> list[LadderVersion]:
    """All published versions, newest first."""
    return list(LadderVersion.objects.order_by("-number"))


def visible(*, actor: Actor) -> QuerySet[Slip]:
    """The slips this actor may see: up to his level, of his units, or all for the offices that read across."""
    return Slip.objects.filter(rules.SEE.q(actor))


def register(*, actor: Actor, rung: str = "", state: str = "", unit_id: int | None = None) -> QuerySet[Slip]:
    """The register of slips, the latest first, filtered."""
    rows = visible(actor=actor).select_related("unit", "person")
    if rung:
        rows = rows.filter(rung=rung)
    if state == "live":
        rows = rows.filter(state__in=rules.LIVE)
    elif state:
        rows = rows.filter(state=state)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    return rows.order_by("-id")


def tally(*, actor: Actor) -> Tally:
    """How many slips the actor may see, by rung, state and unit: one grouped query, each figure opens its list."""
    rows = visible(actor=actor).order_by().values_list("rung", "state", "unit_id").annotate(n=Count("*"))
    by_rung: dict[str, int] = {}
    by_state: dict[str, int] = {}
    by_unit: dict[int, int] = {}
    for rung, state, unit_id, n in rows:
        by_rung[rung] = by_rung.get(rung, 0) + n
        by_state[state] = by_state.get(state, 0) + n
        if state in rules.LIVE:
            by_unit[unit_id] = by_unit.get(unit_id, 0) + n
    return Tally(sum(by_rung.values()), by_rung, by_state, by_unit)


def get_slip(*, actor: Actor, slip_id: int) -> Slip:
    """One slip. Who may not see it learns the same as if it did not exist."""
    row = visible(actor=actor).select_related("unit", "person", "next_slip").filter(id=slip_id).first()
    if row is None:
        raise Denied(_("没有这份督办单，或您无权查看。请核对地址，或联系督查办。"))
    return row


def waiting_for(*, actor: Actor) -> int:
    """The number beside the page's name: what this actor has to sign, judge or answer."""
    duties = (
        "signer" in actor.roles, "supervisor" in actor.roles, bool(actor.roles & {"liaison", "officer"})
    )  # fmt: skip
    if not any(duties):
        return 0
    counted = _waiting(rules.ACROSS.test(actor, None), *duties)
    return sum(n for _unit, n in counted(sorted(actor.unit_ids) or [0], clearance=actor.clearance))


@lru_cache(maxsize=16)
def _waiting(across: bool, signs: bool, judges: bool, answers: bool) -> PreparedMany[tuple[int, int]]:
    """How many slips of each unit wait for somebody with these duties in units of these ids."""

    def build(units: list[Any], slot: Slots) -> "QuerySet[Slip, tuple[int, int]]":
        wanted = Q(state__in=[rules.PROPOSED] * signs + [rules.REPLIED] * judges)
        if answers:
            unanswered = (*rules.WAITING, rules.OVERDUE)
            wanted |= Q(state__in=unanswered, unit__id__in=units, due_at__isnull=False)
        rows = Slip.objects.filter(wanted, level__lte=slot("clearance"))
        if not across:
            rows = rows.filter(unit__id__in=units)
        return rows.order_by().values_list("unit_id").annotate(n=Count("*"))

    return PreparedMany(build)


def to_sign(*, actor: Actor) -> QuerySet[Slip]:
    """Proposals that wait for a signer, the longest waiting first."""
    return (
        visible(actor=actor)
        .select_related("unit", "person")
        .filter(state=rules.PROPOSED)
        .order_by("due_instant", "id")
    )


def of_task(*, actor: Actor, task_id: int) -> list[Slip]:
    """The slips of one task, the latest first."""
    return [slip for slip in _OF_TASK(task=task_id) if rules.SEE.test(actor, slip)]


@tells("task")
def chapter(actor: Actor, task_id: int) -> list[tuple[str, int]]:
    """Slips belong to the story of their task, for those who may see them."""
    return [("slip", slip.pk) for slip in _CHAPTER(task=task_id) if rules.SEE.test(actor, slip)]


def watch_of(*, actor: Actor, task_id: int) -> Watch | None:
    """The watch of an open task that the actor may see."""
    watch = _WATCH.first(task=task_id)
    return watch if watch is not None and rules.SEE.test(actor, watch) else None


def chain(*, actor: Actor, slip: Slip) -> list[Slip]:
    """All slips of the same alarm in order: how the matter climbed."""
    return list(visible(actor=actor).filter(task_id=slip.task_id, arming=slip.arming).order_by("id"))


def serial_count(*, actor: Actor, rung: str, year: int) -> int:
    """How many numbers of a rung a year has used."""
    return Slip.objects.filter(rung=rung, number__contains=f"〔{year}〕").count()


def hand_count(*, actor: Actor, task_id: int, rung: str, arming: int) -> int:
    """How many slips of a rung were opened by hand in one alarm."""
    return Slip.objects.filter(task_id=task_id, rung=rung, arming=arming, occurrence__lt=0).count()


def missed_before(*, actor: Actor, task_ids: Sequence[int]) -> dict[tuple[int, int], Any]:
    """The latest slip of each task and alarm whose answer was missed: what a higher rung follows upon."""
    rows = Slip.objects.filter(task_id__in=task_ids, state=rules.OVERDUE).order_by("id")
    return {(task_id, arming): key for task_id, arming, key in rows.values_list("task_id", "arming", "id")}


def open_slip(*, actor: Actor, task_id: int, rung: str) -> bool:
    """Whether a slip of this rung still waits for its signature or its answer."""
    return Slip.objects.filter(
        task_id=task_id, rung=rung, state__in=(rules.PROPOSED, *rules.WAITING, rules.REPLIED)
    ).exists()
