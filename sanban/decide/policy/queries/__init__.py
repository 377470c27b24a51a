"""Reading policies and measures, as far as the reader may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from sanban.base.access.actor import SECRET, Actor
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.queries import Line, timeline
from sanban.base.ledger.registry import story, tells
from sanban.base.light.models import LightCounter
from sanban.base.people.queries import names_of, unit_names
from sanban.base.search.queries import secrets_named
from sanban.decide.policy import rules
from sanban.decide.policy.models import Measure, Policy

RED, AMBER, GREEN = 1, 2, 3
QUIET = frozenset({"policy.measure_proposed"})
"""Kinds the timeline leaves out: what the engine read stands in the table of measures itself."""


@dataclass(frozen=True, slots=True)
class Lights:
    """How many tasks of a policy have each light, as far as the reader may count them."""

    red: int = 0
    amber: int = 0
    green: int = 0

    @property
    def total(self) -> int:
        """Open tasks with a light."""
        return self.red + self.amber + self.green


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure as the pages show it, with the names of its units."""

    measure: Measure
    lead: str
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline with the person's name and unit."""

    line: Line
    who: str
    unit: str


def visible(*, actor: Actor) -> QuerySet[Policy]:
    """The policies this person may see."""
    return Policy.objects.filter(rules.VISIBLE.q(actor))


def policies(
    *, actor: Actor, words: str = "", state: str = "", unit_id: int | None = None, year: int | None = None
) -> QuerySet[Policy]:
    """The list of policies, newest first, without their texts, with the numbers of measures by state."""
    found = visible(actor=actor).defer("text").select_related("unit")
    for word in words.split():
        named = Q(title__icontains=word) | Q(organ__icontains=word)
        secret = secrets_named(actor=actor, kind="policy", text=word)
        found = found.filter(named & Q(level__lt=SECRET) | secret | Q(doc_number__icontains=word))
    if state:
        found = found.filter(state=state)
    if unit_id:
        found = found.filter(unit_id=unit_id)
    if year:
        found = found.filter(issued_on__range=(date(year, 1, 1), date(year, 12, 31)))
    return found.annotate(
        n_open=Count("measures", filter=Q(measures__state=rules.PROPOSED)),
        n_confirmed=Count("measures", filter=Q(measures__state=rules.CONFIRMED)),
        n_dispatched=Count("measures", filter=Q(measures__state=rules.DISPATCHED)),
    ).order_by("-registered_at", "-id")


def years(*, actor: Actor) -> list[int]:
    """Years in which visible policies were issued, newest first."""
    return [day.year for day in visible(actor=actor).dates("issued_on", "year", order="DESC")]


def registering_units(*, actor: Actor) -> dict[int, str]:
    """Units that registered a visible policy."""
    ids = set(visible(actor=actor).order_by().values_list("unit_id", flat=True).distinct())
    return unit_names(actor=actor, ids=ids)


def get_policy(*, actor: Actor, policy_id: int) -> Policy:
    """One policy. One that may not be seen is treated as if it were not there."""
    found = visible(actor=actor).select_related("unit").filter(id=policy_id).first()
    if found is None:
        raise Denied(_("没有这份政策文件，或您无权查看。请向登记单位核实。"))
    return found


def visible_measures(*, actor: Actor) -> QuerySet[Measure]:
    """The measures of the policies this person may see, with their policy."""
    return Measure.objects.select_related("policy").filter(policy__in=visible(actor=actor))


def get_measure(*, actor: Actor, measure_id: int) -> Measure:
    """One measure with its policy, if the policy may be seen."""
    seen = rules.VISIBLE.q(actor)
    found = (
        Measure.objects.select_related("policy")
        .filter(id=measure_id, policy__in=Policy.objects.filter(seen))
        .first()
    )
    if found is None:
        raise Denied(_("没有这条举措，或您无权查看。请回到政策文件页重新选择。"))
    return found


def measures_of(*, actor: Actor, policy_id: int, states: Sequence[str] = ()) -> list[Measure]:
    """The measures of a visible policy in the order of the text."""
    found = Measure.objects.filter(policy_id=policy_id, policy__in=visible(actor=actor))
    if states:
        found = found.filter(state__in=states)
    return list(found.order_by("start", "order", "id"))


def measure_lines(*, actor: Actor, measures: Iterable[Measure]) -> list[MeasureLine]:
    """Measures with the short names of lead and partners; one cached query for all names."""
    names = unit_names(actor=actor)
    return [
        MeasureLine(
            row,
            names.get(row.lead_id, "") if row.lead_id else "",
            tuple(names[key] for key in row.partners if key in names),
        )
        for row in measures
    ]


def lights_of(*, actor: Actor, policy_ids: Iterable[int]) -> dict[int, Lights]:
    """The lights of the tasks of each policy, read from the counters: sums of the levels the reader may see."""
    wanted = list(policy_ids)
    sums: dict[int, list[int]] = {key: [0, 0, 0, 0] for key in wanted}
    rows = LightCounter.objects.filter(
        client="task",
        scope="policy",
        scope_id__in=wanted,
        level__lte=actor.clearance,
        light__in=(RED, AMBER, GREEN),
    )
    for key, light, n in rows.values_list("scope_id", "light", "n"):
        sums[key][light] += n
    return {key: Lights(found[RED], found[AMBER], found[GREEN]) for key, found in sums.items()}


def policy_timeline(*, actor: Actor, policy: Policy, measures: Sequence[Measure]) -> list[Happening]:
    """What happened to a policy, its measures and what else belongs to its story, newest first, with names."""
    told = [part for part in story(actor, "policy", policy.id) if part[0] != "measure"]
    streams = [*told, *(("measure", row.id) for row in measures[:300])]
    lines = [line for line in timeline(actor=actor, streams=streams, limit=500) if line.kind not in QUIET]
    names = names_of(actor=actor, refs=[line.actor_ref for line in lines])
    return [Happening(line, *names.get(line.actor_ref, (_("已离任人员"), ""))) for line in lines]


@tells("policy")
def _measures_of(actor: Actor, policy_id: int) -> list[tuple[str, int]]:
    """What happened to its measures belongs to the story of a policy."""
    rows = Measure.objects.filter(policy_id=policy_id).order_by("pk").values_list("pk", flat=True)
    return [("measure", pk) for pk in rows]


def policies_of_measures(*, actor: Actor, measure_ids: Iterable[int]) -> dict[int, int]:
    """The policy of each named measure that the reader may see and that was not rejected."""
    rows = Measure.objects.filter(pk__in=set(measure_ids), policy__in=visible(actor=actor))
    return dict(rows.exclude(state=rules.REJECTED).values_list("pk", "policy_id"))


def visible_ids(*, actor: Actor, policy_ids: Iterable[int]) -> set[int]:
    """Those of the named policies that the reader may see."""
    return set(visible(actor=actor).filter(pk__in=set(policy_ids)).values_list("pk", flat=True))
