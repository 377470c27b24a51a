"""Pages of interception: cases and their findings, the numbers of the rules, baits, and proving who one is."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanban.base import clock
from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.people.queries import names_of
from sanban.base.ui.fields import attempt
from sanban.base.watch import actions, queries, rules
from sanban.base.watch.forms import BaitForm, FindingForm, NumbersForm
from sanban.base.watch.numbers import NAMES
from sanban.base.watch.subjects import kind_name

SIZE = 30


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Every interception, the open ones first, and how many there were this year (本年拦截)."""
    actor = _watcher(request)
    page = Paginator(queries.cases(actor=actor), SIZE).get_page(request.GET.get("page"))
    year, still_open = queries.cases_this_year(actor=actor)
    number = request.GET.get("number", "").strip()
    read = queries.read_numbered(actor=actor, number=number) if number else None
    refs = {row.person_ref for row in page} | ({read.actor_ref} if read else set())
    names = names_of(actor=actor, refs=refs)
    listed(request, "watch_case", page)
    context = {
        "title": _("拦截案件"), "page": page, "year": year, "still_open": still_open,
        "number": number, "read": read, "reader": names.get(read.actor_ref, ("—", "")) if read else None,
        "rows": [
            (row, *names.get(row.person_ref, ("—", "")), rules.RULE_NAMES[row.rule], _state(row)) for row in page
        ],
    }  # fmt: skip
    return render(request, "watch/cases.html", context)


@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One interception, and the form for its finding."""
    actor = _watcher(request)
    form, status = FindingForm(request.POST or None), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.close_case(actor, case_id=case_id, **form.cleaned_data))
        if not status:
            messages.success(request, _("已办结。"))
            return redirect("watch:case", case_id=case_id)
    try:
        row = queries.get_case(actor=actor, case_id=case_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    names = names_of(actor=actor, refs=[row.person_ref, row.closed_by])
    shown(request, "watch_case", case_id, level=1)
    context = {
        "title": rules.RULE_NAMES[row.rule], "crumbs": [(_("拦截案件"), reverse("watch:cases")), (row.words, "")],
        "row": row, "state": _state(row), "person": names.get(row.person_ref, ("—", "")),
        "closer": names.get(row.closed_by, ("", ""))[0],
        "thing": _thing(row) if row.stream else "",
        "form": form if row.state == "open" and actor.person_id != row.person_id else None,
    }  # fmt: skip
    return render(request, "watch/case.html", context, status=status)


def _thing(row: Any) -> str:
    """The object of a case, without its title."""
    return _("%(kind)s（编号 %(id)s）") % {"kind": kind_name(row.stream), "id": row.object_id}


def _state(row: Any) -> str:
    """How a case stands, in words."""
    if row.state == "closed":
        return _("已办结")
    if not row.held:
        return _("已核验身份，待核查")
    return _("待核验身份") if row.hold_until > clock.now() else _("帐号已暂停")


@require_http_methods(["GET", "POST"])
def rules_page(request: HttpRequest) -> HttpResponse:
    """The numbers in force, their versions and the form for the next; and what is bait."""
    actor = _watcher(request)
    now = queries.numbers_in_force(actor=actor)
    first = {name: getattr(now, name) for name in NAMES} | {"base_number": now.number}
    form = NumbersForm(request.POST or None, initial=first)
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.publish_rules(actor, **form.rules()))
        if not status:
            messages.success(request, _("已发布，立即生效。"))
            return redirect("watch:rules")
    return _rules(request, actor, form, BaitForm(), status)


@require_POST
def set_bait(request: HttpRequest) -> HttpResponse:
    """Make an object bait."""
    actor, form = _watcher(request), BaitForm(request.POST)
    status = attempt(form, lambda: actions.set_bait(actor, **form.cleaned_data))
    if not status:
        messages.success(request, _("已设为诱饵。"))
        return redirect("watch:rules")
    now = queries.numbers_in_force(actor=actor)
    first = {name: getattr(now, name) for name in NAMES} | {"base_number": now.number}
    return _rules(request, actor, NumbersForm(initial=first), form, status)


@require_POST
def lift_bait(request: HttpRequest, bait_id: int) -> HttpResponse:
    """It is bait no longer."""
    try:
        actions.lift_bait(_watcher(request), bait_id=bait_id)
        messages.success(request, _("已取消诱饵。"))
    except Refused as no:
        messages.error(request, no.message)
    return redirect("watch:rules")


def _rules(request: HttpRequest, actor: Actor, form: Form, bait_form: Form, status: int) -> HttpResponse:
    baits = queries.baits(actor=actor)
    listed(request, "bait", baits)
    edits = actor.has("security")
    context = {
        "title": _("拦截规则"), "crumbs": [(_("拦截案件"), reverse("watch:cases")), (_("拦截规则"), "")],
        "numbers": queries.numbers_in_force(actor=actor), "versions": queries.versions(actor=actor),
        "form": form if edits else None, "bait_form": bait_form if edits else None,
        "baits": [(row, kind_name(row.stream)) for row in baits],
    }  # fmt: skip
    return render(request, "watch/rules.html", context, status=status)


@require_http_methods(["GET", "POST"])
def step_up(request: HttpRequest) -> HttpResponse:
    """Who was intercepted signs in once more; when his time is over, he stays outside until the case is closed."""
    actor = actor_of(request)
    hold = queries.hold_of(actor=actor)
    if hold is None:
        return redirect("/")
    proof = _proof(request, hold.at.timestamp())
    if request.method == "POST" and proof and hold.hold_until > clock.now():
        actions.prove_identity(actor, method=proof)
        messages.success(request, _("身份已核验，可以继续办理。"))
        return redirect("/")
    suspended = hold.hold_until <= clock.now()
    again = f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('watch:step_up')})}"
    context = {
        "title": _("请核验身份"),
        "hold": hold,
        "suspended": suspended,
        "proved": bool(proof),
        "again": again,
    }
    return render(request, "watch/step_up.html", context, status=403 if suspended else 200)


def _proof(request: HttpRequest, since: float) -> str:
    """How the person has signed in once more since then; empty when he has not."""
    records = [row for row in get_authentication_records(request, request.user) if row["at"] > since]
    return str(records[-1]["method"]) if records else ""


def _watcher(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    try:
        rules.require_watcher(actor)
    except Denied as no:
        raise PermissionDenied(no.message) from no
    return actor
