"""Units, people, roles, deputies and tokens, folded from their events.

A grant or stand-in that comes with a person's own event has no event of its own yet: its version is 0.
"""

from collections.abc import Sequence

from django.core.cache import cache
from django.db.models import Q

from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds, rebuilds
from sanban.base.people import events as e
from sanban.base.people.models import AccessToken, Deputy, Person, RoleGrant, Unit, UnitClass, UnitName


@folds(e.UnitCreated)
def _unit_created(entries: Sequence[Entry]) -> None:
    Unit.objects.bulk_create(
        Unit(
            id=entry.stream_id, version=entry.ver, code=entry.event.code, name=entry.event.name,
            short=entry.event.short, kind=entry.event.unit_kind, parent_id=entry.event.parent_id,
            path=entry.event.path, order=entry.event.order,
        )
        for entry in entries
    )  # fmt: skip
    UnitName.objects.bulk_create(
        UnitName(unit_id=entry.stream_id, name=alias) for entry in entries for alias in entry.event.aliases
    )
    cache.delete("people.unit_names")


@folds(e.UnitRenamed)
def _unit_renamed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        UnitName.objects.create(unit_id=entry.stream_id, name=entry.event.former, former=True, until=entry.at)
        Unit.objects.filter(pk=entry.stream_id).update(
            name=entry.event.name, short=entry.event.short, version=entry.ver
        )
    cache.delete("people.unit_names")


@folds(e.UnitAliasAdded)
def _alias_added(entries: Sequence[Entry]) -> None:
    for entry in entries:
        UnitName.objects.create(unit_id=entry.stream_id, name=entry.event.alias)
        Unit.objects.filter(pk=entry.stream_id).update(version=entry.ver)


@folds(e.UnitMoved)
def _unit_moved(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Unit.objects.filter(pk=entry.stream_id).update(parent_id=entry.event.parent_id, version=entry.ver)
        for place in entry.event.paths:
            Unit.objects.filter(pk=place["id"]).update(path=place["path"])


@folds(e.UnitMerged)
def _unit_merged(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Unit.objects.filter(pk=entry.stream_id).update(
            active=False, merged_into_id=entry.event.into_id, ended_at=entry.at, version=entry.ver
        )
        Person.objects.filter(pk__in=entry.event.people).update(unit_id=entry.event.into_id)


@folds(e.ClassCreated)
def _class_created(entries: Sequence[Entry]) -> None:
    for entry in entries:
        UnitClass.objects.create(
            id=entry.stream_id, version=entry.ver, name=entry.event.name, aliases=entry.event.aliases,
            definite=entry.event.definite, members=entry.event.members,
        )  # fmt: skip


@folds(e.PersonCreated)
def _person_created(entries: Sequence[Entry]) -> None:
    Person.objects.bulk_create(
        Person(
            id=entry.stream_id, version=entry.ver, ref=entry.event.ref, login=entry.event.login,
            name=entry.event.name, email=entry.event.email, mobile=entry.event.mobile,
            unit_id=entry.event.unit_id, post=entry.event.post, clearance=entry.event.clearance, password="!",  # noqa: S106 - nobody can sign in by it
        )
        for entry in entries
    )  # fmt: skip
    RoleGrant.objects.bulk_create(
        RoleGrant(
            id=int(grant["id"]), version=0, person_id=entry.stream_id, role=grant["role"], since=entry.at,
            granted_by=entry.actor_ref,
        )
        for entry in entries
        for grant in entry.event.roles
    )  # fmt: skip


@folds(e.PersonUpdated)
def _person_updated(entries: Sequence[Entry]) -> None:
    for entry in entries:
        new = entry.event
        Person.objects.filter(pk=entry.stream_id).update(
            name=new.name, email=new.email, mobile=new.mobile, unit_id=new.unit_id, post=new.post,
            clearance=new.clearance, version=entry.ver,
        )  # fmt: skip


@folds(e.PersonLeft)
def _person_left(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Person.objects.filter(pk=entry.stream_id).update(
            is_active=False, left_at=entry.at, feed_token="", version=entry.ver
        )
        still = Q(until=None) | Q(until__gt=entry.at)
        RoleGrant.objects.filter(still, person_id=entry.stream_id).update(until=entry.at)
        stand_ins = Q(person_id=entry.stream_id) | Q(deputy_id=entry.stream_id)
        Deputy.objects.filter(still, stand_ins).update(until=entry.at)
        AccessToken.objects.filter(person_id=entry.stream_id, revoked_at=None).update(revoked_at=entry.at)
        Deputy.objects.create(
            id=entry.event.deputy_id, version=0, person_id=entry.stream_id, deputy_id=entry.event.successor_id,
            since=entry.at, reason="离任交接",
        )  # fmt: skip


@folds(e.RoleGranted)
def _role_granted(entries: Sequence[Entry]) -> None:
    for entry in entries:
        RoleGrant.objects.create(
            id=entry.stream_id, version=entry.ver, person_id=entry.event.person_id, role=entry.event.role,
            since=entry.event.since, until=entry.event.until, granted_by=entry.actor_ref,
        )  # fmt: skip


@folds(e.RoleEnded)
def _role_ended(entries: Sequence[Entry]) -> None:
    for entry in entries:
        RoleGrant.objects.filter(pk=entry.stream_id).update(until=entry.at, version=entry.ver)


@folds(e.DeputyAppointed)
def _deputy_appointed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Deputy.objects.create(
            id=entry.stream_id, version=entry.ver, person_id=entry.event.person_id,
            deputy_id=entry.event.deputy_id, since=entry.event.since, until=entry.event.until,
            reason=entry.event.reason,
        )  # fmt: skip


@folds(e.DeputyEnded)
def _deputy_ended(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Deputy.objects.filter(pk=entry.stream_id).update(until=entry.at, version=entry.ver)


@folds(e.TokenMade)
def _token_made(entries: Sequence[Entry]) -> None:
    for entry in entries:
        AccessToken.objects.create(
            id=entry.stream_id, version=entry.ver, person_id=entry.event.person_id, name=entry.event.name,
            digest=entry.event.digest, scopes=entry.event.scopes, made_at=entry.at,
            expires_at=entry.event.expires_at,
        )  # fmt: skip


@folds(e.TokenRevoked)
def _token_revoked(entries: Sequence[Entry]) -> None:
    for entry in entries:
        AccessToken.objects.filter(pk=entry.stream_id).update(revoked_at=entry.at, version=entry.ver)


@folds(e.FeedReset)
def _feed_reset(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Person.objects.filter(pk=entry.stream_id).update(feed_token=entry.event.feed_token, version=entry.ver)


@folds(e.FeedClosed)
def _feed_closed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Person.objects.filter(pk=entry.stream_id).update(feed_token="", version=entry.ver)


rebuilds(Unit)
rebuilds(UnitName, key=("unit_id", "name", "former", "since"))
rebuilds(UnitClass)
rebuilds(Person, apart=("password", "last_login"))
rebuilds(RoleGrant)
rebuilds(Deputy)
rebuilds(AccessToken)
