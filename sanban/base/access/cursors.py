"""Keyset paging: a page begins after the last row of the one before, so a deep page costs what the first costs."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from sanban.base.access.problems import Problem, invalid

LARGEST: Final = 100
DEFAULT: Final = 25
M = TypeVar("M", bound=Model)


def cursor_of(*parts: Any) -> str:
    """An opaque cursor that holds the sort values of a page's last row."""
    words = [part.isoformat() if isinstance(part, datetime) else str(part) for part in parts]
    return urlsafe_b64encode("|".join(words).encode()).decode().rstrip("=")


def parts_of(cursor: str, count: int) -> list[str]:
    """The values of a cursor, or the problem that says it is not one of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        words = urlsafe_b64decode(padded.encode("ascii")).decode().split("|")
    except (Error, UnicodeError):
        raise _not_ours() from None
    if len(words) != count:
        raise _not_ours()
    return words


def beyond(order: str, cursor: str, pk: str = "pk") -> Q:
    """The rows after a cursor in the order of an instant and then the id (`-` before the field: downwards)."""
    text, last = parts_of(cursor, 2)
    try:
        instant, number = datetime.fromisoformat(text), int(last)
    except ValueError:
        raise _not_ours() from None
    if instant.tzinfo is None:
        raise _not_ours()
    step, field = ("lt", order[1:]) if order.startswith("-") else ("gt", order)
    # The first condition alone bounds the index; the second only sorts out rows of the same instant.
    past = Q(**{f"{field}__{step}": instant}) | Q(**{f"{pk}__{step}": number})
    return Q(**{f"{field}__{step}e": instant}) & past


def page_by_id(rows: QuerySet[M], *, after: str, limit: int, newest: bool = True) -> tuple[list[M], str]:
    """One page in the order of the ids, which rise with time, and the cursor of the next."""
    if after:
        (last,) = parts_of(after, 1)
        if not (last.isascii() and last.isdecimal()):
            raise _not_ours()
        rows = rows.filter(**{"pk__lt" if newest else "pk__gt": int(last)})
    found = list(rows.order_by("-pk" if newest else "pk")[: limit + 1])
    if len(found) <= limit:
        return found, ""
    return found[:limit], cursor_of(found[limit - 1].pk)


def _not_ours() -> Problem:
    return invalid("after", _("翻页游标无效。请原样使用上一页返回的 next，或从第一页重新开始。"))
