"""A policy, and every obligation in it as a record of its own."""

from typing import ClassVar

from django.db import models

from sanban.base.files.models import StoredFile
from sanban.base.ledger.models import Recorded
from sanban.base.people.models import Unit


class Policy(Recorded):
    """A policy document 政策文件. States: registered, confirmed, dispatched, abolished."""

    title = models.CharField(max_length=300)
    doc_number = models.CharField(max_length=60, blank=True, default="")
    organ = models.CharField(max_length=120, blank=True, default="")
    issued_on = models.DateField(null=True)
    level = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, default="registered")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    file_no = models.PositiveIntegerField(default=1)
    text = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    registered_by = models.CharField(max_length=32)
    registered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-registered_at", "-id"], name="policy_newest")]


class Measure(Recorded):
    """One obligation 举措 with its span in the policy text; `state`: proposed, confirmed, rejected, dispatched.

    `partners` are ids of units; `facts` are what was read, each with its own span; `origin` is read or added.
    """

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="measures")
    order = models.PositiveIntegerField()
    path = models.CharField(max_length=120, blank=True, default="")
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    partners = models.JSONField(default=list)
    due_on = models.DateField(null=True)
    acceptance = models.TextField(blank=True, default="")
    targets = models.JSONField(default=list)
    facts = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="proposed")
    origin = models.CharField(max_length=8, default="read")
    reason = models.CharField(max_length=200, blank=True, default="")
    task_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["policy", "order"], name="policy_measure_order")]
