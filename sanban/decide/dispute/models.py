"""A dispute on any object, what was said and handed in on it, and the rulings."""

from typing import ClassVar

from django.db import models

from sanban.base.ledger.kept import Kept, Under
from sanban.base.ledger.models import Recorded
from sanban.base.people.models import Person, Unit
from sanban.base.vault.columns import SealedChar, SealedJSON, SealedText


class Dispute(Kept, Recorded):
    """A dispute 争议 on one object of any room, named by its stream and id, with what it was called that day.

    States: opened 待答辩, answered 待裁决, ruled 已裁决, correcting 更正中, settled 已和解, withdrawn 已撤回.
    An arbiter may be named in any of the open ones; `sight_until` is when his sight ends if the case has not.
    """

    sealed_under = Under("dispute")
    number = models.CharField(max_length=32, unique=True)
    stream = models.CharField(max_length=24)
    object_id = models.BigIntegerField()
    object_title = SealedChar(max_length=300)
    object_number = models.CharField(max_length=60, blank=True, default="")
    object_url = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField()
    claimant = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    respondent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    question = SealedChar(max_length=200)
    claim = SealedText()
    asks = SealedText()
    ground = SealedText()
    files = models.JSONField(default=list)
    opened_by = models.CharField(max_length=32)
    opened_at = models.DateTimeField()
    terms_since = models.DateField()
    answer_due_at = models.DateTimeField()
    ruling_due_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    answer = SealedText(blank=True, default="")
    answer_files = models.JSONField(default=list)
    answered_by = models.CharField(max_length=32, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    arbiter = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(null=True)
    sight_until = models.DateTimeField(null=True)
    offer = SealedText(blank=True, default="")
    offer_by = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    offered_at = models.DateTimeField(null=True)
    reason = SealedText(blank=True, default="")
    ruled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["stream", "object_id"], name="dispute_object"),
            models.Index(fields=["state", "ruling_due_at"], name="dispute_state_due"),
        ]


class Statement(Kept):
    """What was said in a dispute after claim and answer: `evidence` of a party, or a note of `mediation`."""

    sealed_under = Under("dispute", key="dispute_id", whole="dispute")
    id = models.BigIntegerField(primary_key=True)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=10)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    text = SealedText()
    files = models.JSONField(default=list)
    by_ref = models.CharField(max_length=32)
    at = models.DateTimeField()


class Ruling(Kept):
    """One ruling 裁决. `basis` says on which events and ledger heads it rests; a later one may correct the former.

    It has effect when the event that made it, `event_id`, is sealed. `duties` are lines of the duty list to be:
    unit, role (R, A, C, I), matter, and from which day.
    """

    sealed_under = Under("dispute", key="dispute_id", whole="dispute")
    id = models.BigIntegerField(primary_key=True)
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="rulings")
    ordinal = models.PositiveSmallIntegerField()
    findings = SealedText()
    grounds = SealedText()
    decision = SealedText()
    duties = SealedJSON(default=list)
    basis = models.JSONField(default=dict)
    event_id = models.UUIDField()
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    arbiter_name = models.CharField(max_length=60)
    by_ref = models.CharField(max_length=32)
    at = models.DateTimeField()


class DisputeTerms(models.Model):
    """One published version of the terms, and the day from which it holds."""

    number = models.PositiveIntegerField(primary_key=True)
    since = models.DateField()
    answer_days = models.PositiveIntegerField()
    ruling_days = models.PositiveIntegerField()
    note = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    publisher_ref = models.CharField(max_length=32)
