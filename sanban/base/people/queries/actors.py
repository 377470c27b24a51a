"""Who somebody is right now: the actor of a request, of a key, of a feed."""

from typing import Final

from django.db import connection
from django.db.models import Q

from sanban.base import clock
from sanban.base.access.actor import LISTS, Actor, Place
from sanban.base.access.grants import MEMBER, PURPOSE
from sanban.base.ledger.prepared import Prepared
from sanban.base.people.models import AccessToken, Person, RoleGrant
from sanban.base.people.rules import SECURITY_ROLES, cleared, digest_of

_LIST_OF: Final = {MEMBER: "members", PURPOSE: "purposes"}


def actor_of(*, actor: Actor | None = None, person: Person) -> Actor:
    """Who a signed-in person is: roles in force, own units, roles of those he stands in for. 3 plain queries."""
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
            f"SELECT person_id, role, NULL, NULL, NULL FROM people_rolegrant WHERE person_id IN ({marks})"  # noqa: S608
            " AND since <= %s AND (until IS NULL OR until > %s)"
            " UNION ALL SELECT person_id, stream, object_id, denied, ground FROM access_accessgrant"
            " WHERE person_id = %s AND starts_at <= %s AND (ends_at IS NULL OR ends_at > %s)",
            [*holders, now, now, person.pk, now, now],
        )
        found = cursor.fetchall()
    held = [(holder, role) for holder, role, place, _no, _ground in found if place is None]
    lists: dict[str, set[Place]] = {name: set() for name in LISTS}
    for _holder, stream, place, no, ground in found:
        if place is not None:
            lists["denials" if no else _LIST_OF.get(ground, "grants")].add((stream, place))
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
        clearance=cleared(person.clearance, roles),
        on_behalf_of=absent[0][1] if absent else "",
        stands_for=frozenset(row[0] for row in absent),
        grants=frozenset(lists["grants"]),
        denials=frozenset(lists["denials"]),
        members=frozenset(lists["members"]),
        purposes=frozenset(lists["purposes"]),
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


def actors_by_login(*, actor: Actor) -> dict[str, Actor]:
    """The actor of every active person, by login."""
    people = Person.objects.filter(is_active=True).select_related("unit")
    return {person.login: actor_of(person=person) for person in people}


_TOKEN = Prepared(
    lambda slot: AccessToken.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=slot("now")),
        digest=slot("digest"), revoked_at=None, person__is_active=True,
    ).select_related("person__unit")
)  # fmt: skip


def actor_for_token(*, actor: Actor | None = None, key: str) -> tuple[Actor, frozenset[str]] | None:
    """The actor and the scopes behind a personal key; None when it is unknown, ended, revoked or its owner left."""
    row = _TOKEN.first(digest=digest_of(key), now=clock.now())
    return (actor_of(person=row.person), frozenset(row.scopes)) if row else None


def actor_for_feed(*, actor: Actor | None = None, key: str) -> Actor | None:
    """The actor whose calendar feed has this key."""
    person = Person.objects.filter(feed_token=digest_of(key), is_active=True).first() if key else None
    return actor_of(person=person) if person else None


def has_feed(*, actor: Actor) -> bool:
    """Whether this person's calendar feed has an address now."""
    return bool(Person.objects.filter(pk=actor.person_id or 0).exclude(feed_token="").exists())
