"""A policy, and every obligation in it as a record of its own."""

from typing import ClassVar

from django.db import models

from sanban.base.files.models import StoredFile
from sanban.base.ledger.kept import Kept, Under
from sanban.base.ledger.models import Recorded
from sanban.base.people.models import Unit
from sanban.base.vault.columns import SealedChar, SealedJSON, SealedText


class Policy(Kept, Recorded):
    """A policy document 政策文件. States: registered, confirmed, dispatched, abolished."""

    sealed_under = Under("policy")
    title = SealedChar(max_length=300)
    doc_number = models.CharField(max_length=60, blank=True, default="")
    organ = SealedChar(max_length=120, blank=True, default="")
    issued_on = models.DateField(null=True)
    level = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, default="registered")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    file_no = models.PositiveIntegerField(default=1)
    text = SealedText()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    registered_by = models.CharField(max_length=32)
    registered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-registered_at", "-id"], name="policy_newest")]


class Measure(Kept, Recorded):
    """One obligation 举措 with its span in the policy text; `state`: proposed, confirmed, rejected, dispatched.

    `partners` are ids of units; `facts` are what was read, each with its own span; `origin` is read or added.
    """

    sealed_under = Under("measure", whole="policy")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="measures")
    order = models.PositiveIntegerField()
    path = SealedChar(max_length=120, blank=True, default="")
    text = SealedText()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    title = SealedChar(max_length=200)
    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    partners = models.JSONField(default=list)
    due_on = models.DateField(null=True)
    acceptance = SealedText(blank=True, default="")
    targets = SealedJSON(default=list)
    facts = SealedJSON(default=list)
    state = models.CharField(max_length=12, default="proposed")
    origin = models.CharField(max_length=8, default="read")
    reason = SealedChar(max_length=200, blank=True, default="")
    task_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["policy", "order"], name="policy_measure_order")]
