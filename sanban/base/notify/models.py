"""Messages, a person's wishes, webhooks, and what is on its way out."""

import uuid
from typing import ClassVar

from django.db import models

from sanban.base.ledger.kept import Kept, UnderEvent
from sanban.base.ledger.models import Recorded
from sanban.base.notify.kinds import Kind
from sanban.base.people.models import Person
from sanban.base.vault.columns import SealedJSON


class Message(Kept):
    """One message to one person about one act, however many objects the act met.

    `words` is the Chinese pattern, translated when it is read; `values` fill it. `lines` name the first objects as
    [number, title]. A title, and words that carry values, are kept only as far as the recipient was cleared;
    `level` is the highest level among what is kept or left out, and is judged again whenever the row is read.
    The id rises with `at` and follows from act and recipient alone, so that a rebuild gives the same one.
    """

    sealed_under = UnderEvent("source")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    urgent = models.BooleanField(default=False)
    event = models.CharField(max_length=64)
    source = models.UUIDField()
    by_ref = models.CharField(max_length=32)
    words = models.CharField(max_length=200)
    many = models.CharField(max_length=200)
    values = SealedJSON(default=dict)
    count = models.PositiveIntegerField(default=1)
    lines = SealedJSON(default=list)
    level = models.PositiveSmallIntegerField(default=1)
    link = models.CharField(max_length=200, blank=True, default="")
    read = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "read", "-id"], name="notify_message_inbox"),
            # Both databases write "unread" as NOT read, which only an index with that very condition answers.
            models.Index(
                fields=["person", "read"], name="notify_message_unread", condition=models.Q(read=False)
            ),
            models.Index(fields=["at"], name="notify_message_at"),
            models.Index(fields=["level"], name="notify_message_secret", condition=models.Q(level__gte=2)),
        ]


class Preference(Recorded):
    """What a person wants to be told outside the site, and when. The id is that of the person."""

    mail_kinds = models.JSONField(default=list)
    digest_minute = models.PositiveSmallIntegerField(default=8 * 60 + 40)
    quiet_from = models.PositiveSmallIntegerField(default=20 * 60)
    quiet_until = models.PositiveSmallIntegerField(default=7 * 60 + 30)
    sms = models.BooleanField(default=False)


class WebhookEndpoint(Recorded):
    """An address of another program (IM bot or system) to which the messages of its owner are passed on.

    `shape` is "json" for programs and "text" for bots that take `{"msgtype": "text"}`. The key is not stored.
    """

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    shape = models.CharField(max_length=8, default="json")
    kinds = models.JSONField(default=list)
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=32)
    ended_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)


class Outgoing(models.Model):
    """One mail, text message or webhook delivery on its way out. State of transport: not part of the ledger.

    States: queued, sending (claimed by a process), sent, failed. `target` is the person, or the endpoint; `ref`
    says which message, digest or test it is, so that nothing is queued twice. What is said is written when it is
    sent, never kept here.
    """

    channel = models.CharField(max_length=6)
    target = models.BigIntegerField()
    ref = models.CharField(max_length=64)
    urgent = models.BooleanField(default=False)
    messages = models.JSONField(default=list)
    covers_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default="queued")
    tries = models.PositiveSmallIntegerField(default=0)
    interrupted = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "target", "ref"], name="notify_outgoing_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"], name="notify_outgoing_due", condition=models.Q(state="queued")
            ),
            models.Index(
                fields=["claimed_at"], name="notify_outgoing_claimed", condition=models.Q(state="sending")
            ),
            models.Index(fields=["channel", "target", "-id"], name="notify_outgoing_target"),
            models.Index(fields=["created_at"], name="notify_outgoing_created"),
            models.Index(fields=["channel", "ref"], name="notify_outgoing_ref"),
        ]
