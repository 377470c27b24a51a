"""Messages, read marks and wishes, folded from events of this room and, by `informs`, of the rooms above.

Message is rebuilt from the ledger like every table: letters are written from the event and from the rows of its
room and of the directory as they stand at that point of the ledger, so that a rebuild of all rooms gives the same
messages. All folds of letters belong to this module, whatever room wrote the letter: who loads data silently
leaves this room out by one name.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop as _

from sanban.base.access.actor import PUBLIC, SYSTEM
from sanban.base.access.events import LabelSet
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.prepared import PreparedMany
from sanban.base.ledger.registry import Event, encode, folds, rebuilds
from sanban.base.ledger.rows import insert_rows
from sanban.base.notify import events as e
from sanban.base.notify.kinds import Kind
from sanban.base.notify.letters import Addressee, Letter, Sent, message_id
from sanban.base.notify.models import Message, Preference, WebhookEndpoint
from sanban.base.notify.queries import acts_in_story, addressees
from sanban.base.notify.rules import LINES

Compose = Callable[[Sequence[Entry]], Iterable[Sent]]
CHUNK = 500
PASSED_ON = (
    _("您的消息将推送到“{name}”（{host}）。如不知情，请联系系统管理员。"),
    _("登记 {count} 个推送地址"),
)
_COLUMNS = tuple(field.attname for field in Message._meta.concrete_fields)


def informs(*types: type[Event]) -> Callable[[Compose], Compose]:
    """Register what a room says about its events: `compose(entries)` gives letters, which become messages here."""

    def register(compose: Compose) -> Compose:
        def fold(entries: Sequence[Entry]) -> None:
            deliver(list(compose(entries)))

        folds(*types)(fold)
        return compose

    return register


def deliver(sent: Sequence[Sent]) -> None:
    """One message to each person about each act: a bulk act of 35 objects is one message that counts 35.

    Acts reach this function whole, or in pieces at a rebuild; a later piece joins the message of the first.
    """
    new: dict[uuid.UUID, Message] = {}
    told: set[tuple[uuid.UUID, int]] = set()
    pairs: list[tuple[uuid.UUID, Entry, Letter, Addressee]] = []
    for (entry, letter), people in zip(sent, addressees(actor=SYSTEM, sent=sent), strict=True):
        for who in people:
            if (entry.id, who.person_id) not in told:
                told.add((entry.id, who.person_id))
                pairs.append((message_id(entry, letter, who.person_id), entry, letter, who))
    old = _known({key for key, *_rest in pairs})
    for key, entry, letter, who in pairs:
        row = old.get(key) or new.get(key)
        if row is None:
            new[key] = _begun(key, entry, letter, who)
        else:
            _joined(row, letter, who)
    insert_rows(Message, _COLUMNS, [[_value(row, name) for name in _COLUMNS] for row in new.values()])
    for row in old.values():
        row.save()


def _value(row: Message, name: str) -> Any:
    return getattr(row, name)


_MESSAGES = PreparedMany(lambda keys, slot: Message.objects.filter(pk__in=keys))


def _known(keys: set[uuid.UUID]) -> dict[uuid.UUID, Message]:
    ids = sorted(keys)
    found: dict[uuid.UUID, Message] = {}
    for start in range(0, len(ids), CHUNK):
        found |= {row.id: row for row in _MESSAGES(ids[start : start + CHUNK])}
    return found


def _begun(key: uuid.UUID, entry: Entry, letter: Letter, who: Addressee) -> Message:
    cleared = letter.level <= who.clearance
    return Message(
        id=key, person_id=who.person_id, at=entry.at, kind=letter.kind.value, urgent=letter.urgent,
        event=entry.event.kind, source=entry.id, by_ref=entry.actor_ref, words=letter.words, many=letter.many,
        values=encode(dict(letter.values)) if cleared else {}, lines=[_line(letter, who)], level=letter.level,
        link=letter.link,
    )  # fmt: skip


def _joined(row: Message, letter: Letter, who: Addressee) -> None:
    """One more object of the same act."""
    row.count += 1
    row.values = {}
    row.level = max(row.level, letter.level)
    row.urgent = row.urgent or letter.urgent
    row.link = letter.link_many
    if len(row.lines) < LINES:
        row.lines = [*row.lines, _line(letter, who)]


def _line(letter: Letter, who: Addressee) -> list[str]:
    return [letter.number, letter.title if letter.level <= who.clearance else ""]


@folds(LabelSet)
def _raised(entries: Sequence[Entry]) -> None:
    """What was told of an object before it became more secret is from now on as secret as the object."""
    for entry in entries:
        said = entry.event
        if said.level <= said.level_from:
            continue
        told = Q(pk__in=[])
        for place in acts_in_story(
            actor=SYSTEM, stream=said.of_stream, object_id=said.object_id, before=entry.id
        ):
            told |= Q(**place)
        Message.objects.filter(told, level__lt=said.level).update(level=said.level)


@folds(e.MessagesRead)
def _read(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: e.MessagesRead = entry.event
        rows = Message.objects.filter(person_id=made.person_id, read=False)
        if made.until is not None:
            rows.filter(at__lte=made.until).update(read=True, read_at=entry.at)
        else:
            rows.filter(pk__in=[uuid.UUID(hex=one) for one in made.ids]).update(read=True, read_at=entry.at)


@folds(e.PreferencesSet)
def _preferences_set(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: e.PreferencesSet = entry.event
        Preference.objects.update_or_create(
            id=entry.stream_id,
            defaults={
                "version": entry.ver, "mail_kinds": made.mail_kinds, "digest_minute": made.digest_minute,
                "quiet_from": made.quiet_from, "quiet_until": made.quiet_until, "sms": made.sms,
            },
        )  # fmt: skip


@folds(e.WebhookCreated)
def _webhook_created(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: e.WebhookCreated = entry.event
        WebhookEndpoint.objects.create(
            id=entry.stream_id, version=entry.ver, name=made.name, owner_id=made.owner_id, url=made.url,
            shape=made.shape, kinds=made.kinds, made_at=entry.at, made_by=entry.actor_ref,
        )  # fmt: skip


@folds(e.WebhookDisabled)
def _webhook_disabled(entries: Sequence[Entry]) -> None:
    for entry in entries:
        WebhookEndpoint.objects.filter(pk=entry.stream_id).update(
            version=entry.ver, active=False, ended_at=entry.at
        )


@folds(e.WebhookTested)
def _webhook_tested(entries: Sequence[Entry]) -> None:
    for entry in entries:
        WebhookEndpoint.objects.filter(pk=entry.stream_id).update(version=entry.ver, tested_at=entry.at)


@informs(e.WebhookCreated)
def _owner_is_told(entries: Sequence[Entry]) -> list[Sent]:
    """Nobody's messages are passed on without his knowing."""
    sent: list[Sent] = []
    for entry in entries:
        made: e.WebhookCreated = entry.event
        letter = Letter(
            kind=Kind.HOUSE, words=PASSED_ON[0], many=PASSED_ON[1], values={"name": made.name, "host": made.host},
            title=made.name, level=PUBLIC, link="", link_many="", people=(made.owner_id,),
        )  # fmt: skip
        sent.append((entry, letter))
    return sent


rebuilds(Message)
rebuilds(Preference)
rebuilds(WebhookEndpoint)
