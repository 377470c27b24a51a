"""The rows of files, written from the events alone."""

from collections.abc import Sequence

from sanban.base.access.events import LabelSet
from sanban.base.access.grants import PURPOSE, Grant, open_grants
from sanban.base.files import rules
from sanban.base.files.events import (
    FileShared,
    FileUploaded,
    PurposeStated,
    ScanFinished,
    VersionAdded,
    VersionReleased,
)
from sanban.base.files.models import FileShare, FileVersion, StoredFile
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds, rebuilds


def _version(entry: Entry, content: FileUploaded | VersionAdded) -> FileVersion:
    return FileVersion(
        id=content.version_id,
        file_id=entry.stream_id,
        no=content.no,
        name=content.name,
        kind=content.file_kind,
        media_type=content.media_type,
        size=content.size,
        sha256=content.sha256,
        sm3=content.sm3,
        encoding=content.encoding,
        pages=content.pages,
        gaps=content.gaps,
        text_state=content.text_state,
        text_length=content.text_length,
        text_sha256=content.text_sha256,
        scan_state=rules.HELD,
        uploaded_by=entry.actor_ref,
        uploaded_at=entry.at,
    )


@folds(FileUploaded)
def _uploaded(entries: Sequence[Entry]) -> None:
    StoredFile.objects.bulk_create(
        StoredFile(
            id=entry.stream_id,
            version=entry.ver,
            name=entry.event.name,
            level=entry.event.level,
            about_type=entry.event.about_type,
            about_id=entry.event.about_id,
            unit_id=entry.event.unit_id,
            uploaded_by=entry.actor_ref,
            uploaded_at=entry.at,
            current_no=1,
        )
        for entry in entries
    )
    FileVersion.objects.bulk_create(_version(entry, entry.event) for entry in entries)
    FileShare.objects.bulk_create(
        FileShare(file_id=entry.stream_id, unit_id=unit)
        for entry in entries
        for unit in entry.event.shared_units
    )


@folds(VersionAdded)
def _version_added(entries: Sequence[Entry]) -> None:
    for entry in entries:
        FileVersion.objects.bulk_create([_version(entry, entry.event)])
        StoredFile.objects.filter(id=entry.stream_id).update(
            version=entry.ver, name=entry.event.name, current_no=entry.event.no
        )


def _scanned(entry: Entry, state: str, detail: str) -> None:
    FileVersion.objects.filter(id=entry.event.version_id).update(
        scan_state=state, scan_detail=detail, scanned_at=entry.at
    )
    StoredFile.objects.filter(id=entry.stream_id).update(version=entry.ver)


@folds(ScanFinished)
def _scan_finished(entries: Sequence[Entry]) -> None:
    for entry in entries:
        _scanned(entry, entry.event.state, entry.event.detail)


@folds(VersionReleased)
def _released(entries: Sequence[Entry]) -> None:
    for entry in entries:
        _scanned(entry, rules.RELEASED, entry.event.reason)


@folds(PurposeStated)
def _purpose_stated(entries: Sequence[Entry]) -> None:
    for entry in entries:
        said, file_id = entry.event, entry.stream_id
        row = Grant(
            ground=PURPOSE, ground_id=file_id, person_id=said.person_id, stream="file", object_id=file_id,
            starts_at=entry.at, ends_at=said.until,
        )  # fmt: skip
        open_grants([row])
        StoredFile.objects.filter(pk=file_id).update(version=entry.ver)


@folds(LabelSet)
def _label_set(entries: Sequence[Entry]) -> None:
    for entry in entries:
        if entry.event.of_stream == "file":
            StoredFile.objects.filter(pk=entry.event.object_id).update(level=entry.event.level)


@folds(FileShared)
def _shared(entries: Sequence[Entry]) -> None:
    for entry in entries:
        FileShare.objects.bulk_create(
            [FileShare(file_id=entry.stream_id, unit_id=unit) for unit in entry.event.unit_ids],
            ignore_conflicts=True,
        )
        StoredFile.objects.filter(id=entry.stream_id).update(version=entry.ver)


rebuilds(StoredFile)
rebuilds(FileVersion)
rebuilds(FileShare, key=("file_id", "unit_id"))
