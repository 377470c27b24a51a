"""Stored files and their versions. The bytes and the text lie in the blob storage under their digests."""

from typing import ClassVar

from django.db import models

from sanban.base.ledger.kept import Kept, Under
from sanban.base.ledger.models import Recorded
from sanban.base.vault.columns import SealedChar


class StoredFile(Kept, Recorded):
    """One file as people speak of it; its content is that of its newest version."""

    sealed_under = Under("file")
    name = SealedChar(max_length=200)
    level = models.PositiveSmallIntegerField()
    about_type = models.CharField(max_length=24, default="")
    about_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    uploaded_by = models.CharField(max_length=32)
    uploaded_at = models.DateTimeField()
    current_no = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["about_type", "about_id"], name="files_storedfile_about"),
            models.Index(fields=["-uploaded_at", "-id"], name="files_storedfile_newest"),
        ]


class FileVersion(Kept):
    """One version: what it is, its digests, what the scanner said, and whether its text could be read."""

    sealed_under = Under("file", key="file_id", whole="file")
    id = models.BigIntegerField(primary_key=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="versions")
    no = models.PositiveIntegerField()
    name = SealedChar(max_length=200)
    kind = models.CharField(max_length=16)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20, default="")
    pages = models.PositiveIntegerField(default=0)
    gaps = models.JSONField(default=list)
    text_state = models.CharField(max_length=40)
    text_length = models.PositiveIntegerField(default=0)
    text_sha256 = models.CharField(max_length=64, default="")
    scan_state = models.CharField(max_length=12, default="held")
    scan_detail = SealedChar(max_length=200, default="")
    scanned_at = models.DateTimeField(null=True)
    uploaded_by = models.CharField(max_length=32)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "no"], name="files_fileversion_no")]
        indexes: ClassVar = [
            models.Index(fields=["sha256"], name="files_fileversion_sha256"),
            models.Index(fields=["scan_state", "id"], name="files_fileversion_scan"),
        ]


class FileShare(models.Model):
    """A unit that may read a file besides the one that handed it in."""

    pk = models.CompositePrimaryKey("file_id", "unit_id")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="shares")
    unit_id = models.BigIntegerField()
