"""Who makes the request. Every page but the front door needs a signed-in, active person."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from sanban.base import clock
from sanban.base.access.actor import ANYBODY, Actor
from sanban.base.access.context import standing_of
from sanban.base.ledger.standing import answering, carried, stand_as
from sanban.base.people.models import Person
from sanban.base.people.queries import actor_of

OPEN_PREFIXES = ("/account/", "/static/", "/health", "/log/", "/feeds/", "/api/", "/ui/look", "/favicon")
RENEW_SECONDS = 60


class ActorMiddleware:
    """Sets `request.actor`; sends strangers to the front door; ends idle sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with answering():
            response = self._answer(request)
            if response.streaming and not isinstance(response, FileResponse):
                response.streaming_content = carried(response.streaming_content)  # type: ignore[attr-defined]
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            _renew(request)
        if not request.path.startswith(OPEN_PREFIXES):
            if not request.user.is_authenticated:
                return _front_door(request)
            request.actor = _actor(request)  # type: ignore[attr-defined]  # every page asks for it
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(getattr(user, "_wrapped", user), Person) or not user.is_active:
        return ANYBODY
    actor = actor_of(person=user)
    stand_as(standing_of(actor))
    return actor


def _front_door(request: HttpRequest) -> HttpResponse:
    target = reverse("account_login")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"detail": "login required"}, status=401)
    back = "" if request.path == "/" else "?" + urlencode({"next": request.get_full_path()})
    return redirect(target + back)


def _renew(request: HttpRequest) -> None:
    """End a session that was idle too long; put the end of any other off, writing at most once a minute."""
    now = int(clock.now().timestamp())
    seen = request.session.get("seen", now)
    if now - seen > settings.SESSION_COOKIE_AGE:
        logout(request)
    elif abs(now - seen) > RENEW_SECONDS or "seen" not in request.session:
        request.session["seen"] = now
