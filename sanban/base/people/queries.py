"""Who somebody is right now: the actor of a request, names for timelines, units for pages."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import Q

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.people.models import Deputy, Person, RoleGrant, Unit


def actor_of(*, actor: Actor | None = None, person: Person) -> Actor:
    """The actor that a signed-in person is: roles in force, own units, roles of those he stands in for. 3 queries."""
    now = clock.now()
    absent = list(
        Deputy.objects.filter(Q(until=None) | Q(until__gt=now), deputy=person, since__lte=now).values_list(
            "person_id", "person__ref", "person__unit__path"
        )
    )
    holders = [person.pk, *(row[0] for row in absent)]
    roles = RoleGrant.objects.filter(
        Q(until=None) | Q(until__gt=now), person_id__in=holders, since__lte=now
    ).values_list("role", flat=True)
    unit = person.unit
    ids: set[int] = set()
    for path in [unit.path, *(row[2] for row in absent)]:
        ids.update(units_below(path))
    return Actor(
        ref=person.ref,
        person_id=person.pk,
        name=person.name,
        unit_id=unit.pk,
        unit_name=unit.short,
        unit_ids=frozenset(ids),
        roles=frozenset(roles),
        clearance=person.clearance,
        on_behalf_of=absent[0][1] if absent else "",
    )


def units_below(path: str) -> list[int]:
    """Ids of the unit at `path` and of everything below it."""
    return list(Unit.objects.filter(path__startswith=path).values_list("pk", flat=True))


def names_of(*, actor: Actor, refs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(name, unit) of each actor reference, for timelines."""
    found = {"system": ("系统", "")}
    rows = Person.objects.filter(ref__in=set(refs)).values_list("ref", "name", "unit__short")
    found.update({ref: (name, unit) for ref, name, unit in rows})
    return found


def unit_names(*, actor: Actor, ids: Iterable[int] | None = None) -> dict[int, str]:
    """Short names of units by id; kept for a minute because every page asks."""
    names: dict[int, str] | None = cache.get("people.unit_names")
    if names is None:
        names = dict(Unit.objects.values_list("pk", "short"))
        cache.set("people.unit_names", names, 60)
    if ids is None:
        return names
    wanted = set(ids)
    return {key: name for key, name in names.items() if key in wanted}
