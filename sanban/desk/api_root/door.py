"""Who may come in: a personal token, or the signed-in session of the same site with its anti-forgery token."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from sanban.base.access.actor import Actor
from sanban.base.access.context import standing_of
from sanban.base.access.problems import Problem
from sanban.base.access.wire import SCOPES
from sanban.base.ledger.standing import stand_as
from sanban.base.people.queries import actor_for_token
from sanban.base.watch.queries import hold_of

SAFE: Final = ("GET", "HEAD", "OPTIONS")
BODY_MAX: Final = 2 * 1024 * 1024
MIB: Final = 1024 * 1024
JSON, MULTIPART = "application/json", "multipart/form-data"


def door(request: HttpRequest) -> Actor:
    """Settle who asks and within which scopes, or say why not. Called by every operation before anything else."""
    _measure(request)
    header = request.headers.get("Authorization", "")
    if header:
        return _by_token(request, header)
    if not request.user.is_authenticated:
        raise Problem(
            "unauthorized", _("请在 Authorization 请求头中给出个人令牌（Bearer），或先登录本系统。")
        )
    if request.method not in SAFE and check_csrf(request) is not None:
        raise Problem("csrf", _("用会话登录调用时，须带 X-CSRFToken 请求头；程序调用请改用个人令牌。"))
    request.scopes = frozenset(SCOPES)  # type: ignore[attr-defined]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    _demand_free(actor)
    return actor


def _demand_free(actor: Actor) -> None:
    """Who was intercepted proves on a page who he is before any program of his goes on."""
    if hold_of(actor=actor) is not None:
        raise Problem("denied", _("您的帐号正在核验身份，程序调用已停用。请先登录网页完成核验。"))


def _by_token(request: HttpRequest, header: str) -> Actor:
    scheme, _blank, key = header.partition(" ")
    found = actor_for_token(key=key.strip()) if scheme.lower() == "bearer" and key.strip() else None
    if found is None:
        raise Problem("unauthorized", _("令牌无效、已过期或已吊销。请在“我的设置”中新建令牌。"))
    actor, scopes = found
    stand_as(standing_of(actor))
    _demand_free(actor)
    request.actor = actor  # type: ignore[attr-defined]
    request.scopes = scopes  # type: ignore[attr-defined]
    return actor


def _measure(request: HttpRequest) -> None:
    """Refuse by its head what is too large, before a byte of it is read."""
    upload = request.content_type == MULTIPART
    most = settings.SANBAN_FILE_MAX_MB * MIB + MIB if upload else BODY_MAX
    said = request.headers.get("Content-Length", "")
    if said.isdecimal() and int(said) > most:
        raise Problem("too_large", _("内容超过 %(most)d MB 的上限，请拆分后再提交。") % {"most": most // MIB})


def demand_json(request: HttpRequest) -> None:
    """A JSON operation takes JSON only."""
    if request.content_type != JSON:
        raise Problem(
            "unsupported_media",
            _("请以 application/json 提交，收到的是“%(kind)s”。") % {"kind": request.content_type or "—"},
        )


SECURITY: Final[dict[str, Any]] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "个人令牌：在“我的设置”中新建，选择 read、write 权限范围。",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "本站登录会话；写操作另须 X-CSRFToken 请求头。",
    },
}
"""The two ways in, as the description names them."""
