"""Every page that was refused to a signed-in person is put on record; it is answered as it was."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.watch import actions, queries

REFUSED = (403, 404)


class WatchMiddleware:
    """Looks at answers that say no."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.status_code in REFUSED and request.method in ("GET", "HEAD"):
            _note(request, answer.status_code)
        return answer


def _note(request: HttpRequest, status: int) -> None:
    """A page that is not there for anybody is no refusal; one that is there and was not shown is."""
    actor: Any = getattr(request, "actor", None)
    match = request.resolver_match
    if match is None or not getattr(actor, "person_id", None):
        return
    subject = queries.subject_named(actor=actor, parts=match.kwargs)
    if subject is None and status == 404:
        return
    actions.note_refused_read(
        actor, page=match.view_name, reason=_why(actor, subject.level if subject else 0),
        stream=subject.stream if subject else "", object_id=subject.object_id if subject else None,
    )  # fmt: skip


def _why(actor: Actor, level: int) -> str:
    if level > actor.clearance:
        return _("密级高于本人的知悉范围。")
    return _("不在本人的职责或知悉范围之内。")
