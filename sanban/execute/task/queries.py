"""Reading tasks: lists by filter and keyset, one task with its satellites, to-do, summaries, trend."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Avg, Count, ExpressionWrapper, F, Prefetch, Q, QuerySet, fields
from django.db.models.functions import TruncDate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.access.policy import Level
from sanban.base.calendar.queries import current_axis
from sanban.base.ledger.queries import Line, timeline
from sanban.base.ledger.registry import story
from sanban.base.light.colours import condition, light_of
from sanban.base.light.engine import LIGHT_BY_ID, Explanation, Light, explain
from sanban.base.light.queries import counts, counts_on, current_rule, figures, totals
from sanban.base.people.models import Person, Unit
from sanban.execute.task.models import Extension, Handover, ProgressReport, TaskItem, TaskPartner
from sanban.execute.task.rules import OFFICES, OPEN_STATES, TASK_VISIBLE, WAITING_STATES
from sanban.execute.task.terms import facts_of

PAGE: Final = 25
PARTNERS: Final = Prefetch("partners", TaskPartner.objects.select_related("unit"))
SORTS: Final = {"due": ("due_at", "id"), "-due": ("-due_at", "-id"), "new": ("-id",), "red": ("red_at", "id")}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """What the register is narrowed to; empty values narrow nothing."""

    q: str = ""
    light: str = ""
    state: str = ""
    lead: int | None = None
    under: tuple[int, ...] = ()
    policy: int | None = None
    measure: int | None = None
    parent: int | None = None
    owner: int | None = None
    partner: int | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    ended_from: datetime | None = None
    ended_to: datetime | None = None
    open_only: bool = False
    mine: bool = False
    sort: str = "due"


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One page of a list and the cursor of the next."""

    rows: Sequence[TaskItem]
    after: str


def visible(*, actor: Actor) -> QuerySet[TaskItem]:
    """Every task the actor may see."""
    return TaskItem.objects.filter(TASK_VISIBLE.q(actor))


def _own(actor: Actor) -> QuerySet[TaskItem]:
    """What the person or his units lead. All of it is visible but for its level, so no other right is asked."""
    mine = Q(owner_id=actor.person_id) | Q(lead_id__in=actor.unit_ids)
    return TaskItem.objects.filter(Level().q(actor) & mine)


def matching(*, actor: Actor, filter: TaskFilter) -> QuerySet[TaskItem]:
    """The visible tasks of a filter, unordered."""
    rows = _own(actor) if filter.mine else visible(actor=actor)
    if filter.light:
        rows = rows.filter(condition(LIGHT_BY_ID[filter.light], clock.now()))
    plain: dict[str, Any] = {
        "state": filter.state, "lead_id": filter.lead, "policy_id": filter.policy, "measure_id": filter.measure,
        "parent_id": filter.parent, "owner_id": filter.owner, "due_at__gte": filter.due_from,
        "due_at__lt": filter.due_to, "ended_at__gte": filter.ended_from, "ended_at__lt": filter.ended_to,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value not in ("", None)})
    if filter.under:
        rows = rows.filter(lead_id__in=filter.under)
    if filter.partner:
        rows = rows.filter(partners__unit_id=filter.partner)
    if filter.open_only:
        rows = rows.filter(light_state="open")
    if filter.q:
        rows = rows.filter(Q(title__contains=filter.q) | Q(number__endswith=filter.q))
    return rows


def task_list(*, actor: Actor, filter: TaskFilter, after: str = "", size: int = PAGE) -> TaskPage:
    """One page by keyset: page depth costs nothing. Two queries: rows with their units, and partners."""
    order = SORTS.get(filter.sort, SORTS["due"])
    rows = matching(actor=actor, filter=filter).select_related("lead", "owner").prefetch_related(PARTNERS)
    if filter.sort == "red":
        rows = rows.filter(red_at__isnull=False)
    if after:
        rows = rows.filter(_beyond(order, after))
    found = list(rows.order_by(*order)[: size + 1])
    more = len(found) > size
    return TaskPage(found[:size], _cursor(order, found[size - 1]) if more else "")


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


def light_counts(*, actor: Actor, filter: TaskFilter) -> dict[str, int]:
    """How many tasks of a filter have each light now.

    For a viewer of all units, the whole register and the tasks of a unit, policy or measure are read from the
    counters, which hold the lights of the last tick; the few tasks whose turn has come since are counted anew.
    """
    now = clock.now()
    whole = replace(filter, light="", open_only=False, sort="due")
    scope = _counted_scope(whole) if OFFICES.test(actor, None) else None
    if scope is None:
        return _scanned_counts(actor, whole, now)
    name, ids = scope
    found = totals(actor=actor, client="task", scope=name, ids=ids)
    column = {"unit": "lead_id", "policy": "policy_id", "measure": "measure_id"}[name]
    late = TaskItem.objects.filter(next_at__lte=now, level__lte=actor.clearance)
    for row in late.only(column, "lit", "light_state", "amber_at", "amber_cause", "red_at", "red_cause"):
        if ids is None or getattr(row, column) in ids:
            found[Light(row.lit)] -= 1
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


def task_by_number(*, actor: Actor, number: str) -> TaskItem | None:
    """One task with its units and partners, or nothing when it is not there for this viewer. Two queries."""
    rows = visible(actor=actor).select_related("lead", "owner", "assigner_unit")
    return rows.prefetch_related(PARTNERS).filter(number=number).first()


def task_by_id(*, actor: Actor, task_id: int) -> TaskItem | None:
    """As `task_by_number`, by id."""
    rows = visible(actor=actor).select_related("lead", "owner", "assigner_unit")
    return rows.prefetch_related(PARTNERS).filter(pk=task_id).first()


def tasks_by_ids(*, actor: Actor, ids: Sequence[int]) -> list[TaskItem]:
    """The visible ones of the given tasks, for bulk acts."""
    rows = visible(actor=actor).select_related("lead").prefetch_related("partners__unit")
    return list(rows.filter(pk__in=ids))


def parts(*, actor: Actor, task: TaskItem) -> list[TaskItem]:
    """The visible parts of a task."""
    return list(visible(actor=actor).filter(parent=task).select_related("lead").order_by("due_at", "pk"))


def reports(*, actor: Actor, task: TaskItem) -> list[ProgressReport]:
    """Progress reports, newest first."""
    return list(ProgressReport.objects.filter(task=task).order_by("-at", "-pk")[:50])


def extensions(*, actor: Actor, task: TaskItem) -> list[Extension]:
    """Requests for a later due date, newest first."""
    return list(Extension.objects.filter(task=task).order_by("-asked_at"))


def handovers(*, actor: Actor, task: TaskItem) -> list[Handover]:
    """Changes of the lead unit, newest first."""
    return list(Handover.objects.filter(task=task).select_related("from_unit", "to_unit").order_by("-at"))


def history(*, actor: Actor, task: TaskItem) -> list[Line]:
    """The one timeline of a task from the ledger: its own acts, its light, and what other rooms add to its story."""
    return timeline(actor=actor, streams=[("task_light", task.pk), *story(actor, "task", task.pk)])


def explained(*, actor: Actor, task: TaskItem) -> Explanation:
    """Why the light is as it is, since when, what changes it next, and which act would mend it."""
    columns = {
        name: getattr(task, name)
        for name in ("state", "start_at", "due_at", "progress", "reported_at", "returned_at", "paused_at")
    }
    if task.own_red_at != task.red_at:
        columns["child_red_at"] = task.red_at
    if task.own_amber_at != task.amber_at:
        columns["child_amber_at"] = task.amber_at
    return explain(facts_of(columns), current_rule(actor=actor), current_axis(actor), clock.now())


def todo(*, actor: Actor, limit: int = 50) -> list[tuple[TaskItem, str]]:
    """What waits for this person, with the verb that is next, soonest first."""
    own = Q(owner_id=actor.person_id)
    if actor.has("liaison") and not actor.system:
        own |= Q(lead_id__in=actor.unit_ids)
    duty = Q(state__in=("concluded", "verified") if actor.has("supervisor") else ())
    if actor.has("dispatcher"):
        duty |= Q(state="sent_back", assigner_unit_id__in=actor.unit_ids)
    waiting = (Q(state__in=("assigned", "acknowledged")) & own, duty & Q(state__in=WAITING_STATES))
    soonest = [
        row
        for part in waiting  # each by its own index: together they would be looked for among all tasks
        for row in visible(actor=actor).filter(part).select_related("lead").order_by("due_at", "pk")[:limit]
    ]
    rows = sorted(soonest, key=lambda row: (row.due_at, row.pk))[:limit]
    verbs = {
        "assigned": "acknowledge", "acknowledged": "report", "sent_back": "forward", "concluded": "verify",
        "verified": "close_out",
    }  # fmt: skip
    return [(row, verbs[row.state]) for row in rows]


def overdue(*, actor: Actor, limit: int = 10) -> list[TaskItem]:
    """Red first, then amber, the oldest red instant first: one walk along the index of red instants."""
    now = clock.now()
    rows = visible(actor=actor).filter(light_state="open", red_at__isnull=False)
    lit = rows.filter(Q(red_at__lte=now) | Q(amber_at__lte=now))
    found = lit.select_related("lead").prefetch_related("partners__unit")
    return list(found.order_by("red_at", "pk")[:limit])


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
    counted = figures(actor=actor, client="task", since=ends[0] - timedelta(days=6))
    for day, name, _level, n in terms(actor=actor, first=today, last=today):
        counted[day, name] = counted.get((day, name), 0) + n
    lights = counts_on(actor=actor, client="task", days=ends)

    def total(last: date, name: str) -> int:
        return sum(counted.get((last - timedelta(days=n), name), 0) for n in range(7))

    return [
        {
            "until": now - (today - last),
            "due": total(last, "due"),
            "kept": total(last, "kept"),
            "red": lights[n].get(Light.RED, 0),
            "amber": lights[n].get(Light.AMBER, 0),
        }
        for n, last in enumerate(ends)
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


def export_rows(*, actor: Actor, filter: TaskFilter) -> Iterator[TaskItem]:
    """Every row of a filter in the order of the page, a batch at a time."""
    rows = (
        matching(actor=actor, filter=filter)
        .select_related("lead", "owner")
        .prefetch_related("partners__unit")
    )
    yield from rows.order_by(*SORTS.get(filter.sort, SORTS["due"])).iterator(chunk_size=500)


@dataclass(frozen=True, slots=True)
class Officer:
    """An active person who may answer for a task: `above` are the own unit and all units it belongs to."""

    id: int
    name: str
    place: str
    above: frozenset[int]

    @property
    def label(self) -> str:
        """The name with unit and post, to tell namesakes apart."""
        return f"{self.name}（{self.place}）"


def people_by_name(*, actor: Actor, names: Iterable[str]) -> dict[str, list[Officer]]:
    """Active people of these names. One query for every 500 names."""
    wanted, found = sorted(set(names)), dict[str, list[Officer]]()
    for start in range(0, len(wanted), 500):
        rows = Person.objects.filter(name__in=wanted[start : start + 500], is_active=True)
        for one in _officers(rows):
            found.setdefault(one.name, []).append(one)
    return found


def officers(*, actor: Actor, unit_id: int) -> list[Officer]:
    """The active people of a unit and of everything below it, whom its tasks may be given to (定责任人)."""
    path = Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first()
    return _officers(Person.objects.filter(unit__path__startswith=path, is_active=True)) if path else []


def _officers(rows: QuerySet[Person]) -> list[Officer]:
    found = rows.order_by("unit__path", "name", "pk").values_list(
        "pk", "name", "post", "unit__short", "unit__path"
    )
    return [
        Officer(
            pk, name, " ".join(filter(None, (unit, post))), frozenset(map(int, path.rstrip(".").split(".")))
        )
        for pk, name, post, unit, path in found
    ]


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
