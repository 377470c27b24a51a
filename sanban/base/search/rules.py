"""What may be kept as a filter: the query of a register's own address, nothing else."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from sanban.base.access.registry import register_mirror
from sanban.base.ledger.errors import Refused
from sanban.base.search.models import SearchEntry

register_mirror(SearchEntry, kind="kind", key="object_id")
QUERY_LENGTH: Final = 1000
NAME_LENGTH: Final = 30
MOST: Final = 20
"""So many filters of one page a person keeps; a longer bar is not read."""
FLEETING: Final = frozenset({"after", "page"})
"""Where in a list one stands is no part of a filter."""
_PAGE: Final = re.compile(r"[a-z_]{1,30}:[a-z_]{1,29}")


def address_of(page: str) -> str:
    """The address of a page by its name; refused when there is none."""
    if not _PAGE.fullmatch(page):
        raise Refused(_("没有这个页面，不能保存筛选。"), field="page")
    try:
        return reverse(page)
    except NoReverseMatch:
        raise Refused(_("没有这个页面，不能保存筛选。"), field="page") from None


def clean_query(query: str) -> str:
    """The query part alone, in one spelling, without the place in the list and empty values."""
    if "#" in query or "://" in query.partition("=")[0] or len(query) > QUERY_LENGTH:
        raise Refused(_("筛选条件过长或不是本页的地址，请在本页重新筛选后再保存。"), field="query")
    try:
        named = parse_qsl(query.removeprefix("?"), max_num_fields=40, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise Refused(_("筛选条件过长或不是本页的地址，请在本页重新筛选后再保存。"), field="query") from None
    kept = urlencode([(name, value) for name, value in named if name not in FLEETING and value.strip()])
    if not kept:
        raise Refused(_("现在没有筛选条件，请先筛选，再存为常用。"), field="query")
    if len(kept) > QUERY_LENGTH:
        raise Refused(_("筛选条件过长，请减少几个条件后再保存。"), field="query")
    return kept


def clean_name(name: str) -> str:
    """A short name, so that the bar stays readable."""
    kept = " ".join(name.split())
    if not kept:
        raise Refused(_("请给常用筛选起个名字，如“本月红灯”。"), field="name")
    if len(kept) > NAME_LENGTH:
        raise Refused(_("名字请不超过 %(n)s 个字。") % {"n": NAME_LENGTH}, field="name")
    return kept
