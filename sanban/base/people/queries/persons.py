"""Persons: names for timelines, pages, roles, deputies, keys."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q

from sanban.base import clock
from sanban.base.access.actor import ROLES, Actor
from sanban.base.ledger.prepared import PreparedMany
from sanban.base.people import verdicts
from sanban.base.people.models import AccessToken, Deputy, Person, RoleGrant, Unit
from sanban.base.people.roster import Row
from sanban.base.people.rules import SECURITY_ROLES
from sanban.base.people.verdicts import Verdict

_NAMES = PreparedMany(
    lambda refs, slot: Person.objects.filter(ref__in=refs).values_list("ref", "name", "unit__short")
)


def names_of(*, actor: Actor, refs: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(name, unit) of each actor reference, for timelines."""
    found = {"system": ("系统", "")}
    found.update({ref: (name, unit) for ref, name, unit in _NAMES(sorted({*refs} - {"system"}))})
    return found


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
