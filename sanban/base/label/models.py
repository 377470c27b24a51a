"""The label of each object that was given one; what never was has the level it was made with."""

from typing import ClassVar

from django.db import models

from sanban.base.ledger.kept import Kept, Under
from sanban.base.ledger.models import Recorded
from sanban.base.vault.columns import SealedChar


class Label(Kept, Recorded):
    """Why an object has its level, who answers for it, when it is looked at again, what else is in it, and the
    lowering that waits for a second signature. The id is that of the object."""

    sealed_under = Under(kind="stream", key="object_id")
    stream = models.CharField(max_length=24)
    object_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    level = models.PositiveSmallIntegerField()
    reason = SealedChar(max_length=300, blank=True, default="")
    review_on = models.DateField(null=True)
    flags = models.JSONField(default=list)
    set_at = models.DateTimeField(null=True)
    set_by = models.CharField(max_length=32, blank=True, default="")
    lower_to = models.PositiveSmallIntegerField(null=True)
    lower_reason = SealedChar(max_length=300, blank=True, default="")
    lower_review_on = models.DateField(null=True)
    lower_flags = models.JSONField(default=list)
    lower_at = models.DateTimeField(null=True)
    lower_by = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit_id", "review_on"], name="label_of_unit"),
            models.Index(
                fields=["lower_at"], name="label_waiting", condition=models.Q(lower_to__isnull=False)
            ),
        ]
