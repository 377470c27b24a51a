"""Pages of supervision: the register, one slip as a sheet, what waits for a signature, and the ladder."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.levels import band
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.files.evidence import exhibits, gather
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.queries import timeline
from sanban.base.people.queries import names_of, unit_names
from sanban.base.ui.fields import blame, status_of
from sanban.supervise.chase import actions, queries, rules
from sanban.supervise.chase.forms import LadderForm, ProposeForm, ReasonForm, ReplyForm
from sanban.supervise.chase.ladder import AUTOMATIC, RUNGS

FORMS: dict[str, type[Form]] = {
    "reply": ReplyForm, "reject": ReasonForm, "dismiss": ReasonForm, "withdraw": ReasonForm,
}  # fmt: skip


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """All slips one may see, by rung, state and unit; every count opens its list."""
    actor = actor_of(request)
    rung, state = request.GET.get("rung", ""), request.GET.get("state", "live")
    unit = request.GET.get("unit", "")
    unit_id = int(unit) if unit.isascii() and unit.isdecimal() else None
    tally = queries.tally(actor=actor)
    names = unit_names(actor=actor)
    rows = queries.register(
        actor=actor,
        rung=rung if rung in RUNGS else "",
        state="" if state == "all" else state,
        unit_id=unit_id,
    )
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    listed(request, "slip", page)
    context = {
        "title": _("亮灯督办"),
        "subtitle": _("共 %(n)d 份") % {"n": tally.total},
        "page": page,
        "rows": [_shown(slip) for slip in page],
        "rung": rung,
        "state": state,
        "unit_id": unit_id,
        "rungs": [(key, rules.RUNG_NAMES[key], tally.rungs.get(key, 0)) for key in RUNGS],
        "states": [
            (key, word, n) for key, word in rules.STATE_NAMES.items() if (n := tally.states.get(key, 0))
        ],
        "units": sorted(
            ((key, names.get(key, ""), n) for key, n in tally.units.items()), key=lambda r: -r[2]
        )[:12],
        "to_sign": tally.states.get(rules.PROPOSED, 0),
        "live": sum(tally.states.get(key, 0) for key in rules.LIVE),
    }
    return render(request, "chase/register.html", context)


@require_GET
def to_sign(request: HttpRequest) -> HttpResponse:
    """Proposals that wait for a signature, the longest waiting first."""
    actor = actor_of(request)
    page = Paginator(queries.to_sign(actor=actor), 25).get_page(request.GET.get("page"))
    listed(request, "slip", page)
    context = {
        "title": _("待签发"),
        "crumbs": [(_("亮灯督办"), reverse("chase:register")), (_("待签发"), "")],
        "page": page,
        "rows": [_shown(slip) for slip in page],
        "may_sign": rules.may_dismiss(actor),
    }
    return render(request, "chase/to_sign.html", context)


@require_GET
def detail(request: HttpRequest, slip_id: int) -> HttpResponse:
    """One slip as a sheet of paper, with its reply, its judgement and how the matter climbed."""
    return _detail(request, slip_id)


@require_POST
def decide(request: HttpRequest, slip_id: int, verb: str) -> HttpResponse:
    """One act on a slip; a refusal is said on the same page."""
    actor = actor_of(request)
    form = FORMS[verb](request.POST, request.FILES) if verb in FORMS else None
    if form is not None and not form.is_valid():
        return _detail(request, slip_id, verb=verb, form=form, status=422)
    act = _verbs().get(verb)
    if act is None:
        raise Http404(_("没有这项操作。"))
    run, done = act
    try:
        run(actor=actor, slip_id=slip_id, **_said(actor, slip_id, form))
    except Refused as refusal:
        if form is not None and refusal.field in form.fields:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.error(request, refusal.message)
        return _detail(request, slip_id, verb=verb, form=form, status=status_of(refusal))
    messages.success(request, done)
    return redirect("chase:detail", slip_id=slip_id)


@require_POST
def urge(request: HttpRequest, task_id: int) -> HttpResponse:
    """Urge by hand from the page of the task."""
    actor = actor_of(request)
    try:
        slip_id = actions.urge_now(actor, task_id=task_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
        watch = queries.watch_of(actor=actor, task_id=task_id)
        return redirect("task:detail", watch.number) if watch else redirect("chase:register")
    messages.success(request, _("已发出催办。"))
    return redirect("chase:detail", slip_id=slip_id)


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, task_id: int) -> HttpResponse:
    """Propose a notice or circular by hand: which, and why."""
    actor = actor_of(request)
    watch = queries.watch_of(actor=actor, task_id=task_id)
    if watch is None or not rules.may_judge(actor):
        raise Http404(_("没有可督办的事项。"))
    shown(request, "task", task_id, level=watch.level, fields=["title"])
    form = ProposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            slip_id = actions.propose(actor, task_id=task_id, **form.cleaned_data)
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("已拟发，等待签发人签发。"))
            return redirect("chase:detail", slip_id=slip_id)
    context = {
        "title": _("拟发督办"),
        "subtitle": watch.title,
        "crumbs": [(watch.number, reverse("task:detail", args=[watch.number])), (_("拟发督办"), "")],
        "form": form,
    }
    return render(request, "chase/propose.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def ladder(request: HttpRequest) -> HttpResponse:
    """The rule in force with its numbers, its versions, and the form for the next one."""
    actor = actor_of(request)
    current = queries.ladder_in_force(actor=actor)
    initial = {name: getattr(current, name) for name in LadderForm.base_fields if hasattr(current, name)}
    denied = False
    form = LadderForm(request.POST or None, initial={**initial, "base_number": current.number})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            number = actions.publish_ladder(
                actor=actor, ladder=form.ladder(), base_number=given["base_number"], note=given["note"]
            )
        except Refused as refusal:
            blame(form, refusal)
            denied = refusal.code == "denied"
        else:
            messages.success(request, _("已发布督办规则第 %(number)d 版。") % {"number": number})
            return redirect("chase:ladder")
    context = {
        "title": _("督办规则"),
        "subtitle": _("现行第 %(number)d 版") % {"number": current.number},
        "crumbs": [(_("亮灯督办"), reverse("chase:register")), (_("督办规则"), "")],
        "ladder": current,
        "versions": queries.ladder_versions(actor=actor),
        "form": form if rules.may_publish(actor) else None,
        "direct_rung": rules.RUNG_NAMES[current.direct_rung],
    }
    status = 403 if denied else 422 if form.errors else 200
    return render(request, "chase/ladder.html", context, status=status)


def _verbs() -> dict[str, tuple[Callable[..., Any], str]]:
    return {
        "sign": (actions.sign, _("已签发。")),
        "dismiss": (actions.dismiss, _("已记录不予签发。")),
        "reply": (actions.reply, _("已回复，等待督查办认可。")),
        "accept": (actions.accept_reply, _("已认可回复。")),
        "reject": (actions.reject_reply, _("已退回，单位须重新回复。")),
        "withdraw": (actions.withdraw, _("已撤回。")),
    }


def _said(actor: Actor, slip_id: int, form: Form | None) -> dict[str, Any]:
    """What a valid form says, its files handed in."""
    said = dict(form.cleaned_data) if form else {}
    if isinstance(form, ReplyForm):
        slip = queries.get_slip(actor=actor, slip_id=slip_id)
        del said["kept"], said["evidence"]
        said["files"] = gather(
            actor,
            form,
            level=slip.level,
            about=("slip", slip.pk),
            shared_units=[slip.task.assigner_unit_id],
            act="supervise.chase.reply",
        )
    return said


def _detail(
    request: HttpRequest, slip_id: int, *, verb: str = "", form: Form | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    try:
        slip = queries.get_slip(actor=actor, slip_id=slip_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    shown(request, "slip", slip.pk, level=slip.level)
    lines = timeline(actor=actor, streams=[("slip", slip.id)])
    names = names_of(actor=actor, refs=[line.actor_ref for line in lines])
    word = rules.RUNG_NAMES[slip.rung]
    offered = _offered(actor, slip)
    context = {
        "title": slip.number or _("%(rung)s · %(task)s") % {"rung": word, "task": slip.task_number},
        "crumbs": [(_("亮灯督办"), reverse("chase:register")), (word, "")],
        "classification": band(slip.level),
        "slip": slip,
        "word": word,
        "state": rules.STATE_NAMES[slip.state],
        "waiting": slip.state in (*rules.WAITING, rules.OVERDUE),
        "chain": [_shown(other) for other in queries.chain(actor=actor, slip=slip)],
        "lines": [(line, *names.get(line.actor_ref, ("—", ""))) for line in lines],
        "offered": offered,
        "exhibits": list(exhibits(actor=actor, ids=slip.files).values()) if slip.files else [],
        "forms": {name: (form if form and name == verb else FORMS[name](prefix=None)) for name in FORMS},
        "form": form,
        "open_verb": verb,
    }
    return render(request, "chase/detail.html", context, status=status)


def _offered(actor: Actor, slip: Any) -> dict[str, bool]:
    """The acts this actor may do to this slip now: no button that would be refused."""
    judge = rules.may_judge(actor)
    return {
        "sign": slip.state == rules.PROPOSED and rules.may_sign(actor, slip),
        "dismiss": slip.state == rules.PROPOSED and rules.may_dismiss(actor),
        "reply": slip.state in rules.ANSWERABLE and slip.due_at is not None and rules.may_reply(actor, slip),
        "judge": judge and slip.state == rules.REPLIED,
        "withdraw": judge and slip.state in rules.LIVE,
    }


def _shown(slip: Any) -> dict[str, Any]:
    return {
        "slip": slip,
        "word": rules.RUNG_NAMES[slip.rung],
        "grade": RUNGS.index(slip.rung) + 1,
        "state": rules.STATE_NAMES[slip.state],
        "waiting": slip.due_at is not None and slip.state in (*rules.WAITING, rules.OVERDUE, rules.ESCALATED),
        "automatic": slip.rung in AUTOMATIC and slip.occurrence > 0,
    }
