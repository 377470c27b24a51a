"""What a lit object keeps, the rule versions, the counters that pages read, and the last tick."""

from typing import ClassVar

from django.db import models


class Lit(models.Model):
    """Fields of an object with a light. Colour is read from `amber_at` and `red_at`, never from `lit`.

    `lit` is the colour at the last event or tick: counters are sums of it. `next_at` is when the tick must look.
    States for the light: idle, open, paused, closed.
    """

    light_state = models.CharField(max_length=8, default="open")
    start_at = models.DateTimeField()
    due_at = models.DateTimeField()
    amber_at = models.DateTimeField(null=True)
    amber_cause = models.PositiveSmallIntegerField(default=0)
    red_at = models.DateTimeField(null=True)
    red_cause = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    lit = models.PositiveSmallIntegerField(default=0)
    lit_cause = models.PositiveSmallIntegerField(default=0)
    lit_at = models.DateTimeField(null=True)
    light_ver = models.PositiveIntegerField(default=0)
    rule_version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class LightRuleVersion(models.Model):
    """A published version of the lighting rule; the newest is in force."""

    number = models.PositiveIntegerField(primary_key=True)
    rule = models.JSONField()
    published_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, default="")


class LightCounter(models.Model):
    """How many objects of a scope (unit, policy, measure, area) have a light, by level."""

    client = models.CharField(max_length=16)
    scope = models.CharField(max_length=10)
    scope_id = models.BigIntegerField()
    level = models.PositiveSmallIntegerField()
    light = models.PositiveSmallIntegerField()
    n = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["client", "scope", "scope_id", "level", "light"], name="light_counter_key"
            )
        ]


class DayFigure(models.Model):
    """What the clock counted of a day, by level, and what stays as it was: lights at its first look, named by their
    id, and what the client counted of the day when it was over, by names of its own."""

    client = models.CharField(max_length=16)
    day = models.DateField()
    name = models.CharField(max_length=12)
    level = models.PositiveSmallIntegerField()
    n = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "day", "name", "level"], name="light_day_figure_key")
        ]


class LightTick(models.Model):
    """When the clock last looked, by client: what pages say their counts are of."""

    client = models.CharField(max_length=16, primary_key=True)
    at = models.DateTimeField()
    turned = models.PositiveIntegerField(default=0)
