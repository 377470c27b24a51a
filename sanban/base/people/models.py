"""Units, names they go by, persons, posts, role grants and deputies."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from sanban.base.ledger.models import Recorded


class Unit(Recorded):
    """A unit 单位 or division 处室. `path` lists the ids from the root, each ended by a full stop."""

    KINDS: ClassVar = ("government", "office", "division", "department", "city", "county", "committee")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short = models.CharField(max_length=60)
    kind = models.CharField(max_length=16)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=255, db_index=True)
    order = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)


class UnitName(models.Model):
    """Another name of a unit: an alias, or a former name with its dates."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=120, db_index=True)
    former = models.BooleanField(default=False)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)


class UnitClass(Recorded):
    """A class of units that texts name together, as 各市人民政府; members are units."""

    name = models.CharField(max_length=120, unique=True)
    aliases = models.JSONField(default=list)
    definite = models.BooleanField(default=True)
    members = models.JSONField(default=list)


class PersonManager(BaseUserManager["Person"]):
    """Finds people by login, with their unit; rows are made by actions only."""

    def get_queryset(self) -> "models.QuerySet[Person]":
        """The unit comes along: every request of a signed-in person needs it."""
        return super().get_queryset().select_related("unit")

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person who signs in by this name, in any case."""
        return self.get(login__iexact=username)


class Person(AbstractBaseUser, Recorded):
    """A person of the office. `ref` is the random identity that the ledger knows (names stay in the directory)."""

    ref = models.CharField(max_length=32, unique=True)
    login = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    email = models.EmailField(blank=True, default="")
    mobile = models.CharField(max_length=20, blank=True, default="")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people")
    post = models.CharField(max_length=80, blank=True, default="")
    clearance = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True)
    feed_token = models.CharField(max_length=64, blank=True, default="")

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[Any] = PersonManager()

    def get_full_name(self) -> str:
        """The name as the office writes it."""
        return self.name


class RoleGrant(Recorded):
    """A role given to a person, for a time; ended grants stay."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    granted_by = models.CharField(max_length=32)


class Deputy(Recorded):
    """Who stands in for whom, from when to when (代理); a handover 交接 has no end."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stands_in_for")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)


class AccessToken(Recorded):
    """A personal key of the API: shown once, kept as a digest, with scopes and an end."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
