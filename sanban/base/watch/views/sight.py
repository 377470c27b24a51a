"""Pages of the watch: who has seen an object, what was refused, requests for sight and their answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanban.base import clock
from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.levels import LEVEL_WORDS
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.people.queries import names_of, unit_names
from sanban.base.ui.fields import attempt, blame, status_of
from sanban.base.watch import actions, queries, rules
from sanban.base.watch.forms import AnswerForm, AskForm
from sanban.base.watch.subjects import Subject, kind_name

SIZE = 30
SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}


@require_GET
def seen(request: HttpRequest, stream: str, object_id: int) -> HttpResponse:
    """Who has seen this object: person, unit, when, how, for which purpose; for its owner and the supervisors."""
    actor = actor_of(request)
    subject = queries.subject_of(actor=actor, stream=stream, object_id=object_id)
    if subject is None:
        raise Http404
    way, span, name = (request.GET.get(key, "") for key in ("way", "span", "who"))
    since = clock.now() - SPANS[span] if span in SPANS else None
    try:
        rows = queries.readers(
            actor=actor,
            subject=subject,
            way=way if way in rules.WAY_NAMES else "",
            name=name.strip(),
            since=since,
        )
    except Denied as no:
        raise PermissionDenied(no.message) from no
    page = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    counted = queries.counted_readers(actor=actor, subject=subject)
    names = names_of(actor=actor, refs={row.actor_ref for row in page} | {row.actor_ref for row in counted})
    units, purposes = unit_names(actor=actor), queries.purposes_of(actor=actor, subject=subject)
    shown(request, "readers", object_id, level=1)
    context = {
        "title": _("谁看过"), "subtitle": subject.name_for(actor), "subject": subject,
        "crumbs": [(subject.name_for(actor), subject.url), (_("谁看过"), "")],
        "level": LEVEL_WORDS.get(subject.level, ""), "page": page, "way": way, "span": span, "who": name,
        "ways": [(key, word) for key, word in rules.WAY_NAMES.items() if key != "gap"],
        "rows": [
            (row, names.get(row.actor_ref, ("—", ""))[0], units.get(row.unit_id or 0, ""),
             rules.WAY_NAMES.get(row.how, row.how), _purpose(row, purposes))
            for row in page
        ],
        "counted": [(row, names.get(row.actor_ref, ("—", ""))[0], units.get(row.unit_id or 0, "")) for row in counted],
        "gaps": queries.gaps(actor=actor, since=since),
    }  # fmt: skip
    return render(request, "watch/seen.html", context)


def _purpose(row: Any, asked: dict[str, str]) -> str | Promise:
    """What the object was read for: said at a download, by being named, or in the request that was granted."""
    return rules.PURPOSE_NAMES.get(row.purpose, asked.get(row.actor_ref, "") if row.purpose else "")


@require_GET
def refusals(request: HttpRequest) -> HttpResponse:
    """Every refusal: rule, plain reason, person, object; a secret one without its title."""
    actor = actor_of(request)
    who, code = request.GET.get("who", "").strip(), request.GET.get("code", "")
    asked = queries.RefusalFilter(name=who, code=code if code in rules.CODE_NAMES else "")
    try:
        found = queries.refusals(actor=actor, filter=asked)
    except Denied as no:
        raise PermissionDenied(no.message) from no
    page = Paginator(found, SIZE).get_page(request.GET.get("page"))
    names = names_of(actor=actor, refs={row.actor_ref for row in page})
    known = queries.titles_of(actor=actor, places=[(row.stream, row.object_id) for row in page])
    listed(request, "refusal", page)
    context = {
        "title": _("越权拦截"), "subtitle": _("共 %(n)d 次") % {"n": page.paginator.count}, "page": page, "who": who,
        "code": code, "codes": list(rules.CODE_NAMES.items()),
        "rows": [
            (row, *names.get(row.actor_ref, ("—", "")), rules.CODE_NAMES.get(row.code, row.code),
             _named(actor, known.get((row.stream, row.object_id or 0)), row.stream, row.object_id))
            for row in page
        ],
    }  # fmt: skip
    return render(request, "watch/refusals.html", context)


def _named(actor: Actor, subject: Subject | None, stream: str, object_id: int | None) -> str:
    """An object as a watcher may know it."""
    if subject is not None:
        return subject.name_for(actor)
    if object_id is None:
        return ""
    return _("%(kind)s（编号 %(id)s）") % {"kind": kind_name(stream), "id": object_id}


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to see what an address leads to. The page says the same whether or not there is anything."""
    actor = actor_of(request)
    about = request.GET.get("about", "")
    first = {"address": about, "until": clock.local(clock.now() + timedelta(days=7)).date()}
    form = AskForm(request.POST or None, initial=first)
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.request_sight(actor, **form.wish()))
        if not status:
            messages.success(request, _("已提交。如有此内容，归属单位会尽快批复，结果在“消息”中告诉您。"))
            return redirect("watch:requests")
    context = {"title": _("申请查阅"), "form": form, "about": about or form["address"].value()}
    return render(request, "watch/ask.html", context, status=status)


@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for one's answer, and what one has asked for."""
    actor = actor_of(request)
    page = Paginator(queries.requests_for(actor=actor), SIZE).get_page(request.GET.get("page"))
    own = queries.requests_by(actor=actor)
    listed(request, "sight_request", [*page, *own])
    context = {
        "title": _("查阅申请"), "page": page, "rows": [_line(actor, row) for row in page],
        "own": [(row, rules.STATE_NAMES[row.state]) for row in own], "decides": actor.has(*rules.OWNERS),
    }  # fmt: skip
    return render(request, "watch/requests.html", context)


def _line(actor: Actor, row: Any) -> tuple[Any, Any, str]:
    return row, rules.STATE_NAMES[row.state], kind_name(row.stream)


@require_GET
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request with its answer, or the form for it."""
    return _request_page(request, request_id, AnswerForm(), 200)


@require_POST
def decide(request: HttpRequest, request_id: int, verb: str) -> HttpResponse:
    """Grant or deny; a refusal is said on the same page."""
    actor, form = actor_of(request), AnswerForm(request.POST)
    acts: dict[str, tuple[Callable[..., None], str]] = {
        "grant": (actions.grant_sight, _("已同意。")),
        "deny": (actions.deny_sight, _("已答复不同意。")),
    }
    if verb not in acts:
        raise Http404
    run, done = acts[verb]
    if not form.is_valid():
        return _request_page(request, request_id, form, 422)
    try:
        run(actor, request_id=request_id, note=form.cleaned_data["note"])
    except Refused as no:
        blame(form, no)
        return _request_page(request, request_id, form, status_of(no))
    messages.success(request, done)
    return redirect("watch:request", request_id=request_id)


def _request_page(request: HttpRequest, request_id: int, form: AnswerForm, status: int) -> HttpResponse:
    actor = actor_of(request)
    try:
        row, units = queries.get_request(actor=actor, request_id=request_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    decides = rules.may_decide(actor, person_id=row.person_id, owner_units=units)
    subject = None
    if row.object_id is not None and decides:
        subject = queries.subject_of(actor=actor, stream=row.stream, object_id=row.object_id)
    shown(request, "sight_request", request_id, level=1)
    names = names_of(actor=actor, refs=[row.decided_by]) if row.decided_by else {}
    context = {
        "title": _("查阅申请"), "subtitle": row.person_name, "row": row, "state": rules.STATE_NAMES[row.state],
        "crumbs": [(_("查阅申请"), reverse("watch:requests")), (row.person_name, "")],
        "subject": subject, "name": subject.name_for(actor) if subject else row.address,
        "level": LEVEL_WORDS.get(row.level, "") if decides else "",
        "decided_by": names.get(row.decided_by, ("", ""))[0],
        "form": form if decides and row.state == rules.WAITING else None,
    }  # fmt: skip
    return render(request, "watch/request.html", context, status=status)
