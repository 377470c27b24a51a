"""What a template may call of this room: highlighted words, and the bar of kept filters."""

import re
from collections.abc import Sequence

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from jinja2 import pass_context
from jinja2.runtime import Context

from sanban.base.ledger.errors import Refused
from sanban.base.search import queries, rules
from sanban.base.ui.pieces import piece


def highlight(text: str, marks: Sequence[str]) -> SafeString:
    """`{{ highlight(hit.title, marks) }}`: the text with the asked words marked; everything is escaped."""
    wanted = sorted({mark for mark in marks if mark}, key=len, reverse=True)
    if not wanted:
        return conditional_escape(text)
    pieces = re.split(f"({'|'.join(map(re.escape, wanted))})", text, flags=re.IGNORECASE)
    drawn = (
        format_html("<mark>{}</mark>", piece) if number % 2 else conditional_escape(piece)
        for number, piece in enumerate(pieces)
    )
    return mark_safe("".join(drawn))  # noqa: S308 - every piece is escaped


@pass_context
def saved_filters(context: Context, page: str) -> SafeString:
    """`{{ saved_filters("task:register") }}`: kept filters of this page, and a form that keeps the present one."""
    request = context["request"]
    actor = request.actor
    address = rules.address_of(page)
    try:
        now = rules.clean_query(request.GET.urlencode())
    except Refused:
        now = ""
    rows = [
        {
            "row": row,
            "url": f"{address}?{row.query}",
            "current": row.query == now,
            "own": row.person_id == actor.person_id,
        }
        for row in queries.saved_filters(actor=actor, page=page)
    ]
    told = {
        "rows": rows,
        "own": [line for line in rows if line["own"]],
        "page": page,
        "now": now,
        "may_keep": bool(now) and not any(line["current"] and line["own"] for line in rows),
    }
    return piece("search/_saved.html", told, request)
