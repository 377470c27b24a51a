"""What ought to go out now: red mails and texts at once, one digest a person a working day, webhook deliveries.

Everything is read from the messages in the site; what is in the outbox already is never put there again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.calendar.queries import current_calendar
from sanban.base.notify import outbox
from sanban.base.notify.kinds import Kind
from sanban.base.notify.models import Message, Outgoing, Preference, WebhookEndpoint
from sanban.base.notify.outbox import HOOK, MAIL, SMS, Parcel
from sanban.base.notify.rules import is_quiet, minute_of
from sanban.base.notify.sms import gateway

MAIL_LOOK_BACK: Final = timedelta(days=1)
SMS_LOOK_BACK: Final = timedelta(hours=2)
DIGEST_LOOK_BACK: Final = timedelta(days=7)
HOOK_LOOK_BACK: Final = timedelta(days=2)
"""So far back a channel looks that was not there or stood still. What is older is read in the site."""
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=clock.SHANGHAI)


def has_mail() -> bool:
    """Whether a mail server is configured; without one no mail is queued."""
    return bool(settings.SANBAN_MAIL_URL)


def collect(now: datetime) -> int:
    """Queue what is due on every channel, and say how much that is."""
    wishes = {kept.pk: kept for kept in Preference.objects.all()}
    parcels: list[Parcel] = []
    if has_mail():
        parcels += _red(MAIL, now - MAIL_LOOK_BACK, wishes)
        parcels += _digests(now, wishes)
    if gateway().ready:
        parcels += _red(SMS, now - SMS_LOOK_BACK, wishes)
    parcels += _calls(now)
    return outbox.queue(parcels, now=now)


def wish_of(wishes: dict[int, Preference], person_id: int) -> Preference:
    """A person's wishes, or what holds for who never said any."""
    return wishes.get(person_id) or Preference(id=person_id, mail_kinds=Kind.values)


def _reachable(channel: str) -> Q:
    there = Q(person__is_active=True)
    return there & (~Q(person__email="") if channel == MAIL else ~Q(person__mobile=""))


def _red(channel: str, since: datetime, wishes: dict[int, Preference]) -> list[Parcel]:
    """Urgent messages, one parcel each."""
    found = Message.objects.filter(_reachable(channel), urgent=True, read=False, at__gte=since).order_by("id")
    rows = [
        (key, person)
        for key, person, kind in found.values_list("id", "person_id", "kind")
        if _wanted(channel, wish_of(wishes, person), kind)
    ]
    known = outbox.known(channel=channel, refs=[key.hex for key, _person in rows])
    return [
        Parcel(channel=channel, target=person, ref=key.hex, urgent=True, messages=(key.hex,))
        for key, person in rows
        if (person, key.hex) not in known
    ]


def _wanted(channel: str, wish: Preference, kind: str) -> bool:
    return wish.sms if channel == SMS else kind in wish.mail_kinds


def _digests(now: datetime, wishes: dict[int, Preference]) -> list[Parcel]:
    """One parcel for each person who has unread messages and whose hour has come, on working days only."""
    today = clock.local(now).date()
    if not current_calendar(actor=SYSTEM).spec.hours(today):
        return []
    ref = f"digest {today.isoformat()}"
    done = Outgoing.objects.filter(channel=MAIL, ref=ref, target=OuterRef("person_id"))
    found = Message.objects.filter(
        _reachable(MAIL), ~Exists(done), urgent=False, read=False, at__gte=now - DIGEST_LOOK_BACK
    ).order_by("id")
    rows: dict[int, list[Any]] = {}
    for key, person, kind, at in found.values_list("id", "person_id", "kind", "at"):
        wish = wish_of(wishes, person)
        if kind in wish.mail_kinds and _hour_has_come(wish, now):
            rows.setdefault(person, []).append((key, at))
    told = _told_until(rows)
    parcels = []
    for person, messages in rows.items():
        fresh = [(key, at) for key, at in messages if at > told.get(person, EARLIEST)]
        if fresh:
            keys, until = tuple(key.hex for key, _at in fresh), max(at for _key, at in fresh)
            parcels.append(Parcel(channel=MAIL, target=person, ref=ref, messages=keys, covers_until=until))
    return parcels


def _hour_has_come(wish: Preference, now: datetime) -> bool:
    quiet = is_quiet(now, quiet_from=wish.quiet_from, quiet_until=wish.quiet_until)
    return minute_of(now) >= wish.digest_minute and not quiet


def _told_until(people: Iterable[int]) -> dict[int, datetime]:
    """Until when each person's last digest reached."""
    ids = list(people)
    rows = Outgoing.objects.filter(channel=MAIL, target__in=ids, covers_until__isnull=False)
    return dict(rows.values_list("target").annotate(until=Max("covers_until")).order_by())


def _calls(now: datetime) -> list[Parcel]:
    """The messages of every endpoint's owner, of the kinds it takes, and tests that were asked for."""
    parcels: list[Parcel] = []
    for endpoint in WebhookEndpoint.objects.filter(active=True, owner__is_active=True).order_by("id"):
        parcels += _of_endpoint(endpoint, max(endpoint.made_at, now - HOOK_LOOK_BACK))
    known = outbox.known(channel=HOOK, refs=[one.ref for one in parcels])
    return [one for one in parcels if (one.target, one.ref) not in known]


def _of_endpoint(endpoint: WebhookEndpoint, since: datetime) -> Sequence[Parcel]:
    found = Message.objects.filter(person_id=endpoint.owner_id, kind__in=endpoint.kinds, at__gte=since)
    rows = found.order_by("id").values_list("id", "urgent")
    parcels = [
        Parcel(channel=HOOK, target=endpoint.pk, ref=key.hex, urgent=urgent, messages=(key.hex,))
        for key, urgent in rows
    ]
    if endpoint.tested_at is not None and endpoint.tested_at >= since:
        ref = f"test {endpoint.tested_at.isoformat()}"
        parcels.append(Parcel(channel=HOOK, target=endpoint.pk, ref=ref, urgent=True))
    return parcels
