"""A task and its satellites: partners, progress reports, extensions, hand-overs."""

from typing import ClassVar

from django.db import models

from sanban.base.ledger.kept import Kept, Under
from sanban.base.ledger.models import Recorded
from sanban.base.light.models import Lit
from sanban.base.people.models import Person, Unit
from sanban.base.vault.columns import SealedChar, SealedText
from sanban.decide.policy.models import Measure, Policy


class TaskItem(Kept, Recorded, Lit):
    """A task 任务(事项). One lead unit, an owner, a due instant and acceptance criteria.

    States: assigned 待签收, acknowledged 办理中, sent_back 已退回, paused 暂停, concluded 待核验,
    verified 已核验, closed_out 已销号, withdrawn 已撤销. `own_*` instants are the task's own; `amber_at` and
    `red_at` also carry those of its open mandatory parts.
    """

    sealed_under = Under("task")
    number = models.CharField(max_length=24, unique=True)
    title = SealedChar(max_length=200)
    detail = SealedText(blank=True, default="")
    acceptance = SealedText(blank=True, default="")
    level = models.PositiveSmallIntegerField(default=1)
    urgency = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, default="assigned")
    policy = models.ForeignKey(Policy, null=True, on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, null=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    mandatory = models.BooleanField(default=True)
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    assigner_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    assigner_ref = models.CharField(max_length=32)
    progress = models.PositiveSmallIntegerField(default=0)
    own_amber_at = models.DateTimeField(null=True)
    own_amber_cause = models.PositiveSmallIntegerField(default=0)
    own_red_at = models.DateTimeField(null=True)
    own_red_cause = models.PositiveSmallIntegerField(default=0)
    reported_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    first_report_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    handovers = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["level"], name="task_secret", condition=models.Q(level__gte=2)),
            models.Index(fields=["next_at"], name="task_next", condition=models.Q(next_at__isnull=False)),
            models.Index(fields=["due_at", "id"], name="task_due", condition=models.Q(light_state="open")),
            models.Index(
                fields=["lead", "red_at"], name="task_lead_red", condition=models.Q(light_state="open")
            ),
            models.Index(
                fields=["lead", "amber_at"], name="task_lead_amber", condition=models.Q(light_state="open")
            ),
            models.Index(fields=["owner", "light_state", "red_at"], name="task_owner_red"),
            models.Index(fields=["lead", "due_at", "id"], name="task_lead_due"),
            models.Index(fields=["due_at", "id"], name="task_due_all"),
            models.Index(
                fields=["state", "due_at", "id"],
                name="task_waiting",
                condition=models.Q(state__in=["sent_back", "concluded", "verified"]),
            ),
            models.Index(fields=["red_at", "id"], name="task_red", condition=models.Q(light_state="open")),
        ]


class TaskPartner(models.Model):
    """A cooperating unit 配合单位 of a task."""

    task = models.ForeignKey(TaskItem, on_delete=models.PROTECT, related_name="partners")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "task"], name="task_partner_once")]


class ProgressReport(Kept):
    """What a unit reported 反馈: percent, words, and files as evidence."""

    sealed_under = Under("task", key="task_id", whole="task")
    id = models.BigIntegerField(primary_key=True)
    task = models.ForeignKey(TaskItem, on_delete=models.PROTECT, related_name="reports")
    at = models.DateTimeField()
    by_ref = models.CharField(max_length=32)
    unit_id = models.BigIntegerField(null=True)
    progress = models.PositiveSmallIntegerField()
    text = SealedText()
    files = models.JSONField(default=list)


class Extension(Kept):
    """A request for a later due date 延期. States: asked, approved, refused."""

    sealed_under = Under("task", key="task_id", whole="task")
    id = models.BigIntegerField(primary_key=True)
    task = models.ForeignKey(TaskItem, on_delete=models.PROTECT, related_name="extension_requests")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=32)
    due_from = models.DateTimeField()
    due_to = models.DateTimeField()
    reason = SealedText()
    state = models.CharField(max_length=10, default="asked")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=32, blank=True, default="")
    decision = SealedText(blank=True, default="")


class Handover(Kept):
    """A change of the lead unit 转办, with its reason: what ping-pong is counted from (§2.1)."""

    sealed_under = Under("task", key="task_id", whole="task")
    id = models.BigIntegerField(primary_key=True)
    task = models.ForeignKey(TaskItem, on_delete=models.PROTECT, related_name="handover_rows")
    at = models.DateTimeField()
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = SealedText()
