"""Answers kept for programs that ask twice."""

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
