"""Pages of messages: the inbox and one's own wishes."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanban.base.access.actor import Actor
from sanban.base.access.problems import Problem
from sanban.base.ledger.errors import Refused
from sanban.base.notify import actions, queries
from sanban.base.notify.forms import PreferenceForm, initial_of


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own messages, unread ones first."""
    actor = _actor(request)
    unread_only = request.GET.get("show") == "unread"
    after = request.GET.get("after", "")
    try:
        page = queries.inbox_page(actor=actor, unread_only=unread_only, after=after)
    except Problem:
        return redirect("notify:inbox")
    context = {
        "title": _("消息"), "page": page, "unread_only": unread_only, "after": after,
        "may_all": any(row.unread for row in page.rows),
    }  # fmt: skip
    return render(request, "notify/inbox.html", context)


@require_POST
def open_message(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """Mark a message as read and go to what it speaks of."""
    try:
        link = actions.read_message(_actor(request), message_id=message_id)
    except Refused as hidden:
        raise Http404(hidden.message) from hidden
    inside = url_has_allowed_host_and_scheme(link, allowed_hosts=None)
    return redirect(link if link and inside else reverse("notify:inbox"))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    count = actions.read_all(_actor(request))
    messages.success(request, _("已将 %(count)s 条消息标为已读。") % {"count": count})
    return redirect("notify:inbox")


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """What one wants to be told outside the site, and when."""
    actor = _actor(request)
    kept = queries.preference(actor=actor, person_id=actor.person_id or 0)
    form = PreferenceForm(request.POST or None, initial=initial_of(kept))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_preferences(actor, **form.minutes())
        except Refused as no:
            form.add_error(no.field if no.field in form.fields else None, no.message)
        else:
            messages.success(request, _("接收方式已保存。"))
            return redirect("notify:preferences")
    email, mobile = queries.reach(actor=actor)
    context = {
        "title": _("接收方式"), "crumbs": [(_("消息"), reverse("notify:inbox")), (_("接收方式"), "")], "form": form,
        "email": email, "mobile": mobile, "has_mail": bool(settings.SANBAN_MAIL_URL),
    }  # fmt: skip
    return render(request, "notify/preferences.html", context, status=422 if form.errors else 200)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
