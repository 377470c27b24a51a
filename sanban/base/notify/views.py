"""Pages of messages: the inbox, one's own wishes, and the addresses messages are passed on to."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.problems import Problem
from sanban.base.access.readlog.recording import listed
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.notify import actions, queries
from sanban.base.notify.forms import PreferenceForm, WebhookForm, initial_of
from sanban.base.notify.rules import masked, require_keeper
from sanban.base.notify.words import CHANNEL_WORDS, STATE_WORDS, kind_words
from sanban.base.people.queries import person_by_login
from sanban.base.ui.fields import blame


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """One's own messages, unread ones first."""
    actor = actor_of(request)
    unread_only = request.GET.get("show") == "unread"
    after = request.GET.get("after", "")
    try:
        page = queries.inbox_page(actor=actor, unread_only=unread_only, after=after)
    except Problem:
        return redirect("notify:inbox")
    listed(request, "message", page.rows)
    context = {
        "title": _("消息"), "page": page, "unread_only": unread_only, "after": after,
        "may_all": any(row.unread for row in page.rows),
    }  # fmt: skip
    return render(request, "notify/inbox.html", context)


@require_POST
def open_message(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """Mark a message as read and go to what it speaks of."""
    try:
        link = actions.read_message(actor_of(request), message_id=message_id)
    except Refused as hidden:
        raise Http404(hidden.message) from hidden
    inside = url_has_allowed_host_and_scheme(link, allowed_hosts=None)
    return redirect(link if link and inside else reverse("notify:inbox"))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    count = actions.read_all(actor_of(request))
    messages.success(request, _("已将 %(count)s 条消息标为已读。") % {"count": count})
    return redirect("notify:inbox")


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """What one wants to be told outside the site, and when."""
    actor = actor_of(request)
    kept = queries.preference(actor=actor, person_id=actor.person_id or 0)
    form = PreferenceForm(request.POST or None, initial=initial_of(kept))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_preferences(actor, **form.minutes())
        except Refused as no:
            blame(form, no)
        else:
            messages.success(request, _("接收方式已保存。"))
            return redirect("notify:preferences")
    email, mobile = queries.reach(actor=actor)
    context = {
        "title": _("接收方式"), "crumbs": [(_("消息"), reverse("notify:inbox")), (_("接收方式"), "")], "form": form,
        "email": email, "mobile": mobile, "has_mail": bool(settings.SANBAN_MAIL_URL),
    }  # fmt: skip
    return render(request, "notify/preferences.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """The addresses messages are passed on to, and the form for one more. A new key is shown this once."""
    actor = _keeper(request)
    form = WebhookForm(request.POST or None)
    key = _created(actor, form) if request.method == "POST" and form.is_valid() else ""
    try:
        rows, after = queries.webhooks_page(actor=actor, after=request.GET.get("after", ""))
    except Problem:
        return redirect("notify:webhooks")
    context = {
        "title": _("消息推送"), "rows": [(row, masked(row.url)) for row in rows], "after": after, "key": key,
        "form": WebhookForm() if key else form, "outbox": _outbox(actor), "has_mail": bool(settings.SANBAN_MAIL_URL),
        "has_sms": bool(settings.SANBAN_SMS_URL and settings.SANBAN_SMS_KEY),
    }  # fmt: skip
    return render(request, "notify/webhooks.html", context, status=422 if form.errors else 200)


def _created(actor: Actor, form: WebhookForm) -> str:
    """The key of the new address; empty when it was refused, with the reason at its field."""
    said = form.cleaned_data
    owner = person_by_login(actor=actor, login=said["owner"]) if said["owner"] else None
    if said["owner"] and owner is None:
        form.add_error("owner", _("没有这个登录名，或此人已离任。"))
        return ""
    try:
        return actions.create_webhook(
            actor, name=said["name"], url=said["url"], kinds=said["kinds"], shape=said["shape"],
            owner_id=owner.pk if owner else None,
        )[1]  # fmt: skip
    except Refused as no:
        blame(form, no)
        return ""


def _outbox(actor: Actor) -> list[tuple[str, list[tuple[str, int]]]]:
    """What stands in the outbox, by channel; states without rows are left out."""
    counts = queries.outbox_counts(actor=actor)
    return [
        (
            str(word),
            [(str(said), n) for state, said in STATE_WORDS.items() if (n := counts.get((channel, state), 0))],
        )
        for channel, word in CHANNEL_WORDS.items()
    ]


@require_GET
def webhook(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """One address and its latest deliveries."""
    actor = _keeper(request)
    try:
        row = queries.endpoint(actor=actor, endpoint_id=endpoint_id)
    except Refused as hidden:
        raise Http404(hidden.message) from hidden
    sent = queries.deliveries(actor=actor, endpoint_id=endpoint_id)
    context = {
        "title": row.name, "crumbs": [(_("消息推送"), reverse("notify:webhooks")), (row.name, "")], "endpoint": row,
        "address": masked(row.url), "kinds": kind_words(row.kinds),
        "sent": [(one, STATE_WORDS[one.state], one.ref.startswith("test ")) for one in sent],
    }  # fmt: skip
    return render(request, "notify/webhook.html", context)


@require_POST
def do_webhook(request: HttpRequest, endpoint_id: int, verb: str) -> HttpResponse:
    """Disable an address, or ask for a test."""
    actor = _keeper(request)
    act, told = {
        "disable": (actions.disable_webhook, _("已停用。")),
        "try": (actions.try_webhook, _("测试消息将在一分钟内发出，结果见下面的记录。")),
    }[verb]
    try:
        act(actor, endpoint_id=endpoint_id)
        messages.success(request, told)
    except Refused as no:
        messages.error(request, no.message)
    return redirect("notify:webhook", endpoint_id=endpoint_id)


def _keeper(request: HttpRequest) -> Actor:
    """The administrator; anybody else is told that the page is not his."""
    actor = actor_of(request)
    try:
        require_keeper(actor)
    except Denied as no:
        raise PermissionDenied(no.message) from no
    return actor
