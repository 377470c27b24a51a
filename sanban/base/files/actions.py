"""Acts on files. The bytes have been taken in by `intake.receive`; an act only says what they are and whose."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.files import blobs, queries, rules
from sanban.base.files.events import (
    FileShared,
    FileUploaded,
    PurposeStated,
    ScanFinished,
    VersionAdded,
    VersionReleased,
)
from sanban.base.files.intake import Received
from sanban.base.files.scan import ScanResult
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append

PURPOSE_HOLDS: Final = timedelta(hours=1)


def _content(received: Received, no: int) -> dict[str, Any]:
    facts = asdict(received)
    facts["file_kind"] = facts.pop("kind")  # `kind` is the event's own name
    return {**facts, "gaps": list(received.gaps), "version_id": new_id(), "no": no}


@act
def upload(
    *,
    actor: Actor,
    received: Received,
    level: int,
    about_type: str = "",
    about_id: int | None = None,
    shared_units: Sequence[int] = (),
) -> int:
    """Hand a file in at a level one may oneself read. It belongs to the person's unit and is held until scanned."""
    if level not in (rules.PUBLIC, rules.INTERNAL, rules.SECRET):
        raise Refused(_("密级不对。请选择公开、内部或工作秘密。"), field="level")
    if level > actor.clearance:
        raise Denied(
            _("您的权限不能上传这一密级的文件。请选择较低的密级，或由有权限的人员上传。"), field="level"
        )
    file_id = new_id()
    uploaded = FileUploaded(
        **_content(received, 1),
        level=level,
        about_type=about_type,
        about_id=about_id,
        unit_id=actor.unit_id,
        shared_units=sorted(set(shared_units)),
    )
    _keep_secret(level, received)
    append(actor, uploaded, stream_id=file_id, version=0, level=level)
    return file_id


def _keep_secret(level: int, received: Received) -> None:
    """Bytes and text of a work secret lie under keys of their own before the file is there."""
    if level == rules.SECRET:
        blobs.keep_secret(received.sha256)
        blobs.keep_secret(received.text_sha256)


@act
def add_version(*, actor: Actor, file_id: int, received: Received) -> int:
    """Renew a file: the person or the unit that handed it in gives a newer version; the older ones stay readable."""
    file = queries.get_file(actor=actor, file_id=file_id)
    if not rules.may_renew(actor, file):
        raise Denied(_("只有上传人或其单位可以更新这个文件。请联系上传单位。"))
    current = queries.get_version(actor=actor, file_id=file_id)
    if current.sha256 == received.sha256:
        raise Refused(_("所选文件与当前版本完全相同，无需更新。请检查是否选错了文件。"), field="file")
    facts = _content(received, file.current_no + 1)
    _keep_secret(file.level, received)
    append(actor, VersionAdded(**facts), stream_id=file.id, version=file.version, level=file.level)
    return int(facts["version_id"])


@act
def state_purpose(*, actor: Actor, file_id: int, purpose: str) -> None:
    """Say what the bytes of a work secret are needed for; for an hour they may be taken (§5.2 用途)."""
    file = queries.get_file(actor=actor, file_id=file_id)
    words = purpose.strip()
    if not 4 <= len(words) <= 200:
        raise Refused(_("请写明用途：哪一件事（办件号）、做什么用，4 到 200 字。"), field="purpose")
    if file.level < rules.SECRET:
        raise Refused(_("只有工作秘密文件下载前须说明用途，这个文件可以直接下载。"), field="purpose")
    if actor.person_id is None:
        raise Denied(_("工作秘密文件只能由本人登录后下载。"))
    said = PurposeStated(person_id=actor.person_id, purpose=words, until=clock.now() + PURPOSE_HOLDS)
    append(actor, said, stream_id=file.id, version=file.version, level=file.level)


@act
def record_scan(*, actor: Actor, file_id: int, no: int, result: ScanResult) -> None:
    """Write down what the scanner said of a held version. Silence is not a finding: the version stays held."""
    if not actor.system:
        raise Denied(_("只有查毒程序可以登记查毒结果。"))
    if result.state == "unavailable":
        raise Refused(_("查毒程序没有给出结论（%(why)s），文件继续留置。") % {"why": result.detail})
    version = queries.get_version(actor=actor, file_id=file_id, no=no)
    if version.scan_state != rules.HELD:
        raise Refused(_("这一版已有查毒结论，不再登记。"))
    bad = result.state == "infected"
    finding = _("查出病毒 %(name)s") % {"name": result.detail} if bad else _("未发现病毒")
    said = ScanFinished(
        version_id=version.id, no=no, state=result.state, detail=result.detail[:200], finding=finding
    )
    append(actor, said, stream_id=file_id, version=version.file.version, level=version.file.level)


@act
def release(*, actor: Actor, file_id: int, no: int, reason: str) -> None:
    """Let a held version out without a scan: a security officer, not the uploader, with a written reason."""
    version = queries.get_version(actor=actor, file_id=file_id, no=no)
    if not rules.may_release(actor, uploaded_by=version.uploaded_by):
        raise Denied(_("只有安全管理员可以人工放行，且不能放行自己上传的文件。"))
    if version.scan_state != rules.HELD:
        raise Refused(_("这一版不在留置状态，不能放行。请刷新后查看。"))
    if len(reason.strip()) < 4:
        raise Refused(_("请写明放行理由（至少 4 个字），例如在何处、用何软件查过毒。"), field="reason")
    freed = VersionReleased(version_id=version.id, no=version.no, reason=reason.strip()[:200])
    append(actor, freed, stream_id=file_id, version=version.file.version, level=version.file.level)


@act
def share(*, actor: Actor, file_id: int, unit_ids: Sequence[int]) -> None:
    """Let more units read a file: said by the person or the unit that handed it in."""
    file = queries.get_file(actor=actor, file_id=file_id)
    if not rules.may_renew(actor, file):
        raise Denied(_("只有上传人或其单位可以共享这个文件。请联系上传单位。"))
    wider = FileShared(unit_ids=sorted(set(unit_ids)))
    append(actor, wider, stream_id=file.id, version=file.version, level=file.level)
