"""Messages and webhooks for programs: what waits for the asker, and where messages are passed on to."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from sanban.base.access.actor import actor_of
from sanban.base.access.readlog.recording import listed
from sanban.base.access.wire import After, Body, Count, Done, Limit, Listed, Operations, page, reply
from sanban.base.notify import actions, queries
from sanban.base.notify.kinds import Kind
from sanban.base.notify.rules import masked

operations = Operations("notify", "消息与推送")
router = operations.router


class MessageOut(Schema):
    """One message to the asker."""

    id: uuid.UUID
    at: datetime
    kind: str
    urgent: bool
    unread: bool
    head: str
    text: str
    by: str
    link: str


class WebhookOut(Schema):
    """An address that messages are passed on to; its key is never shown again."""

    id: int
    name: str
    owner: str
    url: str
    shape: str
    kinds: list[str]
    active: bool
    made_at: datetime
    version: int


class WebhookIn(Body):
    """A new address."""

    name: str = Field(min_length=1, max_length=60, examples=["督办群机器人"])
    url: str = Field(max_length=500, examples=["https://im.example.cn/hook/1"])
    kinds: list[str] = Field(examples=[[kind.value for kind in Kind][:2]])
    shape: Literal["json", "text"] = "json"
    owner_id: int | None = Field(None, description="谁的消息；不填为本人")


class WebhookMade(Schema):
    """The new address, with the key that signs what is sent to it."""

    id: int
    key: str = Field(description="验签密钥，只在新建时显示一次")


@operations.read("/messages", name="messages", summary="我的消息", answer=Listed[MessageOut])
def messages(
    request: HttpRequest, after: After, limit: Limit, unread: Annotated[bool, Query(False)]
) -> HttpResponse:
    """本人的消息，未读在前，新的在前。"""
    found = queries.inbox_page(actor=actor_of(request), unread_only=unread, after=after, limit=limit)
    listed(request, "message", found.rows)
    names = tuple(MessageOut.model_fields)
    return page(({name: getattr(row, name) for name in names} for row in found.rows), found.after)


@operations.write("/messages/read", name="read_all", summary="全部标为已读", answer=Count)
def read_all(request: HttpRequest) -> HttpResponse:
    """此刻以前的消息全部标为已读。"""
    return reply({"count": actions.read_all(actor_of(request))})


@operations.write("/messages/{message_id}/read", name="read", summary="标为已读", answer=Count)
def read(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """把本人的一条消息标为已读。"""
    actions.read_message(actor_of(request), message_id=message_id)
    return reply({"count": 1})


@operations.read("/webhooks", name="webhooks", summary="推送地址", answer=Listed[WebhookOut])
def webhooks(request: HttpRequest, after: After, limit: Limit) -> HttpResponse:
    """消息向外推送到哪些地址，新的在前。"""
    rows, following = queries.webhooks_page(actor=actor_of(request), after=after, limit=limit)
    return page((_shown(row) for row in rows), following)


@operations.write("/webhooks", name="create_webhook", summary="新建推送地址", answer=WebhookMade, status=201)
def create_webhook(request: HttpRequest, given: WebhookIn) -> HttpResponse:
    """新建推送地址。推送带 Sanban-Signature 请求头：t=秒,v1=以密钥对“t.正文”做的 HMAC-SHA256。"""
    endpoint_id, key = actions.create_webhook(actor_of(request), **given.model_dump())
    return reply({"id": endpoint_id, "key": key}, status=201)


@operations.write("/webhooks/{endpoint_id}/disable", name="disable_webhook", summary="停用推送", answer=Done)
def disable_webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """停用推送地址，立即生效。"""
    actions.disable_webhook(actor_of(request), endpoint_id=endpoint_id)
    return _done(request, endpoint_id)


@operations.write("/webhooks/{endpoint_id}/test", name="test_webhook", summary="试推一条", answer=Done)
def test_webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """请时钟在下一次查看时试推一条。"""
    actions.try_webhook(actor_of(request), endpoint_id=endpoint_id)
    return _done(request, endpoint_id)


def _done(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    version = queries.endpoint(actor=actor_of(request), endpoint_id=endpoint_id).version
    return reply({"id": endpoint_id, "version": version}, version=version)


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "owner": row.owner.name,
        "url": masked(row.url),
        "shape": row.shape,
        "kinds": row.kinds,
        "active": row.active,
        "made_at": row.made_at,
        "version": row.version,
    }
