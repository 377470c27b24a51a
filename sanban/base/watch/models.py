"""What was refused, and who asked for sight of what."""

from typing import ClassVar

from django.db import models

from sanban.base.ledger.kept import Kept, Under, UnderMonth
from sanban.base.ledger.models import Recorded
from sanban.base.vault.columns import SealedChar, SealedText


class Refusal(Kept):
    """An act or a page that was refused: to whom, why, and of which object. `id` is the stream of its event."""

    sealed_under = UnderMonth("unit_id", "at")
    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_ref = models.CharField(max_length=32)
    unit_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=80)
    code = models.CharField(max_length=16)
    reason = SealedText()
    stream = models.CharField(max_length=24, default="")
    object_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["actor_ref", "at"], name="watch_refusal_actor"),
            models.Index(fields=["at"], name="watch_refusal_at"),
        ]


class SightRequest(Kept, Recorded):
    """A request to see one object for a time 查阅申请. Of an address that leads nowhere the object is empty."""

    sealed_under = Under("sight_request")
    at = models.DateTimeField()
    person_id = models.BigIntegerField()
    person_ref = models.CharField(max_length=32)
    person_name = models.CharField(max_length=60)
    person_unit = models.CharField(max_length=60)
    address = models.CharField(max_length=300)
    stream = models.CharField(max_length=24, default="")
    object_id = models.BigIntegerField(null=True)
    level = models.PositiveSmallIntegerField(default=1)
    purpose = SealedChar(max_length=200)
    until = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=32, default="")
    note = SealedChar(max_length=200, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person_id", "-id"], name="watch_request_person"),
            models.Index(fields=["stream", "object_id"], name="watch_request_object"),
        ]


class RequestApprover(models.Model):
    """A unit whose leader or liaison decides a request."""

    request = models.ForeignKey(SightRequest, on_delete=models.CASCADE, related_name="approvers")
    unit_id = models.BigIntegerField(db_index=True)


class InterceptionRules(models.Model):
    """One published version of what is intercepted; the newest is in force."""

    number = models.PositiveIntegerField(primary_key=True)
    refusals = models.PositiveIntegerField()
    refusal_minutes = models.PositiveIntegerField()
    quota_internal = models.PositiveIntegerField()
    quota_secret = models.PositiveIntegerField()
    after_deputy_days = models.PositiveIntegerField()
    step_up_minutes = models.PositiveIntegerField()
    note = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    publisher_ref = models.CharField(max_length=32)


class Bait(Recorded):
    """An object that nobody has a reason to open 诱饵文件: who opens it is intercepted."""

    stream = models.CharField(max_length=24)
    object_id = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    set_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stream", "object_id"], name="watch_bait_object")]


class WatchCase(Recorded):
    """One interception 拦截案件: the person proves once more who he is, or stays outside until it is closed."""

    at = models.DateTimeField()
    rule = models.CharField(max_length=16)
    person_id = models.BigIntegerField()
    person_ref = models.CharField(max_length=32)
    unit_id = models.BigIntegerField(null=True)
    words = models.CharField(max_length=300)
    stream = models.CharField(max_length=24, default="")
    object_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, default="open")
    held = models.BooleanField(default=False)
    hold_until = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=1000, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=32, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person_id"], name="watch_case_held", condition=models.Q(held=True)),
            models.Index(fields=["at"], name="watch_case_at"),
        ]
