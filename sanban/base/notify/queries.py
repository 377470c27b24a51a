"""Reading messages and wishes, and finding the people a letter means."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from sanban.base.access.actor import INTERNAL, Actor
from sanban.base.access.cursors import cursor_of, page_by_id, parts_of
from sanban.base.access.problems import invalid
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.prepared import Prepared, PreparedMany
from sanban.base.ledger.registry import story
from sanban.base.notify.kinds import Kind
from sanban.base.notify.letters import Addressee, Letter, Sent
from sanban.base.notify.models import Message, Outgoing, Preference, WebhookEndpoint
from sanban.base.notify.rules import line_text, require_keeper, sentence
from sanban.base.people.models import Deputy, Person, RoleGrant
from sanban.base.people.queries import names_of

PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as its reader sees it."""

    id: uuid.UUID
    kind: str
    urgent: bool
    unread: bool
    head: str
    text: str
    by: str
    at: datetime
    link: str
    level: int


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One page of messages and the cursor of the next."""

    rows: list[Shown]
    after: str


_UNREAD = Prepared(
    lambda slot: (
        Message.objects.filter(person_id=slot("person"), read=False)
        .order_by()
        .values("person_id")
        .annotate(n=Count("*"))
        .values_list("n")
    )
)


def unread_count(*, actor: Actor) -> int:
    """How many messages wait for the actor: one look into one index."""
    if actor.person_id is None:
        return 0
    return next((n for (n,) in _UNREAD(person=actor.person_id)), 0)


def inbox_page(*, actor: Actor, unread_only: bool = False, after: str = "", limit: int = PAGE) -> MessagePage:
    """One page of the actor's own messages, unread ones first, the newest first. Two queries."""
    rows = Message.objects.filter(person_id=actor.person_id or 0)
    if unread_only:
        rows = rows.filter(read=False)
    if after:
        rows = rows.filter(_beyond(after))
    found = list(rows.order_by("read", "-id")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    names = names_of(actor=actor, refs={row.by_ref for row in found})
    shown = [show(actor=actor, row=row, by=names.get(row.by_ref, ("", ""))[0]) for row in found]
    return MessagePage(shown, cursor_of(int(found[-1].read), found[-1].id.hex) if more else "")


def _beyond(cursor: str) -> Q:
    """The rows after a cursor in the order: unread first, then the newest."""
    read, last = parts_of(cursor, 2)
    try:
        key = uuid.UUID(hex=last)
    except ValueError:
        raise invalid("after", _("翻页游标无效。请从第一页重新开始。")) from None
    return Q(read=True, id__lt=key) if read == "1" else Q(read=True) | Q(read=False, id__lt=key)


def show(*, actor: Actor, row: Message, by: str = "") -> Shown:
    """A message in the reader's words; what is above his clearance today is left out, whatever was once kept."""
    may_know = row.level <= actor.clearance
    texts = [line_text(number, title, may_know=may_know) for number, title in row.lines]
    named = [text for text in texts if text]
    if row.count > 1:
        head = sentence(row.many, {"count": row.count})
        text = _("、").join(named[:3]) + (_("等") if row.count > 3 else "")
    else:
        text = sentence(row.words, row.values) if may_know else ""
        head = named[0] if named else str(Kind(row.kind).label)
    return Shown(
        row.id,
        str(Kind(row.kind).label),
        row.urgent,
        not row.read,
        head,
        text,
        by,
        row.at,
        row.link,
        row.level if may_know else INTERNAL,
    )


def message(*, actor: Actor, message_id: uuid.UUID) -> Message:
    """One of the actor's own messages; another's is treated as if it were not there."""
    found = Message.objects.filter(pk=message_id, person_id=actor.person_id or 0).first()
    if found is None:
        raise Refused(_("没有这条消息。"))
    return found


def unread_until(*, actor: Actor, until: datetime) -> int:
    """How many of the actor's messages that came until an instant are unread."""
    return Message.objects.filter(person_id=actor.person_id or 0, read=False, at__lte=until).count()


def preference(*, actor: Actor, person_id: int) -> Preference:
    """A person's wishes; who never said any gets everything by mail, and nothing by phone."""
    found = Preference.objects.filter(pk=person_id).first()
    return found or Preference(id=person_id, mail_kinds=[kind.value for kind in Kind])


def reach(*, actor: Actor) -> tuple[str, str]:
    """The actor's own mail address and mobile number, as the directory has them."""
    row = Person.objects.filter(pk=actor.person_id).values_list("email", "mobile").first()
    return row or ("", "")


def reach_of(*, actor: Actor, person_id: int) -> tuple[str, str]:
    """Mail address and mobile number of an active person; empty for who has left."""
    row = Person.objects.filter(pk=person_id, is_active=True).values_list("email", "mobile").first()
    return row or ("", "")


def is_there(*, actor: Actor, person_id: int) -> bool:
    """Whether this is a person who has not left."""
    return bool(Person.objects.filter(pk=person_id, is_active=True).exists())


def webhooks_page(*, actor: Actor, after: str = "", limit: int = PAGE) -> tuple[list[WebhookEndpoint], str]:
    """One page of the addresses messages are passed on to, newest first, and the cursor of the next."""
    require_keeper(actor)
    return page_by_id(WebhookEndpoint.objects.select_related("owner__unit"), after=after, limit=limit)


def endpoint(*, actor: Actor, endpoint_id: int) -> WebhookEndpoint:
    """One of these addresses with its owner."""
    require_keeper(actor)
    found = WebhookEndpoint.objects.select_related("owner__unit").filter(pk=endpoint_id).first()
    if found is None:
        raise Refused(_("没有这个推送地址。"))
    return found


def endpoint_to_call(*, actor: Actor, endpoint_id: int) -> WebhookEndpoint | None:
    """An address that is still in use, for the sender."""
    return WebhookEndpoint.objects.filter(pk=endpoint_id, active=True, owner__is_active=True).first()


def deliveries(*, actor: Actor, endpoint_id: int, limit: int = PAGE) -> list[Outgoing]:
    """The latest deliveries to an address."""
    require_keeper(actor)
    rows = Outgoing.objects.filter(channel="hook", target=endpoint_id)
    return list(rows.order_by("-id")[:limit])


def outbox_counts(*, actor: Actor) -> dict[tuple[str, str], int]:
    """How many rows of the outbox stand in each state, by channel."""
    require_keeper(actor)
    rows = Outgoing.objects.values_list("channel", "state").annotate(n=Count("pk")).order_by()
    return {(channel, state): n for channel, state, n in rows}


def acts_in_story(
    *, actor: Actor, stream: str, object_id: int, before: uuid.UUID
) -> list[dict[str, datetime | str]]:
    """The acts of an object and of what belongs to its story, as messages name them: one message tells of all objects
    of an act. One query, and what the rooms of the story ask."""
    found = Q(pk__in=[])
    for kind, key in story(actor, stream, object_id):
        found |= Q(stream_type=kind, stream_id=key)
    rows = LedgerEvent.objects.filter(found, id__lt=before).values_list("at", "kind", "actor_ref").distinct()
    return [{"at": at, "event": kind, "by_ref": ref} for at, kind, ref in rows]


def addressees(*, actor: Actor, sent: Sequence[Sent]) -> list[list[Addressee]]:
    """The people each letter means, as things stood when its event was written. At most six queries for all.

    Liaisons of a unit, else of a division right below it; holders of roles; named people; who stands in for any of
    them. Never the one who acted, never who has left.
    """
    if not sent:
        return []
    grants = _grants([letter for _entry, letter in sent])
    named = {pk for _entry, letter in sent for pk in letter.people} | {row[0] for row in grants}
    refs = {ref for _entry, letter in sent for ref in letter.refs if ref}
    people: dict[int, Any] = {row[0]: row for row in (*_BY_KEY(sorted(named)), *_BY_REF(sorted(refs)))}
    by_ref = {row[1]: row[0] for row in people.values()}
    deputies: list[Any] = _DEPUTIES(sorted(people))
    people |= {row[3]: row[3:] for row in deputies}
    found = []
    for entry, letter in sent:
        held = [row for row in grants if row[2] <= entry.at and _still(row[3], entry.at)]
        absent = [row for row in deputies if row[1] <= entry.at and _still(row[2], entry.at)]
        asked = _there({by_ref[ref] for ref in letter.refs if ref in by_ref}, absent, people)
        if letter.reserve is not None and not asked:
            asked = {row[0] for row in held if row[1] == "dispatcher" and row[4] == letter.reserve}
        keys = asked | _there(_meant(letter, held), absent, people)
        ready = [Addressee(*people[key][:3]) for key in sorted(keys)]
        found.append([who for who in ready if who.ref != entry.actor_ref])
    return found


_GRANT: Final = (
    "pk", "person__unit__path", "person_id", "role", "since", "until", "person__unit_id", "person__unit__parent_id",
)  # fmt: skip
_LIAISONS: Final = PreparedMany(
    lambda units, slot: RoleGrant.objects.filter(
        Q(person__unit__id__in=units) | Q(person__unit__parent__id__in=units), role="liaison"
    ).values_list(*_GRANT)
)
_HOLDERS: Final = PreparedMany(
    lambda roles, slot: RoleGrant.objects.filter(role__in=roles).values_list(*_GRANT)
)
_DISPATCHERS: Final = PreparedMany(
    lambda units, slot: RoleGrant.objects.filter(role="dispatcher", person__unit__id__in=units).values_list(
        *_GRANT
    )
)
_PERSON: Final = ("pk", "ref", "clearance", "is_active")
_BY_KEY: Final = PreparedMany(lambda keys, slot: Person.objects.filter(pk__in=keys).values_list(*_PERSON))
_BY_REF: Final = PreparedMany(lambda refs, slot: Person.objects.filter(ref__in=refs).values_list(*_PERSON))
_DEPUTIES: Final = PreparedMany(
    lambda keys, slot: Deputy.objects.filter(person__id__in=keys).values_list(
        "person_id", "since", "until", "deputy_id", *(f"deputy__{name}" for name in _PERSON[1:])
    )
)
Grant = tuple[int, str, datetime, datetime | None, int, int | None]


def _grants(letters: Iterable[Letter]) -> list[Grant]:
    """Grants that any of the letters may mean, ended ones too, those of the unit itself in the unit's order."""
    units: set[int] = set()
    roles: set[str] = set()
    reserves: set[int] = set()
    for letter in letters:
        units.update(letter.units)
        roles.update(letter.roles)
        if letter.reserve is not None:
            reserves.add(letter.reserve)
    rows = (*_LIAISONS(sorted(units)), *_HOLDERS(sorted(roles)), *_DISPATCHERS(sorted(reserves)))
    found = {pk: (path, pk, grant) for pk, path, *grant in rows}
    return [tuple(grant) for _path, _pk, grant in sorted(found.values(), key=lambda row: row[:2])]


def _still(until: datetime | None, at: datetime) -> bool:
    return until is None or until > at


def _there(keys: set[int], absent: list[Any], people: dict[int, Any]) -> set[int]:
    """Those of the people who have not left, and who stands in for any of them."""
    return {
        key for key in keys | {row[3] for row in absent if row[0] in keys} if key in people and people[key][3]
    }


def _meant(letter: Letter, held: list[Grant]) -> set[int]:
    keys = set(letter.people) | {row[0] for row in held if row[1] in letter.roles}
    for unit in letter.units:
        own = {row[0] for row in held if row[1] == "liaison" and row[4] == unit}
        below = [(row[4], row[0]) for row in held if row[1] == "liaison" and row[5] == unit]
        keys |= own or {person for division, person in below if division == below[0][0]}
    return keys
