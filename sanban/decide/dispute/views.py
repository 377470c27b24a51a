"""Pages of the dispute desk: the list with its figures, one case, and the form that opens one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanban.base import clock
from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.levels import LEVEL_WORDS, band
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.calendar.queries import current_axis
from sanban.base.files.evidence import EvidenceForm, exhibits, gather
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.queries import timeline
from sanban.base.ledger.registry import story
from sanban.base.people.queries import active_units, names_of
from sanban.base.search.queries import subject_of
from sanban.base.ui.fields import attempt, blame, status_of
from sanban.decide.dispute import actions, forms, queries, rules
from sanban.decide.dispute.offers import offered
from sanban.decide.dispute.terms import days_between, due

PAGE = 20
FORMS: dict[str, type[Form]] = {
    "answer": forms.SaidForm, "arbiter": forms.ArbiterForm, "rule": forms.RulingForm, "accept": forms.PlainForm,
    "evidence": forms.SaidForm, "mediate": forms.TextForm, "offer": forms.TextForm, "withdraw": forms.ReasonForm,
    "correct": forms.ReasonForm,
}  # fmt: skip


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All cases one may see, with their terms, and how the desk does."""
    actor = actor_of(request)
    which = request.GET.get("which", "")
    which = which if which in ("open", "mine", "ruled") else ""
    page = Paginator(queries.register(actor=actor, which=which), PAGE).get_page(request.GET.get("page"))
    listed(request, "dispute", page, predicate={"which": which})
    terms = queries.terms_of(actor=actor, disputes=page)
    sealed = queries.in_effect(actor=actor, disputes=page)
    axis = current_axis(actor)
    now = clock.now()
    context = {
        "title": _("争议仲裁"),
        "page": page,
        "rows": [
            {
                "dispute": row,
                "state": rules.STATE_NAMES[row.state],
                "sealed": row.pk in sealed,
                "term": terms.get(row.pk),
                "days": days_between(axis, row.opened_at, row.ruled_at or row.ended_at or now),
            }
            for row in page
        ],
        "which": which,
        "filters": (("", _("全部")), ("open", _("未了结")), ("mine", _("与我有关")), ("ruled", _("已裁决"))),
        "figures": queries.figures(actor=actor),
        "target": queries.terms_in_force(actor=actor, day=clock.today()).ruling_days,
    }
    return render(request, "dispute/index.html", context)


@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """The terms in force, their versions, and the form for the next."""
    actor = actor_of(request)
    versions = queries.terms_versions(actor=actor)
    now = queries.terms_in_force(actor=actor, day=clock.today())
    first = {"since": clock.today() + timedelta(days=1), "answer_days": now.answer_days,
             "ruling_days": now.ruling_days, "base_number": versions[0].number if versions else 0}  # fmt: skip
    form, status = forms.TermsForm(request.POST or None, initial=first), 200
    if request.method == "POST":
        status = attempt(form, lambda: actions.publish_terms(actor, **form.cleaned_data))
        if not status:
            messages.success(request, _("已发布，自施行日期起用于新提起的争议。"))
            return redirect("dispute:terms")
    names = names_of(actor=actor, refs={row.publisher_ref for row in versions})
    context = {
        "title": _("争议时限"), "crumbs": [(_("争议仲裁"), reverse("dispute:index")), (_("争议时限"), "")],
        "now": now, "form": form if actor.has("signer") else None,
        "rows": [(row, names.get(row.publisher_ref, ("—", ""))[0]) for row in versions],
    }  # fmt: skip
    return render(request, "dispute/terms.html", context, status=status)


@require_http_methods(["GET", "POST"])
def open_form(request: HttpRequest) -> HttpResponse:
    """The form for a new case on one object, named as `?on=task/123`."""
    actor = actor_of(request)
    stream, _slash, key = request.GET.get("on", "").partition("/")
    object_id = int(key) if key.isascii() and key.isdecimal() else 0
    subject = subject_of(actor=actor, kind=stream, object_id=object_id) if object_id else None
    if subject is None or stream in rules.NOT_ARGUED:
        raise Http404(_("没有这个争议对象，或您无权查看。请从对象的页面提起。"))
    shown(request, stream, object_id, level=subject.level, fields=["title"])
    units = active_units(actor=actor)
    parts = queries.measures_of_policy(actor=actor, policy_id=object_id) if stream == "policy" else {}
    form = forms.OpenForm(request.POST or None, request.FILES or None, units=units, measures=parts)
    status = 200 if rules.may_open(actor) else 403
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if not (rules.may_open(actor) and _reaches(actor)):
                form.cleaned_data["evidence"] = []  # the act refuses; nothing is stored before
            try:
                said = _with_files(actor, form, subject.level, (stream, object_id), "open_dispute",
                                   [form.cleaned_data["respondent"]])  # fmt: skip
                said["respondent_id"] = said.pop("respondent")
                measure = said.pop("measure", None)
                on = ("measure", measure) if measure else (stream, object_id)
                made = actions.open_dispute(actor, stream=on[0], object_id=on[1], **said)
            except Refused as refusal:
                blame(form, refusal)
                status = status_of(refusal)
            else:
                messages.success(request, _("已提起争议，等待对方答辩和指定仲裁员。"))
                return redirect("dispute:detail", dispute_id=made)
    context = {
        "title": _("提起争议"),
        "crumbs": [(_("争议仲裁"), reverse("dispute:index")), (_("提起争议"), "")],
        "classification": band(subject.level),
        "subject": subject,
        "form": form,
        "may_open": rules.may_open(actor),
        "terms": queries.terms_in_force(actor=actor, day=clock.today()),
    }
    return render(request, "dispute/open.html", context, status=status)


@require_GET
def detail(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """One case: both parties side by side, evidence, rulings, what happened, and the steps that are open."""
    return _detail(request, dispute_id)


@require_POST
def do(request: HttpRequest, dispute_id: int, verb: str) -> HttpResponse:
    """One step in a case. What was typed stays when it is refused."""
    actor = actor_of(request)
    if verb not in FORMS:
        raise Http404(_("没有这项操作。"))
    form = FORMS[verb](request.POST, request.FILES, auto_id=f"{verb}_%s")
    duties = _duty_forms(actor, request.POST) if verb == "rule" else None
    if not form.is_valid() or (duties is not None and not duties.is_valid()):
        return _detail(request, dispute_id, verb=verb, form=form, duties=duties, status=422)
    run, done = _steps()[verb]
    try:
        run(actor, dispute_id=dispute_id, **_said(actor, dispute_id, verb, form, duties))
    except Refused as refusal:
        blame(form, refusal)
        return _detail(request, dispute_id, verb=verb, form=form, duties=duties, status=status_of(refusal))
    messages.success(request, done)
    seen = queries.visible(actor=actor).filter(pk=dispute_id).exists() and verb != "rule"
    return redirect("dispute:detail", dispute_id=dispute_id) if seen else redirect("dispute:index")


def _steps() -> dict[str, tuple[Callable[..., Any], str]]:
    return {
        "answer": (actions.answer, _("已提交答辩。")),
        "arbiter": (actions.name_arbiter, _("已指定仲裁员，案卷和争议对象已对其开放查阅。")),
        "rule": (actions.rule, _("裁决已作出，待封存后生效；您对本案的查阅随之结束。")),
        "accept": (actions.accept_settlement, _("双方已和解，本案了结。")),
        "evidence": (actions.add_evidence, _("已补充。")),
        "mediate": (actions.note_mediation, _("已记录。")),
        "offer": (actions.propose_settlement, _("已提出和解方案，等待对方同意。")),
        "withdraw": (actions.withdraw, _("已撤回，本案了结。")),
        "correct": (actions.open_correction, _("已启动更正，交原仲裁员重新裁决。")),
    }


def _said(actor: Actor, dispute_id: int, verb: str, form: Form, duties: Any) -> dict[str, Any]:
    """What a valid form says, as the action wants it."""
    said = dict(form.cleaned_data)
    if isinstance(form, EvidenceForm):
        dispute = queries.get_dispute(actor=actor, dispute_id=dispute_id)
        if verb not in offered(actor, dispute, queries.homes(actor=actor), clock.now()):
            form.cleaned_data["evidence"] = []  # the act refuses; nothing is stored before
        others = {dispute.claimant_id, dispute.respondent_id} - {actor.unit_id}
        act = "answer" if verb == "answer" else "add_evidence"
        return _with_files(actor, form, dispute.level, ("dispute", dispute_id), act, sorted(others))
    if verb == "arbiter":
        found = queries.person_named(actor=actor, text=said.pop("arbiter").strip())
        if len(found) != 1:
            places = _("、").join(f"{one.name}（{one.unit.short}，{one.login}）" for one in found)
            many = _("有几位同名：%(places)s。请填写登录名。") % {"places": places}
            raise Refused(many if found else _("没有这个人。请填写姓名或登录名。"), field="arbiter")
        said["person_id"] = found[0].pk
    if duties is not None:
        said["duties"] = duties.lines()
    return said


def _reaches(actor: Actor) -> bool:
    """Whether the published calendar holds the terms of a case that is opened now."""
    try:
        terms = queries.terms_in_force(actor=actor, day=clock.today())
        due(current_axis(actor), clock.now(), terms.ruling_minutes)
    except Refused:
        return False
    return True


def _with_files(
    actor: Actor, form: EvidenceForm, level: int, about: tuple[str, int], act: str, shared: list[int]
) -> dict[str, Any]:
    said = dict(form.cleaned_data)
    del said["kept"], said["evidence"]
    act = f"decide.dispute.{act}"
    said["files"] = gather(actor, form, level=level, about=about, shared_units=shared, act=act)
    return said


def _duty_forms(actor: Actor, data: Any = None) -> Any:
    return forms.DutyForms(data, prefix="duty", form_kwargs={"units": active_units(actor=actor)})


def _detail(
    request: HttpRequest, dispute_id: int, *, verb: str = "", form: Form | None = None, duties: Any = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    try:
        dispute = queries.get_dispute(actor=actor, dispute_id=dispute_id)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    shown(request, "dispute", dispute_id, level=dispute.level)
    now, steps = clock.now(), offered(actor, dispute, queries.homes(actor=actor), clock.now())
    said = queries.statements(actor=actor, dispute=dispute)
    lines = timeline(actor=actor, streams=story(actor, queries.STREAM, dispute_id))
    refs = [*(line.actor_ref for line in lines), *(one.by_ref for one in said), dispute.answered_by]
    names = names_of(actor=actor, refs=[ref for ref in [*refs, dispute.opened_by] if ref])
    given = _given_forms(steps, dispute.version) | ({verb: form} if form and verb in steps else {})
    ended = dispute.ruled_at or dispute.ended_at
    context = {
        "title": dispute.question,
        "subtitle": dispute.number,
        "crumbs": [(_("争议仲裁"), reverse("dispute:index")), (dispute.number, "")],
        "classification": band(dispute.level),
        "dispute": dispute,
        "state": rules.STATE_NAMES[dispute.state],
        "level": LEVEL_WORDS[dispute.level],
        "term": queries.terms_of(actor=actor, disputes=[dispute]).get(dispute.pk),
        "days": days_between(current_axis(actor), dispute.opened_at, ended or now),
        "target": queries.terms_in_force(actor=actor, day=dispute.terms_since).ruling_days,
        "may_see_object": queries.may_see_object(actor=actor, dispute=dispute),
        "sides": _sides(actor, dispute, said, names),
        "mediations": [(one, *names.get(one.by_ref, ("—", ""))) for one in said if one.kind == "mediation"],
        "rulings": _rulings(actor, dispute),
        "lines": [(line, *names.get(line.actor_ref, ("—", ""))) for line in lines],
        "forms": [(step, _word(step), given[step]) for step in steps],
        "form": form,
        "open_verb": verb or _first(steps, dispute),
        "duties": (duties or _duty_forms(actor)) if "rule" in steps else None,
        "suggested": queries.suggested(actor=actor, dispute=dispute) if "arbiter" in steps else [],
    }  # fmt: skip
    return render(request, "dispute/detail.html", context, status=status)


def _first(steps: list[str], dispute: Any) -> str:
    """The step that stands open: what others wait for."""
    wanted = ("answer", "rule") if dispute.arbiter_id else ("answer", "arbiter")
    return next((step for step in steps if step in wanted), "")


def _given_forms(steps: list[str], version: int) -> dict[str, Form]:
    return {step: FORMS[step](initial={"version": version}, auto_id=f"{step}_%s") for step in steps}


def _word(step: str) -> str:
    return {
        "answer": _("答辩"), "arbiter": _("指定仲裁员"), "rule": _("作出裁决"), "accept": _("同意和解方案"),
        "evidence": _("补充陈述与证据"), "mediate": _("记录调解"), "offer": _("提出和解方案"),
        "withdraw": _("撤回争议"), "correct": _("启动裁决更正"),
    }[step]  # fmt: skip


def _sides(actor: Actor, dispute: Any, said: list[Any], names: Any) -> list[dict[str, Any]]:
    """What each party said and handed in, in two columns. One query for all files."""
    added = {side: [one for one in said if one.unit_id == side and one.kind == "evidence"]
             for side in (dispute.claimant_id, dispute.respondent_id)}  # fmt: skip
    all_ids = {*dispute.files, *dispute.answer_files, *(key for one in said for key in one.files)}
    known = exhibits(actor=actor, ids=all_ids) if all_ids else {}

    def shown(ids: list[int]) -> list[Any]:
        return [known[key] for key in ids if key in known]

    def more(unit_id: int) -> list[Any]:
        return [(one, shown(one.files)) for one in added[unit_id]]

    return [
        {
            "head": _("提起方"), "unit": dispute.claimant, "who": names.get(dispute.opened_by, ("—", ""))[0],
            "at": dispute.opened_at, "files": shown(dispute.files), "more": more(dispute.claimant_id),
            "parts": ((_("主张"), dispute.claim), (_("请求"), dispute.asks), (_("依据"), dispute.ground)),
        },
        {
            "head": _("对方"), "unit": dispute.respondent, "at": dispute.answered_at,
            "who": names.get(dispute.answered_by, ("—", ""))[0], "files": shown(dispute.answer_files),
            "more": more(dispute.respondent_id),
            "parts": ((_("答辩"), dispute.answer),) if dispute.answer else (),
        },
    ]  # fmt: skip


def _rulings(actor: Actor, dispute: Any) -> list[dict[str, Any]]:
    """The latest first; what was replaced is said to be."""
    found = queries.rulings(actor=actor, dispute=dispute)
    sealed = queries.effective(actor=actor, rulings=found)
    return [
        {
            "ruling": one, "replaced": one is not found[-1],
            "effective": one.pk in sealed,
            "duties": [(rules.DUTY_ROLES[line["role"]], line) for line in one.duties],
        }
        for one in reversed(found)
    ]  # fmt: skip
