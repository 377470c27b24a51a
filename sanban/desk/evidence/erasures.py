"""Erasing by law: the security administrator names a record and its fields, never seeing what they hold."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from sanban.base.access.actor import SYSTEM, Actor, actor_of
from sanban.base.access.levels import LEVEL_WORDS
from sanban.base.access.readlog.recording import listed
from sanban.base.ledger import erasing
from sanban.base.ledger.queries import say
from sanban.base.ledger.registry import EVENTS, story
from sanban.base.people.queries import names_of
from sanban.base.ui.fields import attempt

WATCHERS = ("security", "auditor", "supervisor")


class EraseForm(forms.Form):
    """Which fields of a record, on what ground, by whose authority."""

    record = forms.CharField(widget=forms.HiddenInput)
    names = forms.MultipleChoiceField(label=gettext_lazy("删除的内容"), widget=forms.CheckboxSelectMultiple)
    ground = forms.CharField(
        label=gettext_lazy("法律依据"),
        max_length=200,
        help_text=gettext_lazy("例如《个人信息保护法》第四十七条。"),
    )
    authority = forms.CharField(
        label=gettext_lazy("批准人和批准文号"), max_length=200,
        help_text=gettext_lazy("删除后无法恢复；证据仍可核验，只是看不到内容。"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def erasures(request: HttpRequest) -> HttpResponse:
    """What was erased, when, by whom, on what ground; and for the security administrator the form for the next."""
    actor = actor_of(request)
    if not actor.has(*WATCHERS):
        raise PermissionDenied(_("依法删除只供督查办和安全、审计管理员查看。"))
    number = (request.POST.get("record") or request.GET.get("record", "")).strip()
    found = erasing.record_numbered(actor=actor, number=number) if number and actor.has("security") else None
    form, status = _form(request, found, number), 200
    if request.method == "POST" and form is not None and found is not None:
        status = attempt(form, lambda: _erase(actor, found, form.cleaned_data))
        if not status:
            messages.success(request, _("已删除，值和盐一分钟后从库中销毁，不可恢复。"))
            return redirect("desk:erasures")
    done = erasing.erasures(actor=actor)
    listed(request, "erasure", done, level=1)
    names = names_of(actor=actor, refs={one.actor_ref for one in done})
    context: dict[str, Any] = {
        "title": _("依法删除"), "crumbs": [(_("存证"), reverse("desk:evidence")), (_("依法删除"), "")],
        "number": number, "found": found, "form": form, "may_erase": actor.has("security"),
        "level": LEVEL_WORDS[found.level] if found else "",
        "sentence": say(found.kind, dict.fromkeys(EVENTS[found.kind].names, "…")) if found else "",
        "rows": [(one, names.get(one.actor_ref, ("—", ""))[0]) for one in done],
    }  # fmt: skip
    return render(request, "desk/erasures.html", context, status=status)


def _form(request: HttpRequest, found: erasing.Erasable | None, number: str) -> EraseForm | None:
    if found is None or found.held or not found.fields:
        return None
    form = EraseForm(request.POST or None, initial={"record": number})
    form.fields["names"].choices = [(name, name) for name in found.fields]  # type: ignore[attr-defined]
    return form


def _erase(actor: Actor, found: erasing.Erasable, said: dict[str, Any]) -> None:
    """The record itself, and what other records of the object's story copied from it."""
    erasing.erase(
        actor, event_id=found.event_id, names=said["names"], ground=said["ground"], authority=said["authority"],
        within=story(SYSTEM, found.stream, found.object_id),
    )  # fmt: skip
