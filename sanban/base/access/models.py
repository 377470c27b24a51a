"""Answers kept for programs that ask twice, and sight of single objects."""

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
