"""The number at the bell and in the sidebar: one query a page, though two places show it."""

import threading
from typing import Any

from sanban.base.notify import queries


class _Last(threading.local):
    """Whose number was asked for last. A request makes its own actor, so the number never outlives a request."""

    actor: Any = None
    count = 0


_last = _Last()


def unread(actor: Any) -> int:
    """Unread messages of the actor of this request."""
    if _last.actor is not actor:
        _last.count, _last.actor = queries.unread_count(actor=actor), actor
    return _last.count
