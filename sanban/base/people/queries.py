"""Who somebody is right now: the actor of a request, names for timelines, units for pages."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import Q

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.people.models import AccessToken, Deputy, Person, RoleGrant, Unit, UnitClass, UnitName
from sanban.base.people.rules import SECURITY_ROLES, digest_of


def actor_of(*, actor: Actor | None = None, person: Person) -> Actor:
    """The actor that a signed-in person is: roles in force, own units, roles of those he stands in for. 3 queries."""
    now = clock.now()
    absent = list(
        Deputy.objects.filter(Q(until=None) | Q(until__gt=now), deputy=person, since__lte=now).values_list(
            "person_id", "person__ref", "person__unit__path"
        )
    )
    holders = [person.pk, *(row[0] for row in absent)]
    held = RoleGrant.objects.filter(
        Q(until=None) | Q(until__gt=now), person_id__in=holders, since__lte=now
    ).values_list("person_id", "role")
    roles = {role for holder, role in held if holder == person.pk or role not in SECURITY_ROLES}
    unit = person.unit
    ids = units_below(unit.path, *(row[2] for row in absent))
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


def units_below(*paths: str) -> list[int]:
    """Ids of the units at these paths and of everything below them. One query."""
    wanted = Q()
    for path in paths:
        wanted |= Q(path__startswith=path)
    return list(Unit.objects.filter(wanted).values_list("pk", flat=True)) if paths else []


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


def paths_by_code(*, actor: Actor) -> dict[str, tuple[int | None, str]]:
    """(id, path) of every unit by its code."""
    return {code: (pk, path) for code, pk, path in Unit.objects.values_list("code", "pk", "path")}


def unit_ids_by_code(*, actor: Actor) -> dict[str, int]:
    """Unit ids by code."""
    return dict(Unit.objects.values_list("code", "pk"))


def taken_logins(*, actor: Actor) -> set[str]:
    """All login names in lower case."""
    return {login.lower() for login in Person.objects.values_list("login", flat=True)}


def count_of_role(*, actor: Actor, role: str) -> int:
    """How many active people hold a role now."""
    return (
        RoleGrant.objects.filter(role=role, until=None, person__is_active=True)
        .values("person")
        .distinct()
        .count()
    )


def actors_by_login(*, actor: Actor) -> dict[str, Actor]:
    """The actor of every active person, by login."""
    people = Person.objects.filter(is_active=True).select_related("unit")
    return {person.login: actor_of(person=person) for person in people}


def register(*, actor: Actor) -> list[tuple[int, str, tuple[str, ...]]]:
    """Every active unit for the reader: (id, full name, other names). Two queries."""
    names: dict[int, list[str]] = {}
    for unit_id, name in UnitName.objects.values_list("unit_id", "name"):
        names.setdefault(unit_id, []).append(name)
    rows = Unit.objects.filter(active=True).order_by("order", "pk").values_list("pk", "name", "short")
    return [(pk, name, (short, *names.get(pk, ()))) for pk, name, short in rows]


def classes(*, actor: Actor) -> dict[str, list[int]]:
    """Member unit ids of every class of units, by each of its names."""
    found: dict[str, list[int]] = {}
    for group in UnitClass.objects.all():
        for name in (group.name, *group.aliases):
            found[name] = list(group.members)
    return found


def liaisons(*, actor: Actor, unit_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """The liaison (id, name) of each unit: of the unit itself, else of a division right below it."""
    wanted = set(unit_ids)
    found: dict[int, tuple[int, str]] = {}
    rows = (
        RoleGrant.objects.filter(role="liaison", until=None, person__is_active=True)
        .order_by("person__unit__path", "pk")
        .values_list("person_id", "person__name", "person__unit_id", "person__unit__parent_id")
    )
    for person_id, name, unit_id, parent_id in rows:
        if unit_id in wanted:
            found[unit_id] = (person_id, name)
        elif parent_id in wanted:
            found.setdefault(parent_id, (person_id, name))
    return found


def actor_for_token(*, actor: Actor | None = None, key: str) -> tuple[Actor, frozenset[str]] | None:
    """The actor and the scopes behind a personal key; None when it is unknown, ended, revoked or its owner left."""
    row = (
        AccessToken.objects.filter(digest=digest_of(key), revoked_at=None, person__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()))
        .select_related("person__unit")
        .first()
    )
    return (actor_of(person=row.person), frozenset(row.scopes)) if row else None


def actor_for_feed(*, actor: Actor | None = None, key: str) -> Actor | None:
    """The actor whose calendar feed has this key."""
    person = Person.objects.filter(feed_token=digest_of(key), is_active=True).first() if key else None
    return actor_of(person=person) if person else None
