"""Pages of the assistant: hand a file in, check what was read beside the text, make tasks of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.explain import first_failure
from sanban.base.access.levels import band
from sanban.base.access.policy import Node
from sanban.base.access.readlog.recording import shown
from sanban.base.files import actions as files
from sanban.base.files import sweep
from sanban.base.files.extraction.model import MIB
from sanban.base.files.handing import hand_in
from sanban.base.files.intake import limits
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ui.fields import blame, status_of
from sanban.decide.policy import actions, rules
from sanban.decide.policy import queries as policies
from sanban.study.assistant import queries
from sanban.study.assistant.adopt import add_selected, adopt_file
from sanban.study.assistant.dispatch import dispatch, plan
from sanban.study.assistant.forms import DropForm, MeasureForm, SelectionForm

Form = DropForm | MeasureForm | SelectionForm


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Hand a policy file in; what cannot be read says why, on the same page."""
    actor = actor_of(request)
    may = rules.REGISTER.test(actor, None)
    form = DropForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            policy_id = _taken_in(actor, form.cleaned_data["file"], form.cleaned_data["level"])
        except Refused as no:
            blame(form, no)
        else:
            return redirect("assistant:review", policy_id=policy_id)
    context = {"title": _("上传政策文件"), "form": form, "may": may, "most": limits().file_bytes // MIB}
    return render(request, "assistant/upload.html", context, status=422 if form.errors else 200)


@require_GET
def review(request: HttpRequest, policy_id: int) -> HttpResponse:
    """The text at the left, what was read from it at the right."""
    return _review(request, policy_id)


@require_POST
def confirm(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Confirm one measure, the chosen ones, or all that are explicit in every word."""
    actor = actor_of(request)
    chosen = _keys(request, "ids")
    try:
        if "explicit" in request.POST:
            page = queries.review(actor=actor, policy_id=policy_id)
            chosen = [point.measure.pk for point in page.points if point.open and point.explicit]
        count = actions.confirm_measures(actor=actor, policy_id=policy_id, measure_ids=chosen)
    except Refused as no:
        return _refused(request, policy_id, no)
    if _fragment(request) and len(chosen) == 1:
        return _point(request, chosen[0])
    messages.success(request, _("已确认 %(n)d 条举措。") % {"n": count})
    return _back(policy_id, chosen[0] if len(chosen) == 1 else None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, measure_id: int) -> HttpResponse:
    """Correct a measure; with an error the form comes back as it was typed."""
    actor = actor_of(request)
    try:
        measure = policies.get_measure(actor=actor, measure_id=measure_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    names = queries.names_for(actor=actor)
    if request.method == "GET":
        _require(rules.SETTLE, actor, measure.policy)
        return _edit_page(request, measure_id, MeasureForm.of(measure, names))
    form = MeasureForm(request.POST, names=names, measure=measure)
    if not form.is_valid():
        return _edit_page(request, measure_id, form, status=422)
    given = form.cleaned_data
    try:
        actions.edit_measure(
            actor=actor,
            measure_id=measure_id,
            title=given["title"],
            lead_id=given["lead"],
            partners=given["partners"],
            due_on=given["due_on"],
            acceptance=given["acceptance"],
            version=given["version"],
        )
    except Refused as no:
        blame(form, no)
        return _edit_page(request, measure_id, form, status=status_of(no))
    if _fragment(request):
        return _point(request, measure_id)
    messages.success(request, _("已保存修改。"))
    return _back(measure.policy_id, measure_id)


@require_POST
def reject(request: HttpRequest, measure_id: int) -> HttpResponse:
    """Say that a span is no measure."""
    actor = actor_of(request)
    try:
        measure = policies.get_measure(actor=actor, measure_id=measure_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    try:
        actions.reject_measure(actor=actor, measure_id=measure_id, reason=request.POST.get("reason", ""))
    except Refused as no:
        return _refused(request, measure.policy_id, no)
    if _fragment(request):
        return _point(request, measure_id)
    messages.success(request, _("已剔除，可随时恢复。"))
    return _back(measure.policy_id, measure_id)


@require_POST
def add(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Add a measure from marked words."""
    form = SelectionForm(request.POST)
    if form.is_valid():
        try:
            measure_id = add_selected(
                actor=actor_of(request),
                policy_id=policy_id,
                quote=form.cleaned_data["quote"],
                near=form.cleaned_data["start"] or 0,
            )
        except Refused as no:
            blame(form, no)
        else:
            messages.success(request, _("已补录一条举措，请核对牵头单位和时限。"))
            return _back(policy_id, measure_id)
    return _review(request, policy_id, selection=form, status=422)


@require_POST
def settle(request: HttpRequest, policy_id: int) -> HttpResponse:
    """Settle the list of measures and go on to the tasks, or back to the policy for whom others assign."""
    actor = actor_of(request)
    try:
        actions.confirm_policy(actor=actor, policy_id=policy_id)
    except Refused as no:
        return _refused(request, policy_id, no)
    messages.success(request, _("举措已核定，可以交办。"))
    policy = policies.get_policy(actor=actor, policy_id=policy_id)
    next_page = "assistant:dispatch" if rules.DISPATCH.test(actor, policy) else "policy:detail"
    return redirect(next_page, policy_id=policy_id)


@require_http_methods(["GET", "POST"])
def dispatch_page(request: HttpRequest, policy_id: int) -> HttpResponse:
    """What would be assigned to whom, what cannot be and why; then the one act."""
    actor = actor_of(request)
    try:
        policy = policies.get_policy(actor=actor, policy_id=policy_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    status = 200
    if request.method == "GET":
        _require(rules.DISPATCH, actor, policy)
    else:
        chosen, split = _keys(request, "ids"), _keys(request, "split")
        try:
            count = dispatch(actor=actor, policy_id=policy_id, measure_ids=chosen, split=split)
        except Refused as no:
            messages.error(request, no.message)
            status = status_of(no)
        else:
            messages.success(request, _("已交办 %(n)d 项任务。") % {"n": count})
            return redirect("policy:detail", policy_id=policy_id)
    shown(request, "policy", policy_id, level=policy.level, fields=["measures"])
    lines = plan(actor=actor, policy_id=policy_id)
    context = {
        "title": _("转为任务"),
        "subtitle": policy.title,
        "crumbs": _crumbs(policy.title, policy_id, _("转为任务")),
        "classification": band(policy.level),
        "policy": policy,
        "lines": lines,
        "ready": sum(1 for line in lines if not line.obstacles),
    }
    return render(request, "assistant/dispatch.html", context, status=status)


def _review(
    request: HttpRequest, policy_id: int, *, selection: SelectionForm | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    try:
        page = queries.review(actor=actor, policy_id=policy_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    shown(request, "policy", policy_id, level=page.policy.level)
    context = {
        "title": _("核对举措"),
        "subtitle": page.policy.title,
        "crumbs": _crumbs(page.policy.title, policy_id, _("核对举措")),
        "classification": band(page.policy.level),
        "policy": page.policy,
        "page": page,
        "may": rules.SETTLE.test(actor, page.policy),
        "may_dispatch": rules.DISPATCH.test(actor, page.policy),
        "selection": selection or SelectionForm(),
        "form": selection,
    }
    return render(request, "assistant/review.html", context, status=status)


def _edit_page(
    request: HttpRequest, measure_id: int, form: MeasureForm, *, status: int = 200
) -> HttpResponse:
    point = queries.point(actor=actor_of(request), measure_id=measure_id)
    policy = point.measure.policy
    shown(request, "measure", measure_id, level=policy.level)
    context: dict[str, Any] = {"point": point, "form": form, "policy": policy}
    if _fragment(request):
        return render(request, "assistant/_edit.html", context, status=status)
    context |= {
        "title": _("修改举措"),
        "crumbs": _crumbs(policy.title, policy.pk, _("修改举措")),
        "classification": band(policy.level),
    }
    return render(request, "assistant/edit.html", context, status=status)


def _point(request: HttpRequest, measure_id: int) -> HttpResponse:
    """The changed line, and beside it the text and the counts as they are now."""
    actor = actor_of(request)
    point = queries.point(actor=actor, measure_id=measure_id)
    page = queries.review(actor=actor, policy_id=point.measure.policy_id)
    shown(request, "policy", page.policy.pk, level=page.policy.level)
    context = {"point": point, "page": page, "policy": page.policy, "may": True, "swapped": True}
    context["may_dispatch"] = rules.DISPATCH.test(actor, page.policy)
    return render(request, "assistant/_swap.html", context)


def _refused(request: HttpRequest, policy_id: int, no: Refused) -> HttpResponse:
    """A refusal stays on the reader page; what may not be seen is not there."""
    messages.error(request, no.message)
    answer = _review(request, policy_id, status=status_of(no))
    if _fragment(request):
        answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML"
    return answer


def _taken_in(actor: Actor, handed: "UploadedFile[bytes]", level: int) -> int:
    """Bytes to policy: refuse early, store, scan, read, register, propose."""
    if not rules.REGISTER.test(actor, None):
        raise Denied(_("只有交办员、研究员和单位联络员可以登记政策文件。"))
    received = hand_in(actor, handed, act="study.assistant.upload", need_text=True)
    file_id = files.upload(actor=actor, received=received, level=level)
    if (result := sweep.scan_file(file_id)).state == "infected":
        raise Refused(
            _("文件“%(name)s”查出病毒（%(found)s），没有登记。请在本机查杀后重新上传。")
            % {"name": received.name, "found": result.detail},
            field="file",
        )
    return adopt_file(actor=actor, file_id=file_id, level=level)


def _crumbs(title: str, policy_id: int, here: str) -> list[tuple[str, str]]:
    return [
        (_("政策文件"), reverse("policy:index")),
        (title, reverse("policy:detail", args=[policy_id])),
        (here, ""),
    ]


def _back(policy_id: int, measure_id: int | None = None) -> HttpResponse:
    target = reverse("assistant:review", args=[policy_id])
    return redirect(f"{target}#m{measure_id}" if measure_id else target)


def _keys(request: HttpRequest, name: str) -> list[int]:
    return [int(key) for key in request.POST.getlist(name) if key.isascii() and key.isdecimal()]


def _require(rule: Node, actor: Actor, thing: Any) -> None:
    """No form is shown to whom its act would be refused; the act itself refuses and records it."""
    if not rule.test(actor, thing):
        raise PermissionDenied(first_failure(rule, actor, thing))


def _fragment(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request")) and not request.headers.get("HX-Boosted")
