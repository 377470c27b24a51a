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


class LedgerContent(models.Model):
    """The values of an event's payload, each with its own salt, in one box: the only content that may be erased.

    `dek_id` names the key of the box, empty for public content, which lies open. `erased` names, as JSON, the fields
    that were taken out, and for each the event that ordered it.
    """

    event = models.OneToOneField(
        LedgerEvent, primary_key=True, on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    body = models.BinaryField()
    dek_id = models.CharField(max_length=64, default="")
    erased = models.TextField(default="")


class LedgerHold(models.Model):
    """Nothing of this object may be erased while a case is open; written by the room that has the case."""

    pk = models.CompositePrimaryKey("stream", "object_id", "ground", "ground_id")
    stream = models.CharField(max_length=24)
    object_id = models.BigIntegerField()
    ground = models.CharField(max_length=24)
    ground_id = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)


class LedgerPending(models.Model):
    """An event that the sequencer has not yet given its place in the log."""

    event_id = models.UUIDField(primary_key=True)


class LedgerLeaf(models.Model):
    """The place of an event in its log. Inserted only, like the event."""

    pk = models.CompositePrimaryKey("log", "idx")
    log = models.CharField(max_length=8)
    idx = models.BigIntegerField()
    event_id = models.UUIDField(unique=True)


class LedgerTile(models.Model):
    """Up to 256 hashes of one level of a tree, 32 bytes each, as C2SP's tlog-tiles cuts them; the last one grows.

    `halfway` holds the nodes four heights above, one for each complete sixteen: with them a proof hashes a tenth.
    """

    pk = models.CompositePrimaryKey("log", "suite", "level", "n")
    log = models.CharField(max_length=8)
    suite = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField()
    n = models.BigIntegerField()
    width = models.PositiveSmallIntegerField()
    data = models.BinaryField()
    halfway = models.BinaryField()


class LedgerHead(models.Model):
    """How far a tree has grown: its size, and the roots of its perfect subtrees, largest first."""

    pk = models.CompositePrimaryKey("log", "suite")
    log = models.CharField(max_length=8)
    suite = models.CharField(max_length=8)
    size = models.BigIntegerField()
    frontier = models.BinaryField()


class LedgerCheckpoint(models.Model):
    """A head that was signed. `sealed_at` is set once, when enough witnesses have signed as well; `anchored_at` and
    `receipt` when it was posted to a place outside the house."""

    pk = models.CompositePrimaryKey("log", "suite", "size")
    log = models.CharField(max_length=8)
    suite = models.CharField(max_length=8)
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    made_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    anchored_at = models.DateTimeField(null=True)
    receipt = models.TextField(default="")


class LedgerCosignature(models.Model):
    """A witness's line under one of our heads; renewed hourly while nothing new is recorded."""

    pk = models.CompositePrimaryKey("log", "suite", "size", "witness")
    log = models.CharField(max_length=8)
    suite = models.CharField(max_length=8)
    size = models.BigIntegerField()
    witness = models.CharField(max_length=150)
    line = models.TextField()
    signed_at = models.DateTimeField()


class LedgerWitness(models.Model):
    """How a witness answered last: a reading of the machine, for those who look after it."""

    name = models.CharField(max_length=64, primary_key=True)
    answered_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, default="")
    fault_at = models.DateTimeField(null=True)


class LedgerKey(models.Model):
    """A public key that signs for this house or witnesses for it, kept for ever: what it signed must stay verifiable.

    `key_id` is its name and four bytes of digest; the verifier key is made of name, suite and public part.
    """

    key_id = models.CharField(max_length=160, primary_key=True)
    name = models.CharField(max_length=150, default="")
    purpose = models.CharField(max_length=24)
    suite = models.CharField(max_length=24)
    public = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    announced_by_event = models.UUIDField(null=True)


class LedgerAudit(models.Model):
    """One look at everything: what does not fit in the ledger's own tables, and which rows do not follow from it."""

    at = models.DateTimeField()
    seconds = models.FloatField()
    events = models.PositiveBigIntegerField()
    faults = models.JSONField(default=list)
    differences = models.JSONField(default=list)
