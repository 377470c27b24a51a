"""The ladder as versions, one watch for each open task, and every slip that was proposed or issued."""

from typing import ClassVar

from django.db import models

from sanban.base.ledger.kept import Kept, Under
from sanban.base.ledger.models import Recorded
from sanban.base.people.models import Person, Unit
from sanban.base.vault.columns import SealedChar, SealedText
from sanban.execute.task.models import TaskItem


class LadderVersion(models.Model):
    """One published version of the ladder; the newest is in force, and a ladder begun is finished by its own."""

    number = models.PositiveIntegerField(primary_key=True)
    rungs = models.JSONField()
    published_at = models.DateTimeField()
    publisher_ref = models.CharField(max_length=32)
    note = models.CharField(max_length=200, blank=True, default="")


class Watch(Kept):
    """What the ladder does next with one task; a closed one is kept for the day it is reopened.

    `arming` counts the alarms: it rises when a task that was chased leaves its alarm. `next_at` is when the clock
    must look; it is empty while the task's own clock stands. `ladder` is 0 until the arming has its first slip.
    """

    sealed_under = Under("task", key="task_id")
    task = models.OneToOneField(TaskItem, primary_key=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()
    urgency = models.PositiveSmallIntegerField(default=0)
    title = SealedChar(max_length=200)
    number = models.CharField(max_length=24)
    running = models.BooleanField(default=True)
    closed = models.BooleanField(default=False)
    amber_at = models.DateTimeField(null=True)
    red_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    armed_at = models.DateTimeField()
    arming = models.PositiveIntegerField(default=1)
    chased = models.BooleanField(default=False)
    ladder = models.PositiveIntegerField(default=0)
    next_rung = models.CharField(max_length=10, blank=True, default="")
    next_occurrence = models.PositiveIntegerField(default=1)
    next_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["next_at", "task"], name="chase_watch_next", condition=models.Q(next_at__isnull=False)
            ),
            models.Index(fields=["level"], name="chase_watch_secret", condition=models.Q(level__gte=2)),
        ]


class Slip(Kept, Recorded):
    """One step of the ladder taken or proposed for a task. One matter, one slip.

    States: proposed 待签发, issued 已发出, replied 已回复, accepted 已认可, unsatisfied 未认可, overdue 逾期未复,
    escalated 已提级, withdrawn 已撤回, dismissed 不予签发, closed 已随事项了结. Occurrences below zero were opened
    by hand. `due_instant` is when the step ought to be taken and `noticed_at` when the clock saw it.
    """

    sealed_under = Under("slip")
    task = models.ForeignKey(TaskItem, on_delete=models.PROTECT, related_name="+", db_index=False)
    rung = models.CharField(max_length=10)
    arming = models.PositiveIntegerField()
    occurrence = models.IntegerField()
    state = models.CharField(max_length=12)
    number = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001 - empty texts would collide
    level = models.PositiveSmallIntegerField()
    task_title = SealedChar(max_length=200)
    task_number = models.CharField(max_length=24)
    task_due_at = models.DateTimeField(null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ladder = models.PositiveIntegerField()
    reason = SealedText(blank=True, default="")
    opened_by = models.CharField(max_length=32)
    due_instant = models.DateTimeField()
    noticed_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    signer_ref = models.CharField(max_length=32, blank=True, default="")
    signer_name = models.CharField(max_length=60, blank=True, default="")
    reply = SealedText(blank=True, default="")
    files = models.JSONField(default=list)
    extension_id = models.BigIntegerField(null=True)
    replied_at = models.DateTimeField(null=True)
    replied_by = models.CharField(max_length=32, blank=True, default="")
    verdict = SealedText(blank=True, default="")
    verdict_by = models.CharField(max_length=32, blank=True, default="")
    overdue_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_slip = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "rung", "arming", "occurrence"], name="chase_slip_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"],
                name="chase_slip_due",
                condition=models.Q(state__in=["issued", "unsatisfied"]),
            ),
            models.Index(fields=["level"], name="chase_slip_secret", condition=models.Q(level__gte=2)),
            # Both hold all that the numbers beside the page's name ask for: counting reads no row.
            models.Index(fields=["unit", "state", "level", "due_at"], name="chase_slip_unit_state"),
            models.Index(fields=["state", "level", "rung", "unit"], name="chase_slip_state_rung"),
        ]
