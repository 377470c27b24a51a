"""Messages and a person's wishes."""

import uuid
from typing import ClassVar

from django.db import models

from sanban.base.ledger.models import Recorded
from sanban.base.notify.kinds import Kind
from sanban.base.people.models import Person


class Message(models.Model):
    """One message to one person about one act, however many objects the act met.

    `words` is the Chinese pattern, translated when it is read; `values` fill it. `lines` name the first objects as
    [number, title]. A title, and words that carry values, are kept only as far as the recipient was cleared;
    `level` is the highest level among what is kept or left out, and is judged again whenever the row is read.
    The id rises with `at` and follows from act and recipient alone, so that a rebuild gives the same one.
    """

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
    values = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=1)
    lines = models.JSONField(default=list)
    level = models.PositiveSmallIntegerField(default=1)
    link = models.CharField(max_length=200, blank=True, default="")
    read = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "read", "-id"], name="notify_message_inbox"),
            models.Index(fields=["at"], name="notify_message_at"),
        ]


class Preference(Recorded):
    """What a person wants to be told outside the site, and when. The id is that of the person."""

    mail_kinds = models.JSONField(default=list)
    digest_minute = models.PositiveSmallIntegerField(default=8 * 60 + 40)
    quiet_from = models.PositiveSmallIntegerField(default=20 * 60)
    quiet_until = models.PositiveSmallIntegerField(default=7 * 60 + 30)
    sms = models.BooleanField(default=False)
