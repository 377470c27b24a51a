"""The page of the self-check."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base import clock
from sanban.base.ledger.errors import Denied
from sanban.desk.compliance import controls, queries
from sanban.desk.compliance.telling import words

COLOURS = {queries.MET: "green", queries.PARTLY: "amber", queries.NOT_MET: "red", queries.APART: "idle"}
OPEN_TO = {
    controls.RULES: ("security", "auditor"), controls.MACHINE: ("admin", "auditor"),
    controls.REFUSALS: ("security", "auditor"),
}  # fmt: skip
"""Who may open the page behind a control; a page not named here is for everybody who sees this one."""


@require_GET
def compliance(request: HttpRequest) -> HttpResponse:
    """Every control as it stands now, with what was seen and where to see more."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        found = queries.review(actor=actor)
    except Denied as refusal:
        raise PermissionDenied(refusal.message) from refusal
    context = {
        "title": _("合规自检"),
        "subtitle": _("检查于 %(at)s") % {"at": f"{clock.local(found.at):%Y-%m-%d %H:%M:%S}"},
        "review": found,
        "words": words(),
        "colours": COLOURS,
        "closed": {page for page, roles in OPEN_TO.items() if not actor.has(*roles)},
    }
    return render(request, "desk/compliance.html", context)
