"""Finding: one question for all kinds, filtered by level and by each room's own rule of what may be seen.

The order is the same on both databases: how well title and number agree, then the newest first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Greatest, RowNumber, StrIndex, Substr
from django.urls import reverse

from sanban.base.access.actor import SECRET, Actor
from sanban.base.ledger.prepared import Prepared
from sanban.base.people.models import Person, Unit
from sanban.base.people.queries import unit_names
from sanban.base.search.models import SavedFilter, SearchEntry
from sanban.base.search.questions import ALL_WORDS, PAIRED, Question, questions
from sanban.base.search.questions import secrets_named as entries_of_secrets
from sanban.base.search.registry import Searchable, Subject, key_of, referable, searchables
from sanban.base.search.words import QUERY_LENGTH, marks, plain

MOST: Final = 50
"""So many of one kind are shown; who needs more needs one more word."""
SNIPPET_BEFORE, SNIPPET_LENGTH = 20, 120


@dataclass(frozen=True, slots=True)
class Hit:
    """One object that was found."""

    kind: str
    object_id: int
    title: str
    number: str
    snippet: str
    unit: str
    url: str
    level: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, and how many there are in all."""

    kind: Searchable
    hits: list[Hit]
    total: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found, by kind; `way` says how loosely, `marks` what to highlight."""

    groups: list[Group]
    way: str
    marks: list[str]

    @property
    def total(self) -> int:
        """How many objects of all kinds."""
        return sum(group.total for group in self.groups)

    @property
    def highest(self) -> int:
        """The highest level among what is shown."""
        return max((hit.level for group in self.groups for hit in group.hits), default=0)


def find(*, actor: Actor, text: str, most: int = MOST, kinds: Sequence[str] = ()) -> Findings:
    """What holds these words and may be seen: one query, a second and third when stricter ways find nothing."""
    text = text[:QUERY_LENGTH].strip()
    wanted = [row for row in searchables() if not kinds or row.kind in kinds]
    if not plain(text) or not wanted:
        return Findings([], ALL_WORDS, [])
    for question in questions(text, secrets=actor.clearance >= SECRET):
        shown = marks(text, question.way == PAIRED)
        rows = _rows(actor, wanted, question, most, max(shown, key=len))
        if rows:
            return Findings(_groups(actor, wanted, rows), question.way, shown)
    return Findings([], ALL_WORDS, [])


_COLUMNS: Final = (
    "kind",
    "object_id",
    "title",
    "number",
    "start",
    "snippet",
    "unit_id",
    "arg",
    "level",
    "at",
    "total",
)


def _rows(
    actor: Actor, kinds: Sequence[Searchable], question: Question, most: int, word: str
) -> list[tuple[Any, ...]]:
    """The best of each kind, with the words round the first place where one stands. One query."""
    seen = Q()
    for row in kinds:
        theirs = row.visible(actor=actor).filter(pk=OuterRef("object_id"))
        seen |= Q(Q(kind=row.kind), Exists(theirs))
    order = [F("grade").asc(), F("at").desc(), F("object_id").desc()]
    start = Greatest(StrIndex(F("text"), Value(word)) - SNIPPET_BEFORE, 1, output_field=IntegerField())
    around = Substr(F("text"), start, SNIPPET_LENGTH, output_field=TextField())
    found = (
        SearchEntry.objects.filter(seen, question.condition, level__lte=actor.clearance)
        .annotate(grade=question.grade)
        .annotate(
            place=Window(RowNumber(), partition_by=F("kind"), order_by=order),
            total=Window(Count("*"), partition_by=F("kind")),
            start=start,
            snippet=Case(When(level__lt=SECRET, then=around), default=Value(""), output_field=TextField()),
        )
        .filter(place__lte=most)
        .order_by("kind", "place")
    )
    return list(found.values_list(*_COLUMNS))


def _groups(actor: Actor, kinds: Sequence[Searchable], rows: list[tuple[Any, ...]]) -> list[Group]:
    names = unit_names(actor=actor)
    made = []
    for kind in kinds:
        own = [row for row in rows if row[0] == kind.kind]
        hits = [
            Hit(
                kind.kind, object_id, title, number, f"…{snippet}" if start > 1 else snippet, names.get(unit_id, ""),
                reverse(kind.url_name, args=[arg]), level, at,
            )
            for _kind, object_id, title, number, start, snippet, unit_id, arg, level, at, _total in own
        ]  # fmt: skip
        if hits:
            made.append(Group(kind, hits, own[0][-1]))
    return made


def subject_of(*, actor: Actor, kind: str, object_id: int) -> Subject | None:
    """What an object of any room is called and where it is; nothing when it is not there for this actor."""
    told = referable(kind)
    if told is not None:
        row = told.visible(actor=actor).filter(pk=object_id).first()
        return told.describe(row) if row is not None else None
    found = next((one for one in searchables() if one.kind == kind), None)
    if found is None or not found.visible(actor=actor).filter(pk=object_id).exists():
        return None
    entry = SearchEntry.objects.filter(pk=key_of(kind, object_id), level__lte=actor.clearance).first()
    if entry is None:
        return None
    return Subject(
        kind=kind, label=found.label, object_id=object_id, title=entry.title, number=entry.number,
        url=reverse(found.url_name, args=[entry.arg]), level=entry.level, unit_id=entry.unit_id,
    )  # fmt: skip


def people(*, actor: Actor) -> QuerySet[Person]:
    """People in office; who has left is not found any more."""
    found: QuerySet[Person] = Person.objects.filter(is_active=True).select_related(None)
    return found


def units(*, actor: Actor) -> QuerySet[Unit]:
    """Units that stand; a merged one is found as the one it went into, by the directory."""
    return Unit.objects.filter(active=True)


def secrets_named(*, actor: Actor, kind: str, text: str) -> Q:
    """For a list of a kind: its secrets whose title has all these words. Their titles lie sealed, so a list asks the
    blind index for them; which of them the actor may see the list asks itself."""
    text = text[:QUERY_LENGTH]
    if actor.clearance < SECRET or not plain(text):
        return Q(pk__in=[])
    found = SearchEntry.objects.filter(entries_of_secrets(text), kind=kind, level__gte=SECRET)
    return Q(pk__in=found.values("object_id"))


def size(*, actor: Actor) -> int:
    """How many objects the index holds."""
    return SearchEntry.objects.count()


_KEPT = Prepared(
    lambda slot: SavedFilter.objects.filter(
        Q(person_id=slot("person")) | Q(shared=True, unit_id=slot("unit")), page=slot("page")
    ).select_related("person")
)


def saved_filters(*, actor: Actor, page: str) -> list[SavedFilter]:
    """The filters of a page that this person keeps, then those that colleagues of the own unit share."""
    if actor.person_id is None:
        return []
    rows = _KEPT(person=actor.person_id, unit=actor.unit_id or 0, page=page)
    return sorted(rows, key=lambda row: (row.person_id != actor.person_id, row.position, row.pk))


def saved_filter(*, actor: Actor, filter_id: int) -> SavedFilter | None:
    """One of the filters that this person keeps himself."""
    return SavedFilter.objects.filter(pk=filter_id, person_id=actor.person_id or 0).first()
