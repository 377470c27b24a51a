"""What can be found, and the filters that people keep."""

from typing import ClassVar

from django.db import models

from sanban.base.ledger.kept import Kept, Under
from sanban.base.ledger.models import Recorded
from sanban.base.people.models import Person
from sanban.base.vault.columns import SealedChar, SealedText


class SearchEntry(Kept):
    """One object as the index knows it. Its words stand beside, in the table `search_words` of the database's kind.

    `plain` and `code` are title and number as letters and digits alone; `initials` and `pinyin` are how the title
    sounds. `id` is made of kind and object id.
    """

    sealed_under = Under(kind="kind", key="object_id")
    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12)
    object_id = models.BigIntegerField()
    title = SealedChar(max_length=300)
    number = models.CharField(max_length=60, blank=True, default="")
    text = SealedText(blank=True, default="")
    plain = models.CharField(max_length=300)
    code = models.CharField(max_length=60, blank=True, default="")
    initials = models.CharField(max_length=300)
    pinyin = models.TextField()
    arg = models.CharField(max_length=60)
    unit_id = models.BigIntegerField(null=True)
    level = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit_id"], name="search_people_of_unit", condition=models.Q(kind="person")),
            models.Index(fields=["level"], name="search_secret", condition=models.Q(level__gte=2)),
        ]


class SavedFilter(Recorded):
    """A filter of a register that a person keeps 常用筛选; shared with the own unit or not."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    unit_id = models.BigIntegerField(null=True)
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=1000)
    shared = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "page", "name"], name="search_filter_name_once")
        ]
        indexes: ClassVar = [models.Index(fields=["page", "unit_id"], name="search_filter_of_unit")]
