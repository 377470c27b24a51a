"""Answers kept for programs that ask twice, sight of single objects, and the read log 查阅登记."""

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """What a program was told under its Idempotency-Key, written in the transaction of the act itself."""

    pk = models.CompositePrimaryKey("actor_ref", "key")
    actor_ref = models.CharField(max_length=32)
    key = models.CharField(max_length=100)
    asked_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["made_at"], name="access_keptanswer_made_at")]


class AccessGrant(models.Model):
    """One person may, or may not, see one object for a time, on a named ground."""

    pk = models.CompositePrimaryKey("ground", "ground_id", "person_id", "stream", "object_id")
    ground = models.CharField(max_length=24)
    ground_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    stream = models.CharField(max_length=24)
    object_id = models.BigIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    denied = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person_id"], name="access_grant_person")]


class AccessRecord(models.Model):
    """One request that showed something: who, when, how, what (§5.2 数据溯源).

    Of a single object `stream` and `object_id`; of a list the page, the filters in words, how many were shown, the
    digest of their ids, and the ids themselves. `event_id` is the event of a secret read; `batch_id` the batch whose
    digest stands in the access log. A row whose `how` is `gap` says that reads of that while may be missing.
    """

    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    actor_ref = models.CharField(max_length=32)
    on_behalf_of = models.CharField(max_length=32, default="")
    unit_id = models.BigIntegerField(null=True)
    how = models.CharField(max_length=10)
    stream = models.CharField(max_length=24)
    object_id = models.BigIntegerField(null=True)
    level = models.PositiveSmallIntegerField()
    page = models.CharField(max_length=80)
    predicate = models.TextField(default="{}")
    count = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, default="")
    ids = models.BinaryField(null=True)
    purpose = models.CharField(max_length=200, default="")
    event_id = models.UUIDField(null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stream", "object_id", "at"], name="access_record_object"),
            models.Index(fields=["actor_ref", "at"], name="access_record_actor"),
            models.Index(fields=["at"], name="access_record_at"),
            models.Index(
                fields=["id"], name="access_record_unsealed", condition=models.Q(batch_id__isnull=True)
            ),
        ]


class ReadCount(models.Model):
    """How often a person opened a public object within an hour."""

    pk = models.CompositePrimaryKey("hour", "actor_ref", "stream", "object_id")
    hour = models.DateTimeField()
    actor_ref = models.CharField(max_length=32)
    unit_id = models.BigIntegerField(null=True)
    stream = models.CharField(max_length=24)
    object_id = models.BigIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stream", "object_id", "hour"], name="access_readcount_object")
        ]


class ReadBatch(models.Model):
    """Rows of the read log that were closed together; the digest is also an event of the access log."""

    id = models.BigIntegerField(primary_key=True)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    event_id = models.UUIDField(null=True)


class ReadWriter(models.Model):
    """A process that writes the read log: when it was last alive, and whether it ended in order."""

    id = models.BigIntegerField(primary_key=True)
    started_at = models.DateTimeField()
    alive_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
