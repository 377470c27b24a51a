"""Every page that was refused to a signed-in person is put on record; who was intercepted proves himself first."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.watch import actions, examining, queries

REFUSED: Final = (403, 404)
REFUSED_ACTS: Final = (302, 403, 409, 422)
"""What an act that was refused is answered with: a redirect may carry the refusal along."""
OPEN: Final = ("/account/", "/static/", "/health", "/ui/look", "/favicon")


class WatchMiddleware:
    """Looks at who was intercepted before a page, and at answers that say no after it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith((*OPEN, "/api/", "/feeds/")):
            actor: Any = request.actor  # type: ignore[attr-defined]
            elsewhere = actor.person_id is not None and request.path != reverse("watch:step_up")
            if elsewhere and queries.hold_of(actor=actor) is not None:
                return redirect("watch:step_up")
        answer = self.get_response(request)
        actor = getattr(request, "actor", None)
        if not request.path.startswith(OPEN) and getattr(actor, "person_id", None):
            _after(request, actor, answer.status_code)
        return answer


def _after(request: HttpRequest, actor: Actor, status: int) -> None:
    if status in REFUSED and request.method in ("GET", "HEAD"):
        noted = _note(request, actor, status)
    else:
        noted = request.method == "POST" and status in REFUSED_ACTS
    if noted:
        examining.look_at_refusals(actor)


def _note(request: HttpRequest, actor: Actor, status: int) -> bool:
    """A page that is not there for anybody is no refusal; one that is there and was not shown is."""
    match = request.resolver_match
    if match is None:
        return False
    subject = queries.subject_named(actor=actor, parts=match.kwargs)
    if subject is None and status == 404:
        return False
    actions.note_refused_read(
        actor, page=match.view_name, reason=_why(actor, subject.level if subject else 0),
        stream=subject.stream if subject else "", object_id=subject.object_id if subject else None,
    )  # fmt: skip
    return True


def _why(actor: Actor, level: int) -> str:
    if level > actor.clearance:
        return _("密级高于本人的知悉范围。")
    return _("不在本人的职责或知悉范围之内。")
