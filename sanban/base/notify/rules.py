"""What a message may say to whom, and the words a reader sees."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.access.policy import AllOf, Level, Same
from sanban.base.access.registry import register_owned
from sanban.base.ledger.errors import Denied
from sanban.base.notify.models import Message

OWN: Final = AllOf((Level(), Same("person_id", "person_id")))
"""A message is for who it is addressed to, as far as his clearance reaches now."""
register_owned(Message, OWN)
LINES: Final = 5
"""So many objects are named in a message; the link leads to all of them."""


class _Gap(dict[str, Any]):
    """A value that is missing reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


def sentence(words: str, values: Mapping[str, Any]) -> str:
    """A stored pattern in the reader's language, filled with its values."""
    shown = {name: ("—" if value in (None, "") else value) for name, value in values.items()}
    return _(words).format_map(_Gap(shown)) if words else ""


def line_text(number: str, title: str, *, may_know: bool) -> str:
    """An object in a message: its title for who is cleared, else its number only."""
    return title if title and may_know else number


def is_quiet(instant: datetime, *, quiet_from: int, quiet_until: int) -> bool:
    """Whether the office's clock stands in the quiet hours, which may pass midnight; equal ends mean none."""
    minute = minute_of(instant)
    if quiet_from <= quiet_until:
        return quiet_from <= minute < quiet_until
    return minute >= quiet_from or minute < quiet_until


def minute_of(instant: datetime) -> int:
    """Minutes since midnight in the office."""
    here = clock.local(instant)
    return here.hour * 60 + here.minute


def later(instant: datetime) -> datetime:
    """When something that may not go out now is looked at again."""
    return instant + timedelta(minutes=10)


def may_keep_webhooks(actor: Actor) -> bool:
    """Where messages are passed on to is settled by the administrator."""
    return actor.has("admin")


def require_keeper(actor: Actor) -> None:
    """Refuse whoever may not settle it."""
    if not may_keep_webhooks(actor):
        raise Denied(_("消息推送地址由系统管理员管理。"))


def masked(url: str) -> str:
    """An address as pages show it: what follows the question mark is often a key."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}" + ("?…" if parts.query else "")
