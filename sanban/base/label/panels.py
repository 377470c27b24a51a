"""The way to the label from the page of an object, and what waits on people's lists."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.access.levels import LEVEL_WORDS
from sanban.base.label import queries, rules
from sanban.base.ui.registry import Panel, Render, Todo

PAGES: Final = {"task": "task", "policy.detail": "policy", "file": "file"}
KEEPERS: Final = ("leader", "liaison", "dispatcher", "signer")
SOON: Final = timedelta(days=14)


def link(stream: str) -> Render:
    """The way to the label of one kind of object. No query."""

    def draw(actor: Actor | None, object_id: int) -> Panel | None:
        if actor is None or not actor.has(*KEEPERS):
            return None
        return Panel("label/_link.html", {"stream": stream, "object_id": object_id})

    return draw


def todo(actor: Actor) -> Iterator[Todo]:
    """To sign under a lower level; to look at again, amber from two weeks before, red after its day. Two queries and
    one a kind of object that waits."""
    for row in queries.to_second(actor=actor):
        yield Todo(
            verb=_("确认降密"), title=row.lower_reason, url=_page(row.stream, row.object_id),
            note=str(LEVEL_WORDS[row.lower_to or 0]), due_at=_evening(rules.today() + SOON), light="amber",
        )  # fmt: skip
    if not actor.has("leader", "liaison", "dispatcher"):
        return
    for row in queries.of_units(actor=actor, review_until=rules.today() + SOON):
        if row.review_on is not None:
            late = row.review_on < rules.today()
            yield Todo(
                verb=_("复核密级"), title=row.reason, url=_page(row.stream, row.object_id),
                note=str(LEVEL_WORDS[row.level]), due_at=_evening(row.review_on), light="red" if late else "amber",
            )  # fmt: skip


def _page(stream: str, object_id: int) -> str:
    return reverse("label:one", args=[stream, object_id])


def _evening(day: date) -> datetime:
    return datetime.combine(day, time(17, 30), tzinfo=clock.local(clock.now()).tzinfo)
