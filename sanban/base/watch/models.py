"""What was refused, and who asked for sight of what."""

from typing import ClassVar

from django.db import models

from sanban.base.ledger.models import Recorded


class Refusal(models.Model):
    """An act or a page that was refused: to whom, why, and of which object. `id` is the stream of its event."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_ref = models.CharField(max_length=32)
    unit_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=80)
    code = models.CharField(max_length=16)
    reason = models.TextField()
    stream = models.CharField(max_length=24, default="")
    object_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["actor_ref", "at"], name="watch_refusal_actor"),
            models.Index(fields=["at"], name="watch_refusal_at"),
        ]


class SightRequest(Recorded):
    """A request to see one object for a time 查阅申请. Of an address that leads nowhere the object is empty."""

    at = models.DateTimeField()
    person_id = models.BigIntegerField()
    person_ref = models.CharField(max_length=32)
    person_name = models.CharField(max_length=60)
    person_unit = models.CharField(max_length=60)
    address = models.CharField(max_length=300)
    stream = models.CharField(max_length=24, default="")
    object_id = models.BigIntegerField(null=True)
    level = models.PositiveSmallIntegerField(default=1)
    purpose = models.CharField(max_length=200)
    until = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=32, default="")
    note = models.CharField(max_length=200, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person_id", "-id"], name="watch_request_person"),
            models.Index(fields=["stream", "object_id"], name="watch_request_object"),
        ]


class RequestApprover(models.Model):
    """A unit whose leader or liaison decides a request."""

    request = models.ForeignKey(SightRequest, on_delete=models.CASCADE, related_name="approvers")
    unit_id = models.BigIntegerField(db_index=True)
