"""Pages of the rules: the list with the question 为什么, one rule, and all as a text for Cedar's own tools."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base.ledger.errors import Denied, Refused
from sanban.desk.permissions import queries


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every rule by kind of object; with a person and an object, whether and why he may see it."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        book = queries.book(actor=actor)
    except Denied as refusal:
        raise PermissionDenied(refusal.message) from refusal
    asked = {name: request.GET.get(name, "").strip()[:300] for name in ("login", "stream", "place")}
    context: dict[str, Any] = {"title": _("权限规则"), "book": book, "asked": asked, "faults": {}}
    status = 200
    if asked["login"] or asked["place"]:
        try:
            context["answer"] = queries.answer(actor=actor, **asked)
        except Refused as refusal:
            context["faults"] = {refusal.field or "place": refusal.message}
            status = 422
    return render(request, "desk/permissions.html", context, status=status)


@require_GET
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """One rule in words, and as Cedar policy text."""
    try:
        found, tree, cedar = queries.get_rule(actor=request.actor, name=name)  # type: ignore[attr-defined]
    except Denied as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        raise Http404(refusal.message) from refusal
    context = {
        "title": found.words,
        "subtitle": found.name,
        "crumbs": [(_("权限规则"), reverse("desk:permissions")), (found.words, "")],
        "tree": tree,
        "cedar": cedar,
    }
    return render(request, "desk/permission.html", context)


@require_GET
def policy_set(request: HttpRequest) -> HttpResponse:
    """All rules as Cedar policy text."""
    try:
        text = queries.policy_set(actor=request.actor)  # type: ignore[attr-defined]
    except Denied as refusal:
        raise PermissionDenied(refusal.message) from refusal
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="sanban.cedar"'},
    )
