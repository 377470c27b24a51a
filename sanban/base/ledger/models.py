"""The ledger's tables, as the evidence design lays them down, and the base of every recorded object."""

from typing import ClassVar

from django.db import models


class Recorded(models.Model):
    """An object whose every change is an event: `version` counts the events of its stream."""

    id = models.BigIntegerField(primary_key=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class LedgerEvent(models.Model):
    """One act. Inserted only; a trigger refuses anything else."""

    id = models.UUIDField(primary_key=True)
    stream_type = models.CharField(max_length=24)
    stream_id = models.BigIntegerField()
    ver = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    at = models.DateTimeField()
    actor_ref = models.CharField(max_length=32)
    on_behalf_of = models.CharField(max_length=32, default="")
    acting_office = models.BigIntegerField(null=True)
    label = models.PositiveSmallIntegerField()
    policy_version = models.PositiveIntegerField(default=1)
    envelope = models.BinaryField()
    salt = models.BinaryField()
    c_sha256 = models.BinaryField()
    c_sm3 = models.BinaryField()
    prev = models.BinaryField()
    app_key = models.CharField(max_length=64, default="")
    promise = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stream_type", "stream_id", "ver"], name="ledger_event_stream_ver"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["at"], name="ledger_event_at"),
            models.Index(fields=["actor_ref", "at"], name="ledger_event_actor_at"),
        ]


class LedgerField(models.Model):
    """One value of an event's payload with its own salt: the only content that may ever be erased."""

    pk = models.CompositePrimaryKey("event_id", "name")
    event_id = models.UUIDField()
    name = models.CharField(max_length=64)
    salt = models.BinaryField(null=True)
    ciphertext = models.BinaryField(null=True)
    dek_id = models.CharField(max_length=64, default="")
    erased_by = models.UUIDField(null=True)


class LedgerPending(models.Model):
    """An event that the sequencer has not yet given its place in the log."""

    event_id = models.UUIDField(primary_key=True)
