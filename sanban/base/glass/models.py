"""Emergency readings and the terms under which they run."""

from typing import ClassVar

from django.db import models

from sanban.base.ledger.kept import Kept, Under
from sanban.base.ledger.models import Recorded
from sanban.base.vault.columns import SealedChar


class GlassTerms(models.Model):
    """One published version of the terms; the newest is in force."""

    number = models.PositiveIntegerField(primary_key=True)
    minutes = models.PositiveIntegerField()
    review_days = models.PositiveIntegerField()
    note = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    publisher_ref = models.CharField(max_length=32)


class EmergencySight(Kept, Recorded):
    """One person's reading of one object in an emergency, opened by a second person. Of an address that leads
    nowhere the object is empty."""

    sealed_under = Under("glass")
    at = models.DateTimeField()
    person_id = models.BigIntegerField()
    person_ref = models.CharField(max_length=32)
    person_name = models.CharField(max_length=60)
    person_unit = models.CharField(max_length=60)
    unit_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=300)
    stream = models.CharField(max_length=24, default="")
    object_id = models.BigIntegerField(null=True)
    level = models.PositiveSmallIntegerField(default=1)
    reason = SealedChar(max_length=300)
    state = models.CharField(max_length=10, default="asked")
    second_ref = models.CharField(max_length=32, default="")
    second_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    note = SealedChar(max_length=300, default="")
    review_due = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=32, default="")
    justified = models.BooleanField(null=True)
    finding = SealedChar(max_length=1000, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "review_due"], name="glass_sight_state"),
            models.Index(fields=["person_id"], name="glass_sight_person"),
        ]
