"""What happens to files."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("files.file_uploaded", stream="file", sentence=_("上传文件“{name}”（{size} 字节）"))
class FileUploaded(Event):
    """A file was handed in: what its bytes are, what text was read. It is held until the scanner has spoken."""

    version_id: int
    no: int
    name: str
    file_kind: str
    media_type: str
    size: int
    sha256: str
    sm3: str
    encoding: str
    pages: int
    gaps: list[str]
    text_state: str
    text_length: int
    text_sha256: str
    level: int
    about_type: str
    about_id: int | None
    unit_id: int | None
    shared_units: list[int]


@event("files.version_added", stream="file", sentence=_("更新文件“{name}”，第 {no} 版"))
class VersionAdded(Event):
    """A newer version took the place of the current one; the older ones stay."""

    version_id: int
    no: int
    name: str
    file_kind: str
    media_type: str
    size: int
    sha256: str
    sm3: str
    encoding: str
    pages: int
    gaps: list[str]
    text_state: str
    text_length: int
    text_sha256: str


@event("files.scan_finished", stream="file", sentence=_("第 {no} 版查毒结束：{finding}"))
class ScanFinished(Event):
    """The scanner called a version clean or infected."""

    version_id: int
    no: int
    state: str
    detail: str
    finding: str


@event("files.version_released", stream="file", sentence=_("第 {no} 版未经查毒，人工放行：{reason}"))
class VersionReleased(Event):
    """A security officer let a held version out on his own responsibility."""

    version_id: int
    no: int
    reason: str


@event("files.file_shared", stream="file", sentence=_("扩大文件的阅读范围"))
class FileShared(Event):
    """More units may read the file."""

    unit_ids: list[int]


@event("files.purpose_stated", stream="file", sentence=_("说明下载用途，至 {until}：{purpose}"))
class PurposeStated(Event):
    """A person said what he needs the bytes of a work secret for; until then he may take them."""

    person_id: int
    purpose: str
    until: datetime
