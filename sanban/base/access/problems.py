"""What goes wrong at the API, told as application/problem+json (RFC 9457) in the language of the asker."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.errors import Conflict, Denied, Refused

CONTENT_TYPE: Final = "application/problem+json"
TYPES: Final[dict[str, tuple[int, str | Promise]]] = {
    "bad_request": (400, _("请求无法读懂")),
    "unauthorized": (401, _("需要有效的令牌")),
    "denied": (403, _("没有权限")),
    "scope": (403, _("令牌的权限范围不足")),
    "csrf": (403, _("缺少防伪造凭据")),
    "not_found": (404, _("没有这个对象")),
    "method_not_allowed": (405, _("此地址不支持该方法")),
    "conflict": (409, _("已被他人更新")),
    "in_progress": (409, _("同一请求正在办理")),
    "too_large": (413, _("内容过大")),
    "unsupported_media": (415, _("内容类型不支持")),
    "refused": (422, _("不能这样办理")),
    "invalid": (422, _("填写有误")),
    "key_reused": (422, _("幂等键已用于别的请求")),
    "unavailable": (503, _("暂时不能查阅")),
    "failed": (500, _("系统出错")),
}
"""Kind of problem: its status and its title. The kind is the last part of the problem's `type`."""
BY_CODE: Final = {"too_large": "too_large", "unsupported": "unsupported_media"}
"""Refusals of a file that have a status of their own."""


class Problem(Exception):
    """A problem that no act raised: the request itself cannot be served."""

    def __init__(
        self, kind: str, detail: str, *, errors: Sequence[Mapping[str, str]] = (), **more: Any
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = list(errors)
        self.more = more


def not_there(detail: str) -> Problem:
    """Something that is not there for this asker, whether or not it exists."""
    return Problem("not_found", detail)


def invalid(field: str, message: str) -> Problem:
    """One value that cannot be taken as it is."""
    return Problem("invalid", message, errors=[{"field": field, "message": message}])


class Stale(Exception):
    """A refused write on an object that changed meanwhile, with the object as it is now."""

    def __init__(self, conflict: Conflict, current: Mapping[str, Any] | None) -> None:
        super().__init__(conflict.message)
        self.conflict = conflict
        self.current = current


def answer(kind: str, detail: str, *, errors: Sequence[Mapping[str, str]] = (), **more: Any) -> HttpResponse:
    """The problem as a response."""
    status, title = TYPES[kind]
    body = {
        "type": f"/api/v1/docs#problem-{kind}",
        "title": str(title),
        "status": status,
        "detail": str(detail),
        "errors": list(errors),
        "lang": get_language() or "",
        **more,
    }
    made = HttpResponse(orjson.dumps(body, default=str), content_type=CONTENT_TYPE, status=status)
    made["Cache-Control"] = "no-store"
    if status == 401:
        made["WWW-Authenticate"] = 'Bearer realm="sanban"'
    return made


def of_refusal(refusal: Refused, current: Mapping[str, Any] | None = None) -> HttpResponse:
    """A refusal of an act: no right 403, the object moved on 409, not possible so 422."""
    kind = BY_CODE.get(refusal.code, "refused")
    if isinstance(refusal, Denied):
        kind = "denied"
    elif isinstance(refusal, Conflict):
        kind = "conflict"
    errors = [{"field": refusal.field, "message": refusal.message}] if refusal.field else []
    more: dict[str, Any] = {}
    if current is not None:
        more = {"current": current, "version": current.get("version")}
    return answer(kind, refusal.message, errors=errors, **more)
