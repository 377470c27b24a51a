"""Reading disputes as far as the reader may: the list, one case with all that belongs to it, figures, what waits."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.axis import Axis
from sanban.base.calendar.queries import current_axis
from sanban.base.files import queries as files
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.prepared import Prepared
from sanban.base.ledger.queries import Line, log_heads, timeline
from sanban.base.ledger.registry import story, tells
from sanban.base.ledger.tlog.heads import SEALED, grades_of
from sanban.base.light.engine import Facts, Light, LightRule, colour, instants
from sanban.base.light.queries import current_rule
from sanban.base.people.models import Person, RoleGrant, Unit
from sanban.base.search.queries import subject_of
from sanban.decide.dispute import rules
from sanban.decide.dispute.models import Dispute, DisputeTerms, Ruling, Statement
from sanban.decide.dispute.terms import SHIPPED, Terms, days_between, terms_on
from sanban.decide.policy.models import Measure
from sanban.decide.policy.queries import visible_measures

STREAM = "dispute"
ARGUED = ("task", "policy", "measure", "slip")
"""Objects whose story tells of their disputes; what rooms above call theirs is known here by name alone."""
SHOWN_A_LIST = 500
NOBODY = UUID(int=0)
"""The id of no event: asking for it costs what asking for one costs."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How the desk does: open cases, rulings of the year, and the median of working days they took."""

    open: int
    ruled: int
    median_days: float | None


_OF_OBJECT = Prepared(
    lambda slot: (
        Dispute.objects.filter(stream=slot("stream"), object_id=slot("object"))
        .select_related("claimant", "respondent", "arbiter")
        .order_by("-id")
    )
)
_OF_POLICY = Prepared(
    lambda slot: (
        Dispute.objects.filter(
            Q(stream="policy", object_id=slot("policy"))
            | Q(stream="measure", object_id__in=Measure.objects.filter(policy_id=slot("policy")).values("pk"))
        )
        .select_related("claimant", "respondent", "arbiter")
        .order_by("-id")
    )
)


def visible(*, actor: Actor) -> QuerySet[Dispute]:
    """The disputes this person may see."""
    return Dispute.objects.filter(rules.VISIBLE.q(actor))


def register(*, actor: Actor, which: str = "") -> QuerySet[Dispute]:
    """The list, the latest first: all, those open, those that concern the reader, or those ruled."""
    rows = visible(actor=actor).select_related("claimant", "respondent", "arbiter")
    if which == "open":
        rows = rows.filter(state__in=rules.LIVE)
    elif which == "ruled":
        rows = rows.filter(ruled_at__isnull=False)
    elif which == "mine":
        rows = rows.filter(_mine(actor))
    return rows.order_by("-id")


def _mine(actor: Actor) -> Q:
    """Opened by the reader, decided by him, or about a unit for which he speaks."""
    mine = Q(opened_by=actor.ref) | Q(arbiter_id=actor.person_id or 0)
    if actor.unit_id is not None:
        mine |= Q(claimant_id=actor.unit_id) | Q(respondent_id=actor.unit_id)
    if "liaison" in actor.roles:
        mine |= Q(claimant_id__in=actor.unit_ids) | Q(respondent_id__in=actor.unit_ids)
    return mine


def get_dispute(*, actor: Actor, dispute_id: int) -> Dispute:
    """One case. One that may not be seen is treated as if it were not there."""
    found = (
        visible(actor=actor)
        .select_related("claimant", "respondent", "arbiter__unit", "offer_by")
        .filter(pk=dispute_id)
        .first()
    )
    if found is None:
        raise Denied(_("没有这件争议，或您无权查看。请核对地址，或联系综合办。"))
    return found


def statements(*, actor: Actor, dispute: Dispute) -> list[Statement]:
    """What was said after claim and answer, in its order."""
    return list(Statement.objects.filter(dispute=dispute).select_related("unit").order_by("id"))


def rulings(*, actor: Actor, dispute: Dispute) -> list[Ruling]:
    """The rulings of a case, the one that stands last."""
    return list(Ruling.objects.filter(dispute=dispute).order_by("ordinal"))


def effective(*, actor: Actor, rulings: Iterable[Ruling]) -> set[int]:
    """Those of the rulings that have effect: whose event is sealed, so that nobody can alter or deny it (§5.2).

    A ruling that a later one corrects keeps its seal, but the later one counts. Two queries.
    """
    events = {one.event_id: one.pk for one in rulings}
    grades = grades_of(list(events) or [NOBODY])
    return {events[event_id] for event_id, grade in grades.items() if grade == SEALED}


def in_effect(*, actor: Actor, disputes: Iterable[Dispute]) -> set[int]:
    """The cases whose standing ruling has effect. Three queries."""
    ended = [row.pk for row in disputes if row.state == rules.RULED] or [0]
    rows = Ruling.objects.filter(dispute_id__in=ended).order_by("ordinal")
    standing = {row.dispute_id: row for row in rows}
    sealed = effective(actor=actor, rulings=standing.values())
    return {key for key, row in standing.items() if row.pk in sealed}


def _chapter(stream: str) -> Callable[[Actor, int], list[tuple[str, int]]]:
    def chapter(actor: Actor, object_id: int) -> list[tuple[str, int]]:
        """Disputes belong to the story of their object, for those who may see them."""
        return [(STREAM, row.pk) for row in of_object(actor=actor, stream=stream, object_id=object_id)]

    return chapter


for _stream in ARGUED:
    tells(_stream)(_chapter(_stream))


@tells(STREAM)
def _object_of(actor: Actor, dispute_id: int) -> list[tuple[str, int]]:
    """What happened to the object belongs to the story of its dispute, for those who may see the object."""
    row = visible(actor=actor).filter(pk=dispute_id).first()
    if row is None or not may_see_object(actor=actor, dispute=row):
        return []
    return [part for part in story(actor, row.stream, row.object_id) if part != (STREAM, dispute_id)]


def of_object(*, actor: Actor, stream: str, object_id: int) -> list[Dispute]:
    """The disputes on one object that the reader may see, the latest first; of a policy those on its measures too."""
    found = (
        _OF_POLICY(policy=object_id) if stream == "policy" else _OF_OBJECT(stream=stream, object=object_id)
    )
    return [row for row in found if rules.VISIBLE.test(actor, row)]


def measures_of_policy(*, actor: Actor, policy_id: int) -> dict[int, str]:
    """The measures of a policy by id, for the choice of what is in dispute."""
    rows = visible_measures(actor=actor).filter(policy_id=policy_id).exclude(state="rejected")
    return dict(rows.order_by("start", "order").values_list("pk", "title"))


def open_between(*, actor: Actor, stream: str, object_id: int, units: Iterable[int]) -> str:
    """The number of an open case between the same two units on the same object, if there is one."""
    pair = set(units)
    rows = Dispute.objects.filter(
        stream=stream, object_id=object_id, state__in=rules.LIVE, claimant_id__in=pair, respondent_id__in=pair
    )
    return rows.values_list("number", flat=True).first() or ""


def numbered(*, actor: Actor, year: int) -> int:
    """How many case numbers a year has used."""
    return Dispute.objects.filter(number__contains=f"〔{year}〕").count()


def case_files(*, actor: Actor, dispute: Dispute) -> list[int]:
    """All files of a case and of its object that the reader may see: what an arbiter must be able to read."""
    said = Statement.objects.filter(dispute=dispute).values_list("files", flat=True)
    named = {*dispute.files, *dispute.answer_files, *(one for part in said for one in part)}
    about = files.attached(actor=actor, about_type=dispute.stream, about_id=dispute.object_id)
    return sorted(named | {one.pk for one in about})


def own_files(*, actor: Actor, ids: Sequence[int]) -> list[int]:
    """Those of the named files that the reader handed in himself or may see."""
    seen = files.visible(actor=actor).filter(pk__in=set(ids))
    return sorted(seen.values_list("pk", flat=True))


def homes(*, actor: Actor) -> frozenset[int]:
    """The unit where the person sits and those above it, with those of whom he stands in for."""
    wanted = Q(pk=actor.person_id or 0)
    if actor.on_behalf_of:
        wanted |= Q(ref=actor.on_behalf_of)
    paths = Person.objects.filter(wanted).order_by().values_list("unit__path", flat=True)
    return frozenset(int(part) for path in paths for part in path.rstrip(".").split("."))


def spoken_for(*, actor: Actor) -> int | None:
    """The unit that a person brings a case for: his own; for the liaison of a division the unit it belongs to."""
    unit = Unit.objects.filter(pk=actor.unit_id or 0).values_list("pk", "kind", "parent_id").first()
    if unit is None:
        return None
    own, kind, parent = unit
    return parent if kind == "division" and parent in actor.unit_ids else own


def person_named(*, actor: Actor, text: str) -> list[Person]:
    """The active people who go by this login, or else by this name."""
    active = Person.objects.filter(is_active=True).select_related("unit")
    return list(active.filter(login__iexact=text)) or list(active.filter(name=text).order_by("pk")[:5])


def person_by_id(*, actor: Actor, person_id: int) -> Person | None:
    """One active person."""
    found: Person | None = Person.objects.filter(pk=person_id, is_active=True).first()
    return found


def suggested(*, actor: Actor, dispute: Dispute, most: int = 60) -> list[tuple[str, str]]:
    """(login, name and unit) of people of the offices who are of neither party and may know the matter."""
    now = clock.now()
    holders = RoleGrant.objects.filter(
        Q(until=None) | Q(until__gt=now),
        role__in=("researcher", "leader", "supervisor", "dispatcher", "signer"),
    ).values("person_id")
    rows = Person.objects.filter(pk__in=holders, is_active=True, clearance__gte=dispute.level)
    rows = rows.select_related("unit").order_by("unit__order", "unit__path", "pk")
    found = [row for row in rows[: most * 4] if not rules.of_a_party(dispute, _path(row.unit))]
    return [(row.login, f"{row.name}（{row.unit.short}）") for row in found[:most]]


def _path(unit: Unit) -> set[int]:
    return {int(part) for part in unit.path.rstrip(".").split(".")}


def basis_of(*, actor: Actor, dispute: Dispute) -> dict[str, Any]:
    """On what a ruling made now rests: the last event of each stream the arbiter may see, and the ledger's heads."""
    streams = story(actor, STREAM, dispute.pk)
    last: dict[tuple[str, int], Line] = {}
    for line in timeline(actor=actor, streams=streams, limit=SHOWN_A_LIST):
        key = (line.stream, line.stream_id)
        if key not in last or last[key].ver < line.ver:
            last[key] = line
    return {
        "streams": [
            {"stream": stream, "id": key, "ver": line.ver, "event": line.id.hex}
            for (stream, key), line in sorted(last.items())
        ],
        "heads": [head.plain() for head in log_heads(actor=actor)],
    }


def may_see_object(*, actor: Actor, dispute: Dispute) -> bool:
    """Whether the reader may see the object of the case."""
    return subject_of(actor=actor, kind=dispute.stream, object_id=dispute.object_id) is not None


def figures(*, actor: Actor) -> Figures:
    """Open cases, rulings of this year and their median of working days, of what the reader may see. Two queries."""
    year = clock.today().year
    rows = visible(actor=actor).filter(ruled_at__isnull=False, ruled_at__gte=_new_year(year))
    axis = current_axis(actor)
    took = [
        days_between(axis, opened, ruled)
        for opened, ruled in rows.values_list("opened_at", "ruled_at")
        if ruled
    ]
    open_now = visible(actor=actor).filter(state__in=rules.LIVE).count()
    return Figures(open_now, len(took), round(median(took), 1) if took else None)


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=clock.SHANGHAI)


def terms_versions(*, actor: Actor) -> list[DisputeTerms]:
    """All published versions of the terms, the newest first. One query."""
    return list(DisputeTerms.objects.order_by("-number"))


def terms_in_force(*, actor: Actor, day: date) -> Terms:
    """The terms for a case that is opened on this day. One query."""
    rows = DisputeTerms.objects.order_by("number").values_list("since", "answer_days", "ruling_days")
    made = [Terms(since=since, answer_days=answer, ruling_days=ruling) for since, answer, ruling in rows]
    return terms_on(day, [SHIPPED, *made])


@dataclass(frozen=True, slots=True)
class Term:
    """What an open case waits for, until when, and the light of that term."""

    word: str
    due_at: datetime
    light: str


def terms_of(*, actor: Actor, disputes: Iterable[Dispute]) -> dict[int, Term]:
    """The running term of each open case: its answer first, then its ruling. One query for the rule of lights."""
    rule, axis, now = current_rule(actor=actor), current_axis(actor), clock.now()
    return {row.pk: _term(row, rule, axis, now) for row in disputes if row.state in rules.LIVE}


def _term(row: Dispute, rule: LightRule, axis: Axis, now: datetime) -> Term:
    answering = row.state == rules.OPENED
    due_at = row.answer_due_at if answering else row.ruling_due_at
    start = row.opened_at if row.state in rules.BEFORE_RULING else row.named_at or row.opened_at
    facts = Facts(start_at=start, due_at=due_at, progress=100)
    light: Light = colour(instants(facts, rule, axis), now)[0]
    return Term(_("答辩") if answering else _("裁决"), due_at, light.id)


def waiting(*, actor: Actor, most: int = 50) -> list[tuple[Dispute, str, datetime]]:
    """What waits for this person: an answer, a ruling, an arbiter to be named. At most two queries."""
    wanted: list[tuple[Dispute, str, datetime]] = []
    seated = homes(actor=actor) if actor.roles & (rules.SPEAKERS | rules.NAMERS) else frozenset()
    rows = visible(actor=actor).filter(_next_step(actor)).order_by("ruling_due_at", "pk")[:most]
    for row in rows:
        if row.state == rules.OPENED and rules.speaks_for(actor, row.respondent_id, seated):
            wanted.append((row, "answer", row.answer_due_at))
        elif row.arbiter_id is None and rules.may_name(actor, row, seated):
            wanted.append((row, "arbiter", row.ruling_due_at))
        elif rules.may_rule(actor, row) and row.state != rules.OPENED:
            wanted.append((row, "rule", row.ruling_due_at))
    return wanted


def _next_step(actor: Actor) -> Q:
    """Cases in which this person may have the next step, by his roles."""
    due = Q(state__in=(rules.ANSWERED, rules.CORRECTING), arbiter_id=actor.person_id or 0)
    if actor.roles & rules.SPEAKERS:
        due |= Q(state=rules.OPENED, respondent_id__in=actor.unit_ids)
    if actor.roles & rules.NAMERS:
        due |= Q(state__in=rules.BEFORE_RULING, arbiter_id=None)
    return due
