"""Files for programs: hand in, look up, take out."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Schema, UploadedFile
from pydantic import Field

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.cursors import page_by_id
from sanban.base.access.once import once
from sanban.base.access.problems import not_there
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.access.wire import After, Limit, Listed, Operations, page, reply
from sanban.base.files import actions, queries, sweep
from sanban.base.files.handing import hand_in
from sanban.base.files.leaving import leaving
from sanban.base.ledger.errors import Denied, Refused

operations = Operations("files", "文件")
router = operations.router
Level = Annotated[int, Form(1, ge=0, le=2, description="0 公开、1 内部、2 工作秘密")]


class FileRow(Schema):
    """A file as lists show it."""

    id: int
    name: str
    level: int
    unit_id: int | None
    uploaded_at: datetime
    current: int = Field(description="现行版本号")
    version: int


class VersionRow(Schema):
    """One version of a file."""

    no: int
    name: str
    kind: str
    media_type: str
    size: int
    sha256: str
    sm3: str
    pages: int
    scan: str = Field(description="held 待查毒、clean、infected、released")
    text: str = Field(description="read 为已读出正文；否则为原因")
    uploaded_at: datetime


class PurposeIn(Schema):
    """What the bytes of a work secret are needed for."""

    purpose: str = Field(min_length=4, max_length=200, description="办件号和事由")


class FileOut(FileRow):
    """One file with its versions, the newest first."""

    versions: list[VersionRow]


@operations.read("/files", name="list", summary="文件列表", answer=Listed[FileRow])
def file_list(request: HttpRequest, after: After, limit: Limit) -> HttpResponse:
    """您可见的文件，新的在前。"""
    found, following = page_by_id(queries.visible(actor=actor_of(request)), after=after, limit=limit)
    listed(request, "file", found)
    return page([_row(file) for file in found], following)


@operations.read("/files/{file_id}", name="one", summary="一个文件", answer=FileOut)
def one(request: HttpRequest, file_id: int) -> HttpResponse:
    """文件及其各版本的摘要、查毒结论和正文读取情况。"""
    made = _file(actor_of(request), file_id)
    shown(request, "file", file_id, level=made["level"])
    return reply(made, version=made["version"])


@operations.read("/files/{file_id}/content", name="content", summary="下载文件", answer=str)
def content(
    request: HttpRequest,
    file_id: int,
    no: Annotated[int, Query(0, ge=0, description="版本号；不填为现行版本")],
) -> HttpResponse:
    """原样下载；待查毒和染毒的不能下载，工作秘密先说明用途。"""
    try:
        version, data = queries.open_bytes(actor=actor_of(request), file_id=file_id, no=no)
    except Denied as hidden:
        raise not_there(hidden.message) from hidden
    return leaving(request, version, data)


@operations.write(
    "/files/{file_id}/purpose", name="purpose", summary="说明下载用途", answer=FileOut, whole=False
)
def state_purpose(request: HttpRequest, file_id: int, given: PurposeIn) -> HttpResponse:
    """工作秘密文件下载前写明办件号和事由，登记后一小时内可以下载。"""
    actor = actor_of(request)
    _file(actor, file_id)

    def act() -> HttpResponse:
        actions.state_purpose(actor=actor, file_id=file_id, purpose=given.purpose)
        made = _file(actor, file_id)
        return reply(made, version=made["version"])

    return once(request, actor, act)


@operations.write("/files", name="upload", summary="上传文件", answer=FileOut, status=201, whole=False)
def upload(
    request: HttpRequest,
    file: Annotated[
        UploadedFile, File(..., description="docx、pdf、txt、html、xlsx、图片等；国家秘密不得上传")
    ],
    level: Level,
) -> HttpResponse:
    """上传一个文件（multipart/form-data），查毒之后方可下载。"""
    actor = actor_of(request)
    received = hand_in(actor, file, act="base.files.upload")

    def act() -> HttpResponse:
        file_id = actions.upload(actor=actor, received=received, level=level)
        return _made(actor, file_id)

    return _scanned(once(request, actor, act))


@operations.write(
    "/files/{file_id}/versions", name="add_version", summary="更新文件", answer=FileOut, status=201, whole=False
)  # fmt: skip
def add_version(request: HttpRequest, file_id: int, file: Annotated[UploadedFile, File(...)]) -> HttpResponse:
    """上传同一文件的新版本，旧版本仍可查看。"""
    actor = actor_of(request)
    _file(actor, file_id)
    received = hand_in(actor, file, act="base.files.add_version")

    def act() -> HttpResponse:
        actions.add_version(actor=actor, file_id=file_id, received=received)
        return _made(actor, file_id)

    return _scanned(once(request, actor, act))


def _made(actor: Actor, file_id: int) -> HttpResponse:
    made = _file(actor, file_id)
    answer = reply(made, status=201, version=made["version"], location=f"/api/v1/files/{file_id}")
    answer.file_id = file_id  # type: ignore[attr-defined]
    return answer


def _scanned(answer: HttpResponse) -> HttpResponse:
    """Show a new file to the scanner, after the act that took it in; an answer repeated has no new file."""
    if (file_id := getattr(answer, "file_id", None)) is not None:
        sweep.scan_file(file_id)
    return answer


def _file(actor: Actor, file_id: int) -> dict[str, Any]:
    try:
        file = queries.get_file(actor=actor, file_id=file_id)
        versions = queries.get_versions(actor=actor, file_id=file_id)
    except Refused as hidden:
        raise not_there(hidden.message or _("没有这个文件。")) from hidden
    return _row(file) | {
        "versions": [
            {
                "no": row.no, "name": row.name, "kind": row.kind, "media_type": row.media_type, "size": row.size,
                "sha256": row.sha256, "sm3": row.sm3, "pages": row.pages, "scan": row.scan_state,
                "text": row.text_state, "uploaded_at": row.uploaded_at,
            }
            for row in versions
        ]
    }  # fmt: skip


def _row(file: Any) -> dict[str, Any]:
    return {
        "id": file.pk, "name": file.name, "level": file.level, "unit_id": file.unit_id,
        "uploaded_at": file.uploaded_at, "current": file.current_no, "version": file.version,
    }  # fmt: skip
