"""Who somebody is right now: the actor of a request, names for timelines, units for pages."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, F, Q

from sanban.base import clock
from sanban.base.access.actor import ROLES, Actor
from sanban.base.people import verdicts
from sanban.base.people.models import AccessToken, Deputy, Person, RoleGrant, Unit, UnitClass, UnitName
from sanban.base.people.roster import Row
from sanban.base.people.rules import SECURITY_ROLES, digest_of
from sanban.base.people.verdicts import Verdict


def actor_of(*, actor: Actor | None = None, person: Person) -> Actor:
    """The actor that a signed-in person is: roles in force, own units, roles of those he stands in for.

    3 queries in plain SQL, because every request begins with them.
    """
    now = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.person_id, p.ref, u.path, u.kind FROM people_deputy d JOIN people_person p ON p.id = d.person_id"
            " JOIN people_unit u ON u.id = p.unit_id"
            " WHERE d.deputy_id = %s AND d.since <= %s AND (d.until IS NULL OR d.until > %s) ORDER BY d.since, d.id",
            [person.pk, now, now],
        )
        absent = cursor.fetchall()
        holders = [person.pk, *(row[0] for row in absent)]
        marks = ", ".join(["%s"] * len(holders))
        cursor.execute(
            f"SELECT person_id, role FROM people_rolegrant WHERE person_id IN ({marks})"  # noqa: S608
            " AND since <= %s AND (until IS NULL OR until > %s)",
            [*holders, now, now],
        )
        held = cursor.fetchall()
    roles = {role for holder, role in held if holder == person.pk or role not in SECURITY_ROLES}
    unit, speaking = person.unit, {holder for holder, role in held if role == "liaison"}
    seats = ((person.pk, unit.path, unit.kind), *((row[0], row[2], row[3]) for row in absent))
    ids = _units_below(
        *{_spoken_for(path, kind) if holder in speaking else path for holder, path, kind in seats}
    )
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


def _spoken_for(path: str, kind: str) -> str:
    """The liaison of a division speaks for the unit whose division it is; everybody else for the own unit."""
    above = path[:-1].rpartition(".")[0]
    return f"{above}." if kind == "division" and above else path


def roles_in_force(*, actor: Actor, person_id: int) -> frozenset[str]:
    """The roles a person holds himself now."""
    now = clock.now()
    held = RoleGrant.objects.filter(Q(until=None) | Q(until__gt=now), person_id=person_id, since__lte=now)
    return frozenset(held.values_list("role", flat=True))


def _units_below(*paths: str) -> list[int]:
    """Ids of the units at these paths and of everything below them. One query; a path holds digits and stops only."""
    wanted = " OR ".join(["path LIKE %s"] * len(paths))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM people_unit WHERE {wanted}", [f"{path}%" for path in paths])  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


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
    """Every active unit for the reader: (id, full name, other names). Two queries.

    The names of a merged unit lead to the unit it went into.
    """
    rows = list(
        Unit.objects.order_by("order", "pk").values_list("pk", "name", "short", "active", "merged_into_id")
    )
    into = {pk: merged for pk, _name, _short, _active, merged in rows if merged is not None}

    def heir(unit_id: int) -> int:
        while unit_id in into:
            unit_id = into[unit_id]
        return unit_id

    names: dict[int, list[str]] = {}
    for unit_id, name in UnitName.objects.order_by("pk").values_list("unit_id", "name"):
        names.setdefault(heir(unit_id), []).append(name)
    for pk, name, short, _active, _merged in rows:
        if pk in into:
            names.setdefault(heir(pk), []).extend((name, short))
    return [(pk, name, (short, *names.get(pk, ()))) for pk, name, short, active, _merged in rows if active]


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
    in_force = Q(until=None) | Q(until__gt=clock.now())
    rows = (
        RoleGrant.objects.filter(in_force, role="liaison", person__is_active=True)
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


def has_feed(*, actor: Actor) -> bool:
    """Whether this person's calendar feed has an address now."""
    return bool(Person.objects.filter(pk=actor.person_id or 0).exclude(feed_token="").exists())


def unit_tree(*, actor: Actor) -> list[tuple[Unit, int, int]]:
    """Every active unit in the order of the tree: (unit, depth from 0, people of its own). Two queries."""
    counts = dict(
        Person.objects.filter(is_active=True).order_by().values_list("unit_id").annotate(n=Count("pk"))
    )
    units = list(Unit.objects.filter(active=True).order_by("order", "pk"))
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id, []).append(unit)
    made: list[tuple[Unit, int, int]] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        made.append((unit, depth, counts.get(unit.pk, 0)))
        waiting += [(child, depth + 1) for child in reversed(below.get(unit.pk, []))]
    return made


def unit_choices(*, actor: Actor) -> list[tuple[int, str]]:
    """(id, name with its depth) for a form's choice of a unit."""
    return [(unit.pk, "　" * depth + unit.name) for unit, depth, _count in unit_tree(actor=actor)]


def unit_of(*, actor: Actor, unit_id: int) -> Unit | None:
    """One unit with its parent and the unit it was merged into."""
    return Unit.objects.select_related("parent", "merged_into").filter(pk=unit_id).first()


def other_names(*, actor: Actor, unit_id: int) -> list[UnitName]:
    """Aliases and former names of a unit."""
    return list(UnitName.objects.filter(unit_id=unit_id).order_by("former", "pk"))


def unit_candidates(*, actor: Actor, text: str, limit: int = 8) -> list[tuple[int, str, str]]:
    """Units that a piece of text may mean: (id, full name, the name that matched), exact names first.

    Names, short names, aliases and former names are looked at, and the names of classes, whose members all count.
    A merged unit leads to the unit it went into.
    """
    words = text.strip()
    if not words:
        return []
    full = {unit.pk: unit for unit in Unit.objects.all()}
    hits: list[tuple[int, str]] = [
        (unit.pk, name) for unit in full.values() for name in {unit.name, unit.short} if words in name
    ]
    hits += UnitName.objects.filter(name__contains=words).values_list("unit_id", "name")
    hits += [
        (member, name)
        for name, members in classes(actor=actor).items()
        if words in name
        for member in members
    ]
    found: dict[int, tuple[int, str, str]] = {}
    for unit_id, name in sorted(hits, key=lambda hit: (hit[1] != words, len(hit[1]), hit[0])):
        unit = full[unit_id]
        while unit.merged_into_id is not None:
            unit = full[unit.merged_into_id]
        found.setdefault(unit.pk, (unit.pk, unit.name, name))
    return list(found.values())[:limit]


def people_page(
    *, actor: Actor, text: str = "", unit_id: int | None = None, page: int = 1, size: int = 50
) -> Page[Any]:
    """One page of active people by unit and name, whose name, login, post or unit holds the text."""
    rows = Person.objects.filter(is_active=True).order_by("unit__path", "name", "pk")
    if words := text.strip():
        rows = rows.filter(
            Q(name__contains=words)
            | Q(login__icontains=words)
            | Q(post__contains=words)
            | Q(unit__name__contains=words)
        )
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    return Paginator(rows, size).get_page(page)


def person_of(*, actor: Actor, person_id: int) -> Person | None:
    """One person with the unit; people who left are shown too."""
    found: Person | None = Person.objects.filter(pk=person_id).first()
    return found


def person_by_login(*, actor: Actor, login: str) -> Person | None:
    """The active person who signs in by this name."""
    found: Person | None = Person.objects.filter(login__iexact=login.strip(), is_active=True).first()
    return found


def person_of_claims(*, actor: Actor, login: str, email: str) -> Person | None:
    """The active person whom a sign-on means: by login name, else by an e-mail address that only one person has."""
    if login and (found := person_by_login(actor=actor, login=login)):
        return found
    same = list(Person.objects.filter(email__iexact=email, is_active=True)[:2]) if email else []
    return same[0] if len(same) == 1 else None


def who_uses_password(*, actor: Actor, word: str) -> list[str]:
    """Logins among the three administrators, and among those whose stored password is another's too, that open
    with this word. Slow by design of the hash, so not everybody is tried."""
    active = Person.objects.filter(is_active=True)
    alike = active.order_by().values("password").annotate(n=Count("pk")).filter(n__gt=1).values("password")
    keepers = RoleGrant.objects.filter(role__in=SECURITY_ROLES, until=None).values("person_id")
    rows = active.filter(Q(password__in=alike) | Q(pk__in=keepers)).order_by("pk")
    opens: dict[str, bool] = {}
    found = []
    for login, stored in rows.values_list("login", "password"):
        if stored not in opens:
            opens[stored] = check_password(word, stored)
        if opens[stored]:
            found.append(login)
    return found


def grants_of(*, actor: Actor, person_id: int) -> list[RoleGrant]:
    """All role grants of a person, those in force first."""
    return list(
        RoleGrant.objects.filter(person_id=person_id).order_by(F("until").desc(nulls_first=True), "-pk")
    )


def deputies_of(*, actor: Actor, person_id: int) -> list[Deputy]:
    """Who stands in for a person, and for whom he stands in."""
    return list(
        Deputy.objects.filter(Q(person_id=person_id) | Q(deputy_id=person_id))
        .select_related("person__unit", "deputy__unit")
        .order_by("-since", "-pk")
    )


def tokens_of(*, actor: Actor, person_id: int) -> list[AccessToken]:
    """The personal keys of a person: one's own, or anybody's for the security administrator."""
    if actor.person_id != person_id and not actor.has("security"):
        return []
    return list(AccessToken.objects.filter(person_id=person_id).order_by("-pk"))


def person_streams(*, actor: Actor, person_id: int) -> list[tuple[str, int]]:
    """The ledger streams that make a person's history: his own, his grants, deputies and keys."""
    streams = [("person", person_id)]
    for kind, rows in (
        ("role_grant", RoleGrant.objects.filter(person_id=person_id)),
        ("deputy", Deputy.objects.filter(person_id=person_id)),
        ("token", AccessToken.objects.filter(person_id=person_id)),
    ):
        streams += [(kind, pk) for pk in rows.values_list("pk", flat=True)]
    return streams


def demo_accounts(*, actor: Actor) -> list[tuple[str, str, str, str]]:
    """(login, name, unit, role) of one person for each role: the cast of the demo world."""
    shown: dict[str, tuple[str, str, str, str]] = {}
    rows = (
        RoleGrant.objects.filter(until=None, person__is_active=True)
        .select_related("person__unit")
        .order_by("pk")
    )
    for grant in rows:
        person = grant.person
        shown.setdefault(grant.role, (person.login, person.name, person.unit.short, str(ROLES[grant.role])))
    return [shown[role] for role in ROLES if role in shown]


def judge(*, actor: Actor, rows: Iterable[Row]) -> list[Verdict]:
    """The dry run of a list: each row with its draft, or with the sentence that says what to mend. Two queries."""
    units = list(Unit.objects.filter(active=True).values_list("pk", "name", "code"))
    return verdicts.judge(rows, units=units, taken=taken_logins(actor=actor))


def active_units(*, actor: Actor) -> dict[int, str]:
    """Short names of all active units by id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, short FROM people_unit WHERE active")
        return dict(cursor.fetchall())


def person_in_units(*, actor: Actor, person_id: int, path_of: int) -> str | None:
    """The name of an active person who belongs to the unit or below it, or nothing."""
    path = Unit.objects.filter(pk=path_of).values_list("path", flat=True).first()
    if path is None:
        return None
    rows = Person.objects.filter(pk=person_id, is_active=True, unit__path__startswith=path)
    name: str | None = rows.values_list("name", flat=True).first()
    return name


def units_of_people(*, actor: Actor, person_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """The unit of each active person with all units above it; who has left is missing."""
    rows = Person.objects.filter(pk__in=set(person_ids), is_active=True).values_list("pk", "unit__path")
    return {pk: frozenset(map(int, path.rstrip(".").split("."))) for pk, path in rows}
