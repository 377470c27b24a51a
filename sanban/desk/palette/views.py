"""The palette's answer: a fragment of lines, in one question to the index, three at most."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base.access.readlog.recording import SEARCH, listed
from sanban.base.search import queries
from sanban.base.search.registry import searchables
from sanban.base.search.words import QUERY_LENGTH, plain
from sanban.desk.palette import entries

FEW = 5
"""So many lines of each kind; the rest is on the search page."""


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """Pages and acts that the words mean, then what can be found. Without script the search page answers."""
    text = request.GET.get("q", "")[:QUERY_LENGTH]
    actor = request.actor  # type: ignore[attr-defined]
    sections = [(_("页面"), entries.pages(actor, text)), (_("动作"), entries.deeds(actor, text))]
    if plain(text):
        found = queries.find(actor=actor, text=text, most=FEW)
        hits = [hit.object_id for group in found.groups for hit in group.hits]
        listed(request, "search", hits, level=found.highest, how=SEARCH, predicate={"q": text})
        icons = {kind.kind: kind.icon for kind in searchables()}
        sections += [
            (
                str(group.kind.label),
                [
                    entries.Entry(hit.title, hit.url, icons[hit.kind], hit.number or hit.unit)
                    for hit in group.hits
                ],
            )
            for group in found.groups
        ]
        if found.total > sum(len(group.hits) for group in found.groups):
            more = entries.Entry(
                _("查看全部 %(n)s 条") % {"n": found.total},
                f"{reverse('search:search')}?{urlencode({'q': text})}",
                "search",
            )
            sections.append((_("搜索"), [more]))
    return render(
        request, "ui/_palette.html", {"sections": [(name, rows) for name, rows in sections if rows]}
    )
