"""Reading files: every question is asked by somebody and answered as far as he may see."""

from collections.abc import Collection

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.files import blobs, rules
from sanban.base.files.extract import Extracted, ExtractionRefused
from sanban.base.files.intake import unpack
from sanban.base.files.models import FileVersion, StoredFile
from sanban.base.ledger.errors import Denied, Refused


def visible(*, actor: Actor) -> QuerySet[StoredFile]:
    """The files this person may see (the rule `may_read`, as one database question)."""
    return (
        StoredFile.objects.all() if actor.system else StoredFile.objects.filter(rules.FILE_VISIBLE.q(actor))
    )


def newest(*, actor: Actor) -> QuerySet[StoredFile]:
    """The files this person may see, the latest first."""
    return visible(actor=actor).order_by("-uploaded_at", "-id")


def attached(*, actor: Actor, about_type: str, about_id: int) -> list[StoredFile]:
    """The files handed in about one object, oldest first, as far as this person may see them."""
    found = visible(actor=actor).filter(about_type=about_type, about_id=about_id)
    return list(found.order_by("uploaded_at", "id"))


def get_file(*, actor: Actor, file_id: int) -> StoredFile:
    """One file. One that may not be seen is treated as if it were not there."""
    found = visible(actor=actor).filter(id=file_id).first()
    if found is None:
        raise Denied(_("没有这个文件，或您无权查看。请向上传单位申请共享。"))
    return found


def get_versions(*, actor: Actor, file_id: int) -> list[FileVersion]:
    """All versions of a file, the newest first."""
    return list(FileVersion.objects.filter(file=get_file(actor=actor, file_id=file_id)).order_by("-no"))


def get_version(*, actor: Actor, file_id: int, no: int = 0) -> FileVersion:
    """One version of a file; without a number the current one."""
    file = get_file(actor=actor, file_id=file_id)
    found = FileVersion.objects.filter(file=file, no=no or file.current_no).select_related("file").first()
    if found is None:
        raise Refused(_("这个文件没有第 %(no)s 版。请从版本列表中选择。") % {"no": no})
    return found


def current_versions(*, actor: Actor, ids: Collection[int]) -> list[FileVersion]:
    """The newest version of each of the named files that this person may see, in the order they came in."""
    if not ids:
        return []
    seen = visible(actor=actor).filter(pk__in=ids)
    found = FileVersion.objects.filter(file__in=seen, no=F("file__current_no"))
    return list(found.order_by("uploaded_at", "id"))


def get_text(*, actor: Actor, file_id: int, no: int = 0) -> Extracted:
    """The text of a version with its map. A version without text says why; an infected one gives nothing."""
    version = get_version(actor=actor, file_id=file_id, no=no)
    if version.scan_state == rules.INFECTED:
        raise Refused(rules.scan_sentence(version.scan_state, version.scan_detail))
    if version.text_state != rules.READABLE:
        code, _slash, reason = version.text_state.partition("/")
        raise ExtractionRefused(code, reason, name=version.name, pages=version.pages, found=version.kind)
    return unpack(_blob(version, version.text_sha256))


def open_bytes(*, actor: Actor, file_id: int, no: int = 0) -> tuple[FileVersion, bytes]:
    """A version and its bytes, checked against the digest. What is held or infected stays inside."""
    version = get_version(actor=actor, file_id=file_id, no=no)
    if not rules.may_leave(version.scan_state):
        raise Refused(rules.scan_sentence(version.scan_state, version.scan_detail))
    if not rules.may_take(actor, version.file):
        raise Refused(
            _("这是工作秘密文件，下载前须先说明用途（办件号和事由），一小时内有效。"), field="purpose"
        )
    return version, _blob(version, version.sha256)


def held_versions(*, actor: Actor, limit: int = 50) -> list[FileVersion]:
    """Versions that wait for the scanner, the longest waiting first."""
    files = visible(actor=actor)
    found = FileVersion.objects.filter(scan_state=rules.HELD, file__in=files).select_related("file")
    return list(found.order_by("id")[:limit])


def bytes_to_scan(*, actor: Actor, version: FileVersion) -> bytes:
    """The bytes of a held version, for the scanner alone."""
    if not actor.system:
        raise Denied(_("只有查毒程序可以读取待查的文件。"))
    return _blob(version, version.sha256)


def _blob(version: FileVersion, sha256: str) -> bytes:
    try:
        return blobs.get(sha256)
    except blobs.Damaged as lost:
        raise Refused(
            _(
                "文件“%(name)s”第 %(no)s 版在存储中丢失或已被改动，与登记的摘要不符。请联系系统管理员从备份恢复。"
            )
            % {"name": version.name, "no": version.no}
        ) from lost
