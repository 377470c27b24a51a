"""Reading what the watch knows: readers of an object, refusals, requests."""

import json
from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import INTERNAL, SECRET, Actor
from sanban.base.access.models import AccessRecord, ReadCount
from sanban.base.access.readlog.mark import ids_of
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.prepared import Prepared, PreparedMany
from sanban.base.ledger.standing import MACHINE, standing_as
from sanban.base.people.models import Deputy, Person
from sanban.base.search.models import SearchEntry
from sanban.base.search.registry import key_of
from sanban.base.watch import rules
from sanban.base.watch.models import (
    Bait,
    InterceptionRules,
    Refusal,
    RequestApprover,
    SightRequest,
    WatchCase,
)
from sanban.base.watch.numbers import NAMES, Numbers
from sanban.base.watch.subjects import Subject, entry_keys, place_in, place_of

LISTS_LOOKED_AT: Final = 1000
"""So many of the latest lists and exports are searched for one object."""
IN_LISTS: Final = ("list", "search", "export", "api", "feed")


_BORN = Prepared(
    lambda slot: LedgerEvent.objects.filter(
        stream_type=slot("stream"), stream_id=slot("object_id"), ver=1
    ).values_list("label", "acting_office")
)
_INDEXED = Prepared(
    lambda slot: SearchEntry.objects.filter(pk=slot("key")).values_list("unit_id", "level", "title", "arg")
)


def subject_of(*, actor: Actor, stream: str, object_id: int) -> Subject | None:
    """An object by its first event and its line in the index, whoever asks; nothing when there is none. Two queries."""
    with standing_as(MACHINE):
        return _subject_of(stream, object_id)


def _subject_of(stream: str, object_id: int) -> Subject | None:
    first = _BORN.first(stream=stream, object_id=object_id)
    if first is None:
        return None
    unit_id, level, title, arg = _INDEXED.first(key=key_of(stream, object_id)) or (None, 0, "", "")
    units = {unit for unit in (first[1], unit_id) if unit is not None}
    return Subject(stream, object_id, max(first[0], level), tuple(sorted(units)), title, arg)


def subject_at(*, actor: Actor, address: str) -> Subject | None:
    """The object that an address of this site leads to."""
    return _subject(actor, place_in(address))


def subject_named(*, actor: Actor, parts: dict[str, Any]) -> Subject | None:
    """The object that the parts of a resolved address name."""
    return _subject(actor, place_of(parts))


def _subject(actor: Actor, place: tuple[str, Any] | None) -> Subject | None:
    if place is None:
        return None
    stream, key = place
    if not stream:
        with standing_as(MACHINE):
            row = SearchEntry.objects.filter(arg=key).values_list("kind", "object_id").first()
        if row is None:
            return None
        stream, key = row
    return subject_of(actor=actor, stream=stream, object_id=key)


def titles_of(*, actor: Actor, places: list[tuple[str, int | None]]) -> dict[tuple[str, int], Subject]:
    """Those of the objects that the index knows, for lists. One query."""
    rows = SearchEntry.objects.filter(pk__in=entry_keys(places))
    return {
        (row.kind, row.object_id): Subject(
            row.kind, row.object_id, row.level, (row.unit_id,) if row.unit_id else (), row.title, row.arg
        )
        for row in rows
    }


def readers(
    *, actor: Actor, subject: Subject, way: str = "", name: str = "", since: datetime | None = None
) -> "QuerySet[AccessRecord]":
    """Every record in which the object was shown, newest first: its own, and lists and exports that held it."""
    if not rules.may_know_readers(actor, subject.owner_units):
        raise Denied(_("谁看过这件内容，只供归属单位负责人和联络员、督查办、审计管理员查看。"))
    rows = AccessRecord.objects.exclude(how="gap")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if name:
        refs = list(Person.objects.filter(name__icontains=name).values_list("ref", flat=True)[:500])
        rows = rows.filter(actor_ref__in=refs)
    if way:
        rows = rows.filter(how=way)
    of_it = Q(stream=subject.stream, object_id=subject.object_id) | Q(pk__in=_lists_with(rows, subject))
    return rows.filter(of_it).order_by("-at", "-id")


def _lists_with(rows: "QuerySet[AccessRecord]", subject: Subject) -> list[int]:
    """Of the latest lists, searches and exports of this kind, those whose ids hold the object."""
    lists = rows.filter(
        stream__in=(subject.stream, "search"), object_id=None, how__in=IN_LISTS, ids__isnull=False
    )
    found = []
    for key, ids in lists.order_by("-id").values_list("pk", "ids")[:LISTS_LOOKED_AT]:
        held = array("q")
        held.frombytes(bytes(ids or b""))
        if subject.object_id in held:
            found.append(key)
    return found


def counted_readers(*, actor: Actor, subject: Subject) -> list[ReadCount]:
    """The latest hours in which somebody opened a public object."""
    rows = ReadCount.objects.filter(stream=subject.stream, object_id=subject.object_id)
    return list(rows.order_by("-hour")[:50])


def gaps(*, actor: Actor, since: datetime | None = None) -> list[tuple[datetime, datetime]]:
    """From when to when reads may be missing, the latest first."""
    rows = AccessRecord.objects.filter(how="gap", at__gte=since or clock.now() - timedelta(days=366))
    said = [json.loads(text) for text in rows.order_by("-at").values_list("predicate", flat=True)[:20]]
    return [(datetime.fromisoformat(one["since"]), datetime.fromisoformat(one["until"])) for one in said]


@dataclass(frozen=True, slots=True)
class RefusalFilter:
    """What the list of refusals is narrowed to."""

    name: str = ""
    code: str = ""


def refusals(*, actor: Actor, filter: RefusalFilter | None = None) -> "QuerySet[Refusal]":
    """Refusals, newest first, for the auditor and the security administrator."""
    rules.require_watcher(actor)
    rows, asked = Refusal.objects.all(), filter or RefusalFilter()
    if asked.code:
        rows = rows.filter(code=asked.code)
    if asked.name:
        refs = Person.objects.filter(name__icontains=asked.name).values_list("ref", flat=True)[:500]
        rows = rows.filter(actor_ref__in=list(refs))
    return rows.order_by("-at", "-id")


def _for_me(actor: Actor) -> "QuerySet[SightRequest]":
    if not actor.has(*rules.OWNERS):
        return SightRequest.objects.none()
    mine = RequestApprover.objects.filter(unit_id__in=actor.unit_ids).values("request_id")
    return SightRequest.objects.filter(pk__in=mine).exclude(person_id=actor.person_id or 0)


def requests_for(*, actor: Actor) -> "QuerySet[SightRequest]":
    """Requests that the actor may decide, and has decided, the waiting ones first."""
    return _for_me(actor).order_by("-state", "-id")


def requests_by(*, actor: Actor) -> list[SightRequest]:
    """What the actor has asked for himself, newest first."""
    return list(SightRequest.objects.filter(person_id=actor.person_id or 0).order_by("-id")[:50])


_WAITING = PreparedMany(
    lambda units, slot: (
        SightRequest.objects.filter(
            state=rules.WAITING,
            pk__in=RequestApprover.objects.filter(unit_id__in=units).values("request_id"),
        )
        .exclude(person_id=slot("person"))
        .values_list("pk")
    )
)


def waiting_requests(*, actor: Actor) -> int:
    """How many requests wait for this actor. One query."""
    if not actor.has(*rules.OWNERS):
        return 0
    return len(_WAITING(sorted(actor.unit_ids), person=actor.person_id or 0))


def get_request(*, actor: Actor, request_id: int) -> tuple[SightRequest, list[int]]:
    """A request and the units that decide it, for those, for who made it, and for the watchers."""
    found = SightRequest.objects.filter(pk=request_id).first()
    units = list(RequestApprover.objects.filter(request_id=request_id).values_list("unit_id", flat=True))
    if found is not None:
        mine = found.person_id == actor.person_id
        if (
            mine
            or actor.has("auditor", "security")
            or rules.may_decide(actor, person_id=found.person_id, owner_units=units)
        ):
            return found, units
    raise Denied(_("没有这份申请，或您无权查看。"))


def purposes_of(*, actor: Actor, subject: Subject) -> dict[str, str]:
    """For whom sight of this object was granted, and for which purpose: words by person."""
    rows = SightRequest.objects.filter(
        stream=subject.stream, object_id=subject.object_id, state=rules.GRANTED
    ).order_by("id")
    return dict(rows.values_list("person_ref", "purpose"))


def numbers_in_force(*, actor: Actor) -> Numbers:
    """The version of the rules that counts now. One query."""
    row = InterceptionRules.objects.order_by("-number").first()
    return Numbers(number=row.number, **{name: getattr(row, name) for name in NAMES}) if row else Numbers()


def versions(*, actor: Actor) -> list[InterceptionRules]:
    """All published versions, the newest first."""
    return list(InterceptionRules.objects.order_by("-number"))


def baits(*, actor: Actor) -> list[Bait]:
    """What is bait now; for the security administrator and the auditor."""
    rules.require_watcher(actor)
    return list(Bait.objects.filter(lifted_at=None).order_by("-id"))


def cases(*, actor: Actor) -> "QuerySet[WatchCase]":
    """All cases, the open ones first."""
    rules.require_watcher(actor)
    return WatchCase.objects.order_by("-state", "-id")


def cases_this_year(*, actor: Actor) -> tuple[int, int]:
    """本年拦截: cases opened since the first of January, and how many of all are open."""
    rules.require_watcher(actor)
    begin = clock.local(clock.now()).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return WatchCase.objects.filter(at__gte=begin).count(), WatchCase.objects.filter(state="open").count()


def read_numbered(*, actor: Actor, number: str) -> AccessRecord | None:
    """The secret read that a watermark's number names, for the watchers. Two queries."""
    rules.require_watcher(actor)
    span = ids_of(number)
    if span is None:
        return None
    with standing_as(MACHINE):
        event = (
            LedgerEvent.objects.filter(pk__range=span, kind="access.secret_read").values("pk", "at").first()
        )
    if event is None:
        return None
    near = (event["at"] - timedelta(minutes=1), event["at"] + timedelta(minutes=1))
    return AccessRecord.objects.filter(at__range=near, event_id=event["pk"]).first()


def get_case(*, actor: Actor, case_id: int) -> WatchCase:
    """One case, for the watchers."""
    rules.require_watcher(actor)
    found = WatchCase.objects.filter(pk=case_id).first()
    if found is None:
        raise Denied(_("没有这起拦截。"))
    return found


_HELD = Prepared(lambda slot: WatchCase.objects.filter(person_id=slot("person_id"), held=True).order_by("id"))


def hold_of(*, actor: Actor) -> WatchCase | None:
    """The case that keeps this person from going on, if there is one. One query, with every page."""
    return _HELD.first(person_id=actor.person_id or 0)


def refused_since(*, actor: Actor, ref: str, since: datetime) -> int:
    """How often this person was refused since then; two hands that met on one object are no refusal of a right."""
    return Refusal.objects.filter(actor_ref=ref, at__gt=since, code__in=("denied", "hidden")).count()


def was_judged(*, actor: Actor, person_id: int, rule: str) -> bool:
    """Whether this rule has a case of this person that is open, or was opened within the hour."""
    since = clock.now() - timedelta(hours=1)
    return WatchCase.objects.filter(
        Q(state="open") | Q(at__gt=since), person_id=person_id, rule=rule
    ).exists()


def ended_stand_ins(
    *, actor: Actor, person_ids: Collection[int], since: datetime
) -> dict[int, frozenset[int]]:
    """The units of those for whom these people stood in until lately, without the person's own."""
    rows = Deputy.objects.filter(deputy_id__in=person_ids, until__gt=since, until__lte=clock.now())
    found: dict[int, set[int]] = {}
    for person_id, unit, own in rows.values_list("deputy_id", "person__unit_id", "deputy__unit_id"):
        if unit != own:
            found.setdefault(person_id, set()).add(unit)
    return {person_id: frozenset(units) for person_id, units in found.items()}


def read_in_bulk(
    *, actor: Actor, ref: str, since: datetime, ways: Collection[str], most: Mapping[int, int]
) -> dict[int, int]:
    """How many different items of each level this person was shown in these ways since then; the same item again is
    no more. Counted only where the sum could be above `most`, else the sum stands. One query, or a few."""
    rows = AccessRecord.objects.filter(actor_ref=ref, at__gt=since, how__in=ways)
    sums = rows.aggregate(
        internal=Sum("count", filter=Q(level=INTERNAL)), secret=Sum("count", filter=Q(level=SECRET))
    )
    found = {INTERNAL: sums["internal"] or 0, SECRET: sums["secret"] or 0}
    for level in (level for level, limit in most.items() if found[level] > limit):
        places = _places_in(rows.filter(level=level))
        found[level] = len(places) if level == INTERNAL else _secret_among(places)
    return found


def _places_in(rows: "QuerySet[AccessRecord]") -> set[tuple[str, int]]:
    """The objects that these records say were shown."""
    places: set[tuple[str, int]] = set()
    for stream, object_id, ids in rows.values_list("stream", "object_id", "ids").iterator():
        if object_id is not None:
            places.add((stream, object_id))
        if ids:
            places.update((stream, key) for key in array("q", bytes(ids)))
    return places


def _secret_among(places: set[tuple[str, int]]) -> int:
    """How many of them are secret: a list is recorded under the highest level in it."""
    keys, found = list(entry_keys(list(places))), 0
    with standing_as(MACHINE):
        for start in range(0, len(keys), 500):
            found += SearchEntry.objects.filter(pk__in=keys[start : start + 500], level=SECRET).count()
    return found
