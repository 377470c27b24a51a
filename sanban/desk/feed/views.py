"""The address that a calendar reads. The key in it is the only pass; a revoked one leads nowhere."""

from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sanban.base.access.context import standing_of
from sanban.base.access.readlog.recording import FEED, listed
from sanban.base.ledger.standing import stand_as
from sanban.base.people.queries import actor_for_feed
from sanban.base.watch.queries import hold_of
from sanban.desk.feed import ics, queries

PER_MINUTE = 20
"""A calendar asks once in some minutes; more is a machine gone wrong, or somebody who guesses."""


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What falls due for the owner of the key, as he may see it now; 304 when nothing has changed."""
    if _too_often(f"feed:{sha256(token.encode()).hexdigest()}"):
        return _plain(_("读取过于频繁，请一分钟后再试。"), 429, {"Retry-After": "60"})
    actor = actor_for_feed(key=token)
    if actor is not None and hold_of(actor=actor) is not None:
        return _plain(_("您的帐号正在核验身份，日历订阅已停用。请先登录网页完成核验。"), 403)
    if actor is None:
        if _too_often(f"feed:miss:{request.META.get('REMOTE_ADDR', '')}"):
            return _plain(_("读取过于频繁，请一分钟后再试。"), 429, {"Retry-After": "60"})
        return _plain(_("没有这个日历地址，或它已停用。请在“我的账号”中生成新的地址。"), 404)
    stand_as(standing_of(actor))
    rows = queries.due_rows(actor=actor)
    listed(request, "task", rows, how=FEED, predicate={}, actor=actor)
    body = ics.write(
        rows,
        link=lambda number: request.build_absolute_uri(reverse("task:detail", args=[number])),
        as_todo=request.GET.get("as") == "todo",
    )
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = 'inline; filename="sanban.ics"'
    response["X-Robots-Tag"] = "noindex"
    found = get_conditional_response(request, etag=etag, response=response)
    return found if isinstance(found, HttpResponse) else response


def _too_often(key: str) -> bool:
    """Whether this key has been asked more than so many times within a minute."""
    cache.add(key, 0, 60)
    try:
        return cache.incr(key) > PER_MINUTE
    except ValueError:  # the minute ended between the two lines
        return False


def _plain(words: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status, headers=headers)
