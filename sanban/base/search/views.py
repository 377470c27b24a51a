"""The search page, and the forms of kept filters."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sanban.base.access.actor import actor_of
from sanban.base.access.levels import band
from sanban.base.access.readlog.recording import SEARCH, listed
from sanban.base.ledger.errors import Refused
from sanban.base.search import actions, queries, rules
from sanban.base.search.questions import ANY_WORD, PAIRED
from sanban.base.search.registry import searchables

FEW = 8
"""So many of each kind stand on the page of all kinds."""


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What holds the words, by kind; with `kind` the first fifty of it."""
    text = request.GET.get("q", "").strip()
    known = {row.kind for row in searchables()}
    kind = request.GET.get("kind", "")
    one = kind if kind in known else ""
    found = queries.find(
        actor=actor_of(request), text=text, most=queries.MOST if one else FEW, kinds=[one] if one else ()
    )
    hits = [hit for group in found.groups for hit in group.hits]
    listed(
        request, "search", [hit.object_id for hit in hits], level=found.highest, how=SEARCH,
        predicate={"q": text, "kind": one},
    )  # fmt: skip
    ways = {
        PAIRED: _("没有完全相符的词，以下是字面相近的结果。"),
        ANY_WORD: _("没有同时含有这些词的结果，以下含有其中一部分。"),
    }
    context = {
        "title": _("搜索"),
        "q": text,
        "kind": one,
        "found": found,
        "most": queries.MOST,
        "note": ways.get(found.way, "") if found.total else "",
        "classification": band(found.highest),
    }
    return render(request, "search/search.html", context)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filter of a page and go back to it."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    try:
        address = rules.address_of(page)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("/")
    try:
        actions.save_filter(
            actor_of(request),
            page=page,
            name=request.POST.get("name", ""),
            query=query,
            shared="shared" in request.POST,
        )
        messages.success(request, _("已存为常用筛选。"))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(_back(address, query))


@require_POST
def rename(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Call one's own filter otherwise, share it or not."""
    return _change(request, filter_id, gone=False)


@require_POST
def delete(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Keep one's own filter no longer."""
    return _change(request, filter_id, gone=True)


def _change(request: HttpRequest, filter_id: int, *, gone: bool) -> HttpResponse:
    actor = actor_of(request)
    row = queries.saved_filter(actor=actor, filter_id=filter_id)
    try:
        if gone:
            actions.delete_filter(actor, filter_id=filter_id)
            messages.success(request, _("已删除常用筛选。"))
        else:
            actions.rename_filter(
                actor,
                filter_id=filter_id,
                name=request.POST.get("name", ""),
                shared="shared" in request.POST,
            )
            messages.success(request, _("已修改常用筛选。"))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(_back(rules.address_of(row.page), "" if gone else row.query) if row else "/")


def _back(address: str, query: str) -> str:
    try:
        return f"{address}?{rules.clean_query(query)}"
    except Refused:
        return address
