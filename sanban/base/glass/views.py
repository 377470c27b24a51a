"""Pages of emergency readings: the list, asking, one of them with its verbs, the terms."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.levels import LEVEL_WORDS
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.glass import actions, queries, rules
from sanban.base.glass.forms import AnswerForm, AskForm, ReviewForm, TermsForm
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.people.queries import names_of
from sanban.base.ui.fields import attempt, blame, status_of
from sanban.base.watch.queries import subject_of

SIZE = 30


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What one may know of, the newest first."""
    actor = actor_of(request)
    page = Paginator(queries.visible(actor=actor), SIZE).get_page(request.GET.get("page"))
    listed(request, "glass", page)
    names = names_of(actor=actor, refs={row.second_ref for row in page if row.second_ref})
    context = {
        "title": _("紧急查阅"), "page": page, "watches": actor.has("auditor", "security"),
        "may_ask": not actor.has(*rules.ADMINISTRATORS),
        "rows": [
            (row, rules.STATE_NAMES[rules.state_of(row)], names.get(row.second_ref, ("", ""))[0]) for row in page
        ],
    }  # fmt: skip
    return render(request, "glass/index.html", context)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to read what an address leads to, at once."""
    actor = actor_of(request)
    form, status = AskForm(request.POST or None, initial={"address": request.GET.get("about", "")}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                sight_id = actions.ask(actor, **form.cleaned_data)
            except Refused as no:
                blame(form, no)
                status = status_of(no)
            else:
                messages.success(request, _("已报安全管理员和其他单位负责人，须其中一人同意。"))
                return redirect("glass:one", sight_id=sight_id)
    terms = queries.terms_in_force(actor=actor)
    context = {
        "title": _("紧急查阅"), "crumbs": [(_("紧急查阅"), reverse("glass:index")), (_("提出"), "")],
        "form": form, "terms": terms,
    }  # fmt: skip
    return render(request, "glass/ask.html", context, status=status)


@require_GET
def one(request: HttpRequest, sight_id: int) -> HttpResponse:
    """One emergency reading with what may be done now."""
    return _one(request, sight_id, AnswerForm(), ReviewForm(), 200)


@require_POST
def decide(request: HttpRequest, sight_id: int, verb: str) -> HttpResponse:
    """Open, refuse, end, review; a refusal is said on the same page."""
    actor, answer, judged = actor_of(request), AnswerForm(request.POST), ReviewForm(request.POST)
    acts: dict[str, tuple[Form | None, Callable[[], None], str]] = {
        "open": (answer, lambda: actions.open_sight(actor, sight_id=sight_id, **answer.cleaned_data),
                 _("已开启，到时自动收回。")),
        "refuse": (answer, lambda: actions.refuse_sight(actor, sight_id=sight_id, **answer.cleaned_data),
                   _("已答复不同意。")),
        "end": (None, lambda: actions.end_sight(actor, sight_id=sight_id), _("已结束。")),
        "review": (judged, lambda: actions.review(
            actor, sight_id=sight_id, justified=judged.cleaned_data["justified"] == "yes",
            finding=judged.cleaned_data["finding"],
        ), _("已复核。")),
    }  # fmt: skip
    if verb not in acts:
        raise Http404
    form, run, done = acts[verb]
    shown_forms = answer if form is answer else AnswerForm(), judged if form is judged else ReviewForm()
    if form is not None and not form.is_valid():
        return _one(request, sight_id, *shown_forms, 422)
    try:
        run()
    except Refused as no:
        if form is None:
            messages.error(request, no.message)
            return redirect("glass:one", sight_id=sight_id)
        blame(form, no)
        return _one(request, sight_id, *shown_forms, status_of(no))
    messages.success(request, done)
    return redirect("glass:one", sight_id=sight_id)


def _one(
    request: HttpRequest, sight_id: int, answer: AnswerForm, judged: ReviewForm, status: int
) -> HttpResponse:
    actor = actor_of(request)
    try:
        row = queries.get_sight(actor=actor, sight_id=sight_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    shown(request, "glass", sight_id, level=1)
    state, seconds = rules.state_of(row), rules.may_second(actor, row)
    names = names_of(actor=actor, refs={row.second_ref, row.reviewed_by} - {""})
    context = {
        "title": _("紧急查阅"), "subtitle": row.person_name, "row": row, "state": rules.STATE_NAMES[state],
        "crumbs": [(_("紧急查阅"), reverse("glass:index")), (row.person_name, "")],
        "name": _name(actor, row), "level": LEVEL_WORDS.get(row.level, "") if seconds else "",
        "second": names.get(row.second_ref, ("", ""))[0], "reviewer": names.get(row.reviewed_by, ("", ""))[0],
        "running": state == rules.OPENED,
        "may_end": state == rules.OPENED and (actor.person_id in (row.person_id, row.second_id)
                                              or actor.has("supervisor", "security")),
        "mine": actor.person_id == row.person_id,
        "answer": answer if seconds and state == rules.ASKED else None,
        "review": judged if state == rules.ENDED and rules.may_review(actor, row) else None,
    }  # fmt: skip
    return render(request, "glass/one.html", context, status=status)


def _name(actor: Actor, row: Any) -> str:
    """What is read, as far as this reader may know: who asks knows the address he gave."""
    if row.object_id is None or actor.person_id == row.person_id:
        return str(row.address)
    subject = subject_of(actor=actor, stream=row.stream, object_id=row.object_id)
    return subject.name_for(actor) if subject else str(row.address)


@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """The terms in force, their versions, and the form for the next."""
    actor = actor_of(request)
    if not actor.has(*rules.WATCHERS):
        raise PermissionDenied(_("紧急查阅规则只供督查办和安全、审计管理员查看。"))
    now = queries.terms_in_force(actor=actor)
    first = {"minutes": now.minutes, "review_days": now.review_days, "base_number": now.number}
    form, status = TermsForm(request.POST or None, initial=first), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.publish_terms(actor, **form.cleaned_data))
        if not status:
            messages.success(request, _("已发布，立即生效。"))
            return redirect("glass:terms")
    versions = queries.versions(actor=actor)
    names = names_of(actor=actor, refs={row.publisher_ref for row in versions})
    context = {
        "title": _("紧急查阅规则"), "crumbs": [(_("紧急查阅"), reverse("glass:index")), (_("规则"), "")],
        "now": now, "form": form if actor.has("security") else None,
        "rows": [(row, names.get(row.publisher_ref, ("—", ""))[0]) for row in versions],
    }  # fmt: skip
    return render(request, "glass/terms.html", context, status=status)
