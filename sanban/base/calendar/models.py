"""Calendar versions and their dated exceptions; a version is never changed after it is published."""

from typing import ClassVar

from django.db import models

from sanban.base.calendar.axis import DayKind
from sanban.base.ledger.models import Recorded


class CalendarVersion(Recorded):
    """One published version: weekly hours, span, and from when it is provisional (§7.3)."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=80)
    published_at = models.DateTimeField()
    publisher_ref = models.CharField(max_length=32)
    first_day = models.DateField()
    last_day = models.DateField()
    provisional_from = models.DateField(null=True)
    week = models.JSONField()
    """Hours of Monday to Sunday: lists of [start, end] in minutes after midnight."""

    class Meta:
        ordering: ClassVar = ["-number"]


class CalendarDay(models.Model):
    """One dated exception of one version, with its reason (the holiday's name)."""

    pk = models.CompositePrimaryKey("calendar_id", "date")
    calendar = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.name) for kind in DayKind])
    note = models.CharField(max_length=40, default="")

    class Meta:
        ordering: ClassVar = ["date"]
