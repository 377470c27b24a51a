"""What leaves the house, in words: no title above the internal level ever does."""

import json
import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import INTERNAL, Actor
from sanban.base.notify.models import Message, Outgoing, WebhookEndpoint
from sanban.base.notify.queries import Shown, show

OUTSIDE: Final = Actor(ref="outside", name="", clearance=INTERNAL)
"""Reads with every message that leaves: what is above the internal level is named by number only."""
DIGEST_LINES: Final = 50


def shown_outside(refs: Sequence[str]) -> list[tuple[Message, Shown]]:
    """The messages of a parcel as they may be told outside, oldest first."""
    keys = [uuid.UUID(hex=ref) for ref in refs]
    rows = Message.objects.filter(pk__in=keys).order_by("id")
    return [(row, show(actor=OUTSIDE, row=row)) for row in rows]


def address(path: str) -> str:
    """A path of the site as an address that works in a mail."""
    return settings.SANBAN_URL.rstrip("/") + path


def mail(row: Outgoing) -> tuple[str, str] | None:
    """Subject and text of a mail; None when there is nothing left to say."""
    told = [one for _message, one in shown_outside(row.messages) if one.unread]
    if not told:
        return None
    if row.urgent:
        (one,) = told
        return f"【{_('急')}】{one.kind}：{one.head}"[:120], "\n".join(
            [one.head, one.text, address(one.link), "", _foot()]
        )
    lines = []
    for number, one in enumerate(told[:DIGEST_LINES], start=1):
        lines += [
            f"{number}. [{one.kind}] {one.head}",
            f"   {one.text}".rstrip(),
            f"   {address(one.link)}",
            "",
        ]
    if len(told) > DIGEST_LINES:
        lines += [_("还有 %(count)s 条，请登录查看。") % {"count": len(told) - DIGEST_LINES}, ""]
    subject = _("%(day)s 消息汇总：%(count)s 条未读") % {
        "day": f"{clock.local(clock.now()):%m-%d}", "count": len(told),
    }  # fmt: skip
    return subject, "\n".join([*lines, _foot()])


def _foot() -> str:
    return _("三办协同云平台自动发出，请勿回复。接收方式：%(address)s") % {
        "address": address(reverse("notify:preferences"))
    }


def sms(row: Outgoing) -> str | None:
    """A text says that there is something and of what kind; never what it is about."""
    told = [one for _message, one in shown_outside(row.messages) if one.unread]
    if not told:
        return None
    return _("三办协同：您有 1 条紧急消息（%(kind)s），请登录平台查看。") % {"kind": told[0].kind}


def call(endpoint: WebhookEndpoint, row: Outgoing) -> bytes | None:
    """The body of a webhook delivery; the id stays the same when it is tried again."""
    told = shown_outside(row.messages)
    if row.messages and not told:
        return None
    said = _said(*told[0]) if told else _test(row)
    if endpoint.shape == "text":
        text = "\n".join(part for part in (said["head"], said["text"], said["link"]) if part)
        said = {"msgtype": "text", "text": {"content": text}}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _said(message: Message, one: Shown) -> dict[str, Any]:
    known = message.level <= INTERNAL
    return {
        "id": message.id.hex, "kind": message.kind, "event": message.event, "at": message.at.isoformat(),
        "urgent": message.urgent, "count": message.count, "head": one.head, "text": one.text,
        "object": [{"number": number, "title": title if known else ""} for number, title in message.lines],
        "link": address(message.link),
    }  # fmt: skip


def _test(row: Outgoing) -> dict[str, Any]:
    return {
        "id": f"test-{row.pk}", "kind": "test", "event": "notify.webhook_tested", "at": row.created_at.isoformat(),
        "urgent": False, "count": 0, "head": _("这是一条测试消息"), "text": _("收到即表示推送地址可用。"), "object": [],
        "link": address(reverse("notify:inbox")),
    }  # fmt: skip
