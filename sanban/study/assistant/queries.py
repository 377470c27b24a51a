"""What the reader page shows: each proposal with its facts, its spans and the units its names may mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.people import queries as people
from sanban.base.ui.spans import Span
from sanban.decide.policy import queries as policies
from sanban.decide.policy.models import Measure, Policy
from sanban.study.assistant.proposals import Names
from sanban.study.assistant.reading import Section, read_document
from sanban.study.assistant.words import CONFIDENCE, FIELDS, deadline_words, target_words

COLOURS = {"proposed": "amber", "confirmed": "green", "dispatched": "green", "rejected": ""}
UNIT_FIELDS = frozenset({"lead", "coop", "resp"})


@dataclass(frozen=True, slots=True)
class FactLine:
    """One thing read: its name, its value in words, where it stands, how sure, and what a unknown name may mean."""

    label: str
    value: str
    start: int
    end: int
    confidence: str
    sure: bool
    known: bool
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One measure on the right side of the reader page."""

    measure: Measure
    heading: str
    lead: str
    partners: tuple[str, ...]
    facts: tuple[FactLine, ...]
    explicit: bool

    @property
    def open(self) -> bool:
        """Whether a person still has to decide."""
        return self.measure.state == "proposed"

    @property
    def editable(self) -> bool:
        """Whether it may still be corrected."""
        return self.measure.state in ("proposed", "confirmed")


@dataclass(frozen=True, slots=True)
class Review:
    """A policy under review: its points, the spans in its text, and how far the work is."""

    policy: Policy
    points: tuple[Point, ...]
    spans: tuple[Span, ...]
    headings: tuple[Section, ...]

    @property
    def waiting(self) -> int:
        """Points nobody has decided on."""
        return sum(1 for point in self.points if point.open)

    @property
    def standing(self) -> int:
        """Confirmed points that are not tasks yet."""
        return sum(1 for point in self.points if point.measure.state == "confirmed")

    @property
    def explicit(self) -> int:
        """Waiting points in which everything was read from explicit words."""
        return sum(1 for point in self.points if point.open and point.explicit)


def names_for(*, actor: Actor) -> Names:
    """The register of units and classes of units, as they are now."""
    return Names(people.register(actor=actor), people.classes(actor=actor))


def review(*, actor: Actor, policy_id: int) -> Review:
    """Everything the reader page needs, in a fixed number of queries."""
    policy = policies.get_policy(actor=actor, policy_id=policy_id)
    rows = policies.measures_of(actor=actor, policy_id=policy_id)
    names = names_for(actor=actor)
    headings = sections(policy)
    points = points_of(actor, rows, names, headings)
    measures = [
        Span(row.start, row.end, COLOURS.get(row.state, ""), row.title)
        for row in rows
        if row.state != "rejected"
    ]
    facts = [
        Span(fact.start, fact.end, "", f"{fact.label}：{fact.value}")
        for point in points
        if point.measure.state != "rejected"
        for fact in point.facts
    ]
    return Review(policy, tuple(points), (*measures, *facts), headings)


def point(*, actor: Actor, measure_id: int) -> Point:
    """One measure as the reader page shows it."""
    row = policies.get_measure(actor=actor, measure_id=measure_id)
    policy = policies.get_policy(actor=actor, policy_id=row.policy_id)
    return points_of(actor, [row], names_for(actor=actor), sections(policy))[0]


def sections(policy: Policy) -> tuple[Section, ...]:
    """The headings of a policy; its text never changes, so they are read once and kept for an hour."""
    key = f"assistant.sections.{policy.pk}"
    kept: tuple[Section, ...] | None = cache.get(key)
    if kept is None:
        kept = read_document(policy.text).sections
        cache.set(key, kept, 3600)
    return kept


def points_of(
    actor: Actor, rows: Sequence[Measure], names: Names, headings: Sequence[Section]
) -> list[Point]:
    """Measures with their units named and their facts in words."""
    made = []
    titles = {section.path: section.title for section in headings}
    for line in policies.measure_lines(actor=actor, measures=rows):
        row = line.measure
        facts = tuple(_fact(fact, names) for fact in row.facts)
        parent = row.path.rpartition("/")[0]
        made.append(
            Point(row, titles.get(parent, ""), line.lead, line.partners, facts, is_explicit(row, names))
        )
    return made


def is_explicit(row: Measure, names: Names) -> bool:
    """Whether every fact stands in explicit words, the lead is named as such, and all names are known."""
    if not row.facts or row.lead_id is None:
        return False
    if any(fact["confidence"] != "explicit" for fact in row.facts):
        return False
    units = [fact for fact in row.facts if fact["field"] in UNIT_FIELDS]
    named = [fact for fact in units if fact["field"] != "coop"]
    one_lead = sum(1 for fact in named if fact["field"] == "lead") == 1 or len(named) == 1
    return one_lead and all(names.units(str(fact["value"])) for fact in units)


def _fact(fact: dict[str, Any], names: Names) -> FactLine:
    name, value = str(fact["field"]), fact["value"]
    known = True
    candidates: tuple[str, ...] = ()
    if name in UNIT_FIELDS:
        known = bool(names.units(str(value)))
        candidates = () if known else tuple(found.name for found in names.candidates(str(value))[:3])
        words = str(value)
    elif isinstance(value, dict):
        words = target_words(value)
    else:
        words = deadline_words(str(value)) if name == "deadline" else str(value)
    return FactLine(
        label=str(FIELDS.get(name, name)),
        value=words,
        start=fact["start"],
        end=fact["end"],
        confidence=str(CONFIDENCE.get(fact["confidence"], _("推断"))),
        sure=fact["confidence"] == "explicit",
        known=known,
        candidates=candidates,
    )
