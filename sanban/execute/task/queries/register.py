"""The register: pages by keyset, counts by light, exports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db.models import Case, Count, Q, When

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.prepared import Prepared, PreparedMany
from sanban.base.light.colours import condition, light_of
from sanban.base.light.engine import Light
from sanban.base.light.queries import totals
from sanban.execute.task.models import TaskItem
from sanban.execute.task.queries.filters import SORTS, TaskFilter, matching, visible
from sanban.execute.task.queries.partners import give_partners
from sanban.execute.task.queries.usual import LISTED, usual_page
from sanban.execute.task.rules import OFFICES

PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One page of a list and the cursor of the next."""

    rows: Sequence[TaskItem]
    after: str


def task_list(*, actor: Actor, filter: TaskFilter, after: str = "", size: int = PAGE) -> TaskPage:
    """One page by keyset: page depth costs nothing. Two queries: rows with their units, and partners."""
    order = SORTS.get(filter.sort, SORTS["due"])
    found = usual_page(actor=actor, filter=filter, after=after, size=size + 1)
    if found is None:
        found = _any_page(actor, filter, order, after, size + 1)
    more, found = len(found) > size, found[:size]
    give_partners(actor=actor, tasks=found)
    return TaskPage(found, _cursor(order, found[-1]) if more else "")


def _any_page(
    actor: Actor, filter: TaskFilter, order: tuple[str, ...], after: str, size: int
) -> list[TaskItem]:
    rows = matching(actor=actor, filter=filter).select_related("lead").only(*LISTED)
    if filter.sort == "red":
        rows = rows.filter(red_at__isnull=False)
    if after:
        rows = rows.filter(_beyond(order, after))
    return list(rows.order_by(*order)[:size])


def _cursor(order: tuple[str, ...], row: TaskItem) -> str:
    first = order[0].lstrip("-")
    value = getattr(row, first)
    return f"{row.pk}" if first == "id" else f"{value.isoformat() if value else ''}_{row.pk}"


def _beyond(order: tuple[str, ...], after: str) -> Q:
    first = order[0].lstrip("-")
    step = "lt" if order[0].startswith("-") else "gt"
    if first == "id":
        return Q(**{f"id__{step}": int(after)}) if after.isdigit() else Q(pk__in=[])
    text, _, last = after.partition("_")
    try:
        value, last_id = datetime.fromisoformat(text), int(last)
    except ValueError:
        return Q(pk__in=[])
    return Q(**{f"{first}__{step}": value}) | Q(**{first: value, f"id__{step}": last_id})


_COUNTED: Final = (
    "lead_id", "policy_id", "measure_id", "lit", "light_state", "amber_at", "amber_cause", "red_at", "red_cause",
)  # fmt: skip


def _turned(scope: str) -> Prepared[tuple[int | None, int, int, int]]:
    """Tasks whose turn has come and was not looked at yet: by the scope's key, the light they stand under and the
    one they have now, how many."""
    return Prepared(
        lambda slot: (
            TaskItem.objects.filter(next_at__lte=slot("now"), level__lte=slot("clearance"))
            .annotate(now=Case(*(When(condition(light, slot("now")), then=light.value) for light in Light)))
            .values_list(f"{scope}_id", "lit", "now")
            .annotate(count=Count("pk"))
            .order_by()
        )
    )


_TURNED: Final = {
    scope: _turned(at) for scope, at in (("unit", "lead"), ("policy", "policy"), ("measure", "measure"))
}
_OWNED_ELSEWHERE: Final = PreparedMany(
    lambda units, slot: (
        TaskItem.objects.filter(owner_id=slot("person"), level__lte=slot("clearance"))
        .exclude(lead__id__in=units)
        .only(*_COUNTED)
    )
)


def light_counts(*, actor: Actor, filter: TaskFilter) -> dict[str, int]:
    """How many tasks of a filter have each light now.

    What one's own units lead, and for a viewer of all units the whole register and the tasks of a unit, policy or
    measure, are read from the counters, which hold the lights of the last tick; the few tasks whose turn has come
    since are counted anew, and so are those one answers for in another unit.
    """
    now = clock.now()
    whole = replace(filter, light="", open_only=False, sort="due")
    mine = whole == TaskFilter(mine=True)
    scope = _counted_scope(whole) if OFFICES.test(actor, None) else None
    if mine:
        scope = "unit", tuple(sorted(actor.unit_ids))
    if scope is None:
        return _scanned_counts(actor, whole, now)
    name, ids = scope
    found = totals(actor=actor, client="task", scope=name, ids=ids)
    for key, lit, turned, count in _TURNED[name](now=now, clearance=actor.clearance):
        if ids is None or key in ids:
            found[Light(lit)] -= count
            found[Light(turned)] += count
    asked = {"person": actor.person_id or 0, "clearance": actor.clearance}
    for row in _OWNED_ELSEWHERE(sorted(actor.unit_ids) or [0], **asked) if mine else ():
        found[light_of(row=row, now=now)[0]] += 1
    return {light.id: n for light, n in found.items()}


def _counted_scope(filter: TaskFilter) -> tuple[str, tuple[int, ...] | None] | None:
    """The counters' scope that is exactly this filter, if there is one."""
    if filter == TaskFilter():
        return "unit", None
    for scope, ids in (
        ("unit", filter.under or (filter.lead,)),
        ("policy", (filter.policy,)),
        ("measure", (filter.measure,)),
    ):
        known = tuple(key for key in ids if key is not None)
        alone = {"unit": TaskFilter(lead=filter.lead, under=filter.under), "policy": TaskFilter(policy=filter.policy),
                 "measure": TaskFilter(measure=filter.measure)}[scope]  # fmt: skip
        if known and filter == alone and not (filter.lead and filter.under):
            return scope, known
    return None


def _scanned_counts(actor: Actor, filter: TaskFilter, now: datetime) -> dict[str, int]:
    found = matching(actor=actor, filter=filter).aggregate(
        **{light.id: Count("pk", filter=condition(light, now)) for light in Light}
    )
    return {name: int(value) for name, value in found.items()}


def tasks_by_ids(*, actor: Actor, ids: Sequence[int]) -> list[TaskItem]:
    """The visible ones of the given tasks, for bulk acts."""
    rows = visible(actor=actor).select_related("lead").prefetch_related("partners__unit")
    return list(rows.filter(pk__in=ids))


def export_rows(*, actor: Actor, filter: TaskFilter) -> Iterator[TaskItem]:
    """Every row of a filter in the order of the page, a batch at a time."""
    rows = (
        matching(actor=actor, filter=filter)
        .select_related("lead", "owner")
        .prefetch_related("partners__unit")
    )
    yield from rows.order_by(*SORTS.get(filter.sort, SORTS["due"])).iterator(chunk_size=500)
