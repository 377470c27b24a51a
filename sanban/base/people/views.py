"""Pages of the directory: units, people, one's own account."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanban.base.access.actor import INTERNAL, ROLES, Actor, actor_of
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.queries import Line, timeline
from sanban.base.people import actions, forms, queries, roster
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.ui.fields import attempt, blame

both = require_http_methods(["GET", "POST"])


@dataclass(frozen=True, slots=True)
class Act:
    """One act offered on a page: its words, its form, how it is done."""

    title: Any
    form: type[forms.ActForm]
    run: Callable[[Actor, int, dict[str, Any]], object]


def _colleague(actor: Actor, login: str) -> int:
    found = queries.person_by_login(actor=actor, login=login)
    if found is None:
        raise Refused(_("没有登录名为 %(login)s 的在职人员，请核对。") % {"login": login}, field="login")
    return int(found.pk)


UNIT_ACTS = {
    "rename": Act(
        gettext_lazy("更名"), forms.RenameForm, lambda a, n, d: actions.rename_unit(a, unit_id=n, **d)
    ),
    "alias": Act(
        gettext_lazy("增加别名"), forms.AliasForm, lambda a, n, d: actions.add_alias(a, unit_id=n, **d)
    ),
    "move": Act(
        gettext_lazy("划转"),
        forms.MoveForm,
        lambda a, n, d: actions.move_unit(a, unit_id=n, parent_id=d["parent"]),
    ),
    "merge": Act(
        gettext_lazy("合并"),
        forms.MergeForm,
        lambda a, n, d: actions.merge_unit(a, unit_id=n, into_id=d["into"]),
    ),
}
PERSON_ACTS = {
    "edit": Act(
        gettext_lazy("修改资料"),
        forms.EditForm,
        lambda a, n, d: actions.update_person(
            a, person_id=n, unit_id=d["unit"], **{key: value for key, value in d.items() if key != "unit"}
        ),
    ),
    "role": Act(
        gettext_lazy("授予角色"), forms.RoleForm, lambda a, n, d: actions.grant_role(a, person_id=n, **d)
    ),
    "clearance": Act(
        gettext_lazy("调整知悉范围"),
        forms.ClearanceForm,
        lambda a, n, d: actions.set_clearance(a, person_id=n, **d),
    ),
    "deputy": Act(
        gettext_lazy("指定代理"),
        forms.DeputyForm,
        lambda a, n, d: actions.appoint_deputy(
            a, person_id=n, deputy_id=_colleague(a, d["login"]), until=d["until"], reason=d["reason"]
        ),
    ),
    "leave": Act(
        gettext_lazy("办理离任"),
        forms.LeaveForm,
        lambda a, n, d: actions.leave(a, person_id=n, successor_id=_colleague(a, d["login"])),
    ),
    "password": Act(
        gettext_lazy("设置口令"),
        forms.PasswordForm,
        lambda a, n, d: actions.set_password(a, person_id=n, **d),
    ),
}


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The tree of units."""
    actor = actor_of(request)
    tree = queries.unit_tree(actor=actor)
    subtitle = _("%(count)d 个单位") % {"count": len(tree)}
    return render(
        request,
        "people/units.html",
        {"title": _("机构"), "subtitle": subtitle, "tree": tree, "may": actor.has("admin")},
    )


@require_GET
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit: people, names, history."""
    actor = actor_of(request)
    found = queries.unit_of(actor=actor, unit_id=unit_id)
    if found is None:
        raise Http404
    shown(request, "unit", unit_id, level=INTERNAL)
    context = {
        "title": found.name,
        "subtitle": found.short,
        "crumbs": [(_("机构"), "../"), (found.short, "")],
        "unit": found,
        "names": queries.other_names(actor=actor, unit_id=unit_id),
        "people": queries.people_page(actor=actor, unit_id=unit_id, size=200),
        "lines": _told(actor, [("unit", unit_id)]),
        "acts": [(verb, act.title) for verb, act in UNIT_ACTS.items()] if actor.has("admin") else [],
    }
    return render(request, "people/unit.html", context)


@both
def unit_act(request: HttpRequest, unit_id: int, verb: str) -> HttpResponse:
    """Rename, name, move or merge a unit."""
    found = queries.unit_of(actor=actor_of(request), unit_id=unit_id)
    if found is None or verb not in UNIT_ACTS:
        raise Http404
    initial = {"name": found.name, "short": found.short, "parent": found.parent_id}
    _form_is_for(request, actor_of(request).has("admin"))
    return _do(request, UNIT_ACTS[verb], unit_id, found.name, initial)


@both
def new_unit(request: HttpRequest) -> HttpResponse:
    """Make a unit."""

    def make(actor: Actor, _none: int, data: dict[str, Any]) -> None:
        parent_id, tree = data.pop("parent"), queries.unit_tree(actor=actor)
        parent = next((unit.code for unit, _depth, _count in tree if unit.pk == parent_id), "")
        actions.create_unit(actor, unit=UnitDraft(parent_code=parent, **data))

    _form_is_for(request, actor_of(request).has("admin"))
    return _do(request, Act(_("设立单位"), forms.UnitForm, make), 0, "", {})


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by unit, with search."""
    actor = actor_of(request)
    text, number = request.GET.get("q", ""), request.GET.get("page", "1")
    page = queries.people_page(actor=actor, text=text, page=int(number) if number.isdecimal() else 1)
    listed(request, "person", page)
    context = {
        "title": _("人员"),
        "subtitle": _("%(count)d 人") % {"count": page.paginator.count},
        "page": page,
        "q": text,
        "may": actor.has("admin"),
    }
    return render(request, "people/people.html", context)


@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: post, roles, stand-ins, keys, history."""
    actor = actor_of(request)
    found = queries.person_of(actor=actor, person_id=person_id)
    if found is None:
        raise Http404
    shown(request, "person", person_id, level=INTERNAL)
    offered = [verb for verb in PERSON_ACTS if found.is_active and _offers(actor, verb, person_id)]
    context = {
        "title": found.name,
        "subtitle": f"{found.unit.short} {found.post}",
        "crumbs": [(_("人员"), "../"), (found.name, "")],
        "person": found,
        "grants": [
            (grant, ROLES[grant.role]) for grant in queries.grants_of(actor=actor, person_id=person_id)
        ],
        "deputies": queries.deputies_of(actor=actor, person_id=person_id),
        "tokens": queries.tokens_of(actor=actor, person_id=person_id),
        "lines": _told(actor, queries.person_streams(actor=actor, person_id=person_id)),
        "acts": [(verb, PERSON_ACTS[verb].title) for verb in offered],
        "private": actor.has("admin") or actor.person_id == person_id,
        "security": actor.has("security"),
    }
    return render(request, "people/person.html", context)


def _offers(actor: Actor, verb: str, person_id: int) -> bool:
    """Whether the form of a verb is this reader's: no form that would only be refused."""
    if verb in ("role", "clearance"):
        return actor.has("security") and actor.person_id != person_id
    return actor.has("admin") or (actor.person_id == person_id and verb in ("deputy", "password"))


@both
def person_act(request: HttpRequest, person_id: int, verb: str) -> HttpResponse:
    """Edit, grant, appoint, leave, set a password."""
    found = queries.person_of(actor=actor_of(request), person_id=person_id)
    if found is None or verb not in PERSON_ACTS:
        raise Http404
    _form_is_for(request, _offers(actor_of(request), verb, person_id))
    shown(request, "person", person_id, level=INTERNAL)
    initial = {name: getattr(found, name) for name in ("name", "post", "clearance")} | {"unit": found.unit_id}
    if actor_of(request).has("admin"):
        initial |= {"email": found.email, "mobile": found.mobile}
    return _do(request, PERSON_ACTS[verb], person_id, found.name, initial)


@both
def new_person(request: HttpRequest) -> HttpResponse:
    """Register a person."""

    def make(actor: Actor, _none: int, data: dict[str, Any]) -> None:
        data["unit_id"], data["roles"] = data.pop("unit"), tuple(data["roles"])
        actions.create_person(actor, person=PersonDraft(**data))

    _form_is_for(request, actor_of(request).has("admin"))
    return _do(request, Act(_("登记人员"), forms.PersonForm, make), 0, "", {})


@both
def import_people(request: HttpRequest) -> HttpResponse:
    """A workbook first shows a verdict for every row; only a list without faults is registered, in one act."""
    actor = actor_of(request)
    _form_is_for(request, actor.has("admin"))
    form = forms.RosterForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "title": _("导入人员"),
        "crumbs": [(_("人员"), "../"), (_("导入"), "")],
        "form": form,
    }
    if request.method == "GET" or not form.is_valid():
        return render(request, "people/import.html", context, status=200 if request.method == "GET" else 422)
    try:
        rows = _roster(form)
        verdicts = queries.judge(actor=actor, rows=rows)
        good = [draft for _row, draft, _fault in verdicts if draft is not None]
        if "confirm" in request.POST and len(good) == len(verdicts):
            count = actions.import_people(actor, people=good)
            messages.success(request, _("已登记 %(count)d 人。") % {"count": count})
            return redirect("people:people")
    except (ValueError, Refused, signing.BadSignature) as fault:
        form.add_error(
            "file", str(fault) if not isinstance(fault, signing.BadSignature) else _("请重新上传文件。")
        )
        return render(request, "people/import.html", context, status=422)
    context |= {
        "verdicts": verdicts,
        "good": len(good),
        "ready": bool(good) and len(good) == len(verdicts),
        "form": forms.RosterForm(
            initial={"kept": signing.dumps([row.plain() for row in rows], compress=True)}
        ),
    }
    return render(request, "people/import.html", context)


@both
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: keys, second factor, calendar feed."""
    actor = actor_of(request)
    form, key = forms.TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _id, key = actions.make_token(actor, **form.cleaned_data)
            form = forms.TokenForm()
        except Refused as refusal:
            blame(form, refusal)
    context = {
        "title": _("我的账号"),
        "form": form,
        "key": key,
        "tokens": queries.tokens_of(actor=actor, person_id=actor.person_id or 0),
        "person_id": actor.person_id,
        "roles": [ROLES[role] for role in ROLES if role in actor.roles],
        "feed": _feed_address(request),
        "has_feed": queries.has_feed(actor=actor),
    }
    return render(request, "people/account.html", context, status=422 if form.errors else 200)


def _feed_address(request: HttpRequest) -> str:
    """The whole address of a feed that was just made, once: only its digest is kept."""
    key = request.session.pop("feed_key", "") if "feed_key" in request.session else ""
    return request.build_absolute_uri(f"/feeds/{key}.ics") if key else ""


@require_POST
def close_feed(request: HttpRequest) -> HttpResponse:
    """Stop the calendar feed."""
    return _short(request, _("日历订阅地址已停用。"), lambda: actions.close_feed(actor_of(request)))


@require_POST
def reset_feed(request: HttpRequest) -> HttpResponse:
    """A new address of the calendar feed, shown once on the account page."""
    request.session["feed_key"] = actions.reset_feed(actor_of(request))
    return redirect("people:account")


@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """Close a personal key."""
    return _short(request, _("已吊销。"), lambda: actions.revoke_token(actor_of(request), token_id=token_id))


@require_POST
def end_role(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Take a role back."""
    return _short(request, _("已收回。"), lambda: actions.end_role(actor_of(request), grant_id=grant_id))


@require_POST
def end_deputy(request: HttpRequest, row_id: int) -> HttpResponse:
    """End a stand-in."""
    return _short(
        request, _("代理已结束。"), lambda: actions.end_deputy(actor_of(request), deputy_row_id=row_id)
    )


def _form_is_for(request: HttpRequest, may: bool) -> None:
    """A form is shown to those who may send it. What others send nevertheless reaches the act, which records it."""
    if request.method == "GET" and not may:
        raise PermissionDenied(_("您的角色不含此项权限。"))


def _told(actor: Actor, streams: list[tuple[str, int]]) -> list[tuple[Line, str]]:
    lines = timeline(actor=actor, streams=streams, limit=100)
    names = queries.names_of(
        actor=actor, refs={ref for line in lines for ref in (line.actor_ref, line.on_behalf_of)}
    )
    return [(line, _who(line, names)) for line in lines]


def _who(line: Line, names: dict[str, tuple[str, str]]) -> str:
    """Who acted; and for whom, when he stood in for somebody."""
    name = names.get(line.actor_ref, ("", ""))[0]
    absent = names.get(line.on_behalf_of, ("", ""))[0]
    return _("%(name)s（代理%(absent)s）") % {"name": name, "absent": absent} if absent else name


def _short(request: HttpRequest, done: str, run: Callable[[], object]) -> HttpResponse:
    try:
        run()
        messages.success(request, done)
    except Refused as refusal:
        messages.error(request, refusal.message)
    back = request.POST.get("back", "")
    return redirect("people:person", int(back)) if back.isdecimal() else redirect("people:account")


def _do(request: HttpRequest, act: Act, number: int, of: str, initial: dict[str, Any]) -> HttpResponse:
    """Show the form of one act, or do it and go back to the object."""
    actor = actor_of(request)
    choices = queries.unit_choices(actor=actor)
    form = act.form(request.POST if request.method == "POST" else None, units=choices, initial=initial)
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: act.run(actor, number, dict(form.cleaned_data)))
        if not status:
            messages.success(request, _("已办理：%(what)s。") % {"what": act.title})
            return HttpResponseRedirect(request.path.rstrip("/").rpartition("/")[0] + "/")
    context = {
        "title": act.title,
        "subtitle": of,
        "crumbs": [(of or _("返回"), "../"), (act.title, "")],
        "form": form,
    }
    return render(request, "people/act.html", context, status=status)


def _roster(form: forms.RosterForm) -> list[roster.Row]:
    file = form.cleaned_data["file"]
    if file is None:
        return [roster.Row(**row) for row in signing.loads(form.cleaned_data["kept"], max_age=3600)]
    if file.size > roster.LARGEST:
        raise ValueError(_("文件超过 2 MB，请分成几个文件。"))
    return roster.read(file)
