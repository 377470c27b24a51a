"""What a check-up needs to know of all accounts: numbers, and the login names that somebody has to see to."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import Count, Q
from django.db.models.functions import Lower

from sanban.base import clock
from sanban.base.access.actor import INTERNAL, Actor
from sanban.base.people.models import AccessToken, Person, RoleGrant
from sanban.base.people.rules import SECURITY_ROLES, cleared

STALE_AFTER: Final = timedelta(days=90)
SESSIONS_KEPT: Final = timedelta(days=1)
USUAL_NAMES: Final = frozenset(
    {"admin", "administrator", "root", "sa", "system", "test", "guest", "user", "demo", "sanban", "postgres"}
)
"""Login names that an attacker tries first."""
GOOD_HASH: Final = "argon2$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """`keepers` are the three administrators: login names by role. `second` of them have a second factor, `keyed`
    one that rests on cryptography (a passkey); the other lists are login names that something is wrong with."""

    active: int
    doubled: list[str]
    weakly_hashed: list[str]
    usual: list[str]
    stale: list[str]
    never_came: int
    shared: list[str]
    roleless: list[str]
    left_open: list[str]
    keepers: dict[str, list[str]]
    two_hats: list[str]
    reading_secrets: list[str]
    second: int
    keyed: int
    old_sessions: int


def accounts(*, actor: Actor) -> Accounts:
    """All accounts at once. Six queries, however many there are."""
    now = clock.now()
    in_force = Q(until=None) | Q(until__gt=now)
    held: dict[int, set[str]] = {}
    for person_id, role in RoleGrant.objects.filter(in_force, since__lte=now).values_list(
        "person_id", "role"
    ):
        held.setdefault(person_id, set()).add(role)
    keys: dict[int, set[str]] = {}
    for person_id, kind in Authenticator.objects.exclude(type="recovery_codes").values_list(
        "user_id", "type"
    ):
        keys.setdefault(person_id, set()).add(kind)
    rows: list[Any] = list(
        Person.objects.select_related(None).order_by("login").values(
            "pk", "login", "password", "email", "clearance", "is_active", "last_login"
        )
    )  # fmt: skip
    active = [row for row in rows if row["is_active"]]
    tokens = set(
        AccessToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None).values_list(
            "person_id", flat=True
        )
    )
    doubled = Person.objects.select_related(None).order_by().annotate(low=Lower("login")).values("low")
    keepers = [row for row in active if held.get(row["pk"], set()) & SECURITY_ROLES]
    mails = Counter(row["email"].lower() for row in active if row["email"])
    return Accounts(
        active=len(active),
        doubled=list(doubled.annotate(n=Count("pk")).filter(n__gt=1).values_list("low", flat=True)),
        weakly_hashed=_logins(row for row in active if _weak(row["password"])),
        usual=_logins(row for row in active if row["login"].lower() in USUAL_NAMES),
        stale=_logins(row for row in active if row["last_login"] and row["last_login"] < now - STALE_AFTER),
        never_came=sum(row["last_login"] is None for row in active),
        shared=_logins(row for row in active if mails[row["email"].lower()] > 1),
        roleless=_logins(row for row in active if row["pk"] not in held),
        left_open=_logins(r for r in rows if not r["is_active"] and (r["pk"] in held or r["pk"] in tokens)),
        keepers={
            role: _logins(r for r in keepers if role in held[r["pk"]]) for role in sorted(SECURITY_ROLES)
        },
        two_hats=_logins(row for row in keepers if len(held[row["pk"]] & SECURITY_ROLES) > 1),
        reading_secrets=_logins(r for r in keepers if cleared(r["clearance"], held[r["pk"]]) > INTERNAL),
        second=sum(row["pk"] in keys for row in keepers),
        keyed=sum("webauthn" in keys.get(row["pk"], ()) for row in keepers),
        old_sessions=Session.objects.filter(expire_date__lt=now - SESSIONS_KEPT).count(),
    )


def _logins(rows: Any) -> list[str]:
    return [row["login"] for row in rows]


def _weak(stored: str) -> bool:
    """Whether a password is kept by an older method; an account without a password (signed on elsewhere) has none."""
    return not stored.startswith((GOOD_HASH, "!"))
