"""What waits for the second person and for the reviewer, on their lists and in the sidebar."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.glass import queries
from sanban.base.ui.registry import Todo

SOON = timedelta(minutes=15)


def todo(actor: Actor) -> Iterator[Todo]:
    """To open or refuse, which is due at once; to review, which goes red after its term."""
    for row in queries.to_second(actor=actor):
        yield Todo(
            verb=_("紧急查阅"), title=row.reason, url=reverse("glass:one", args=[row.pk]), note=row.person_name,
            due_at=row.at + SOON, light="red",
        )  # fmt: skip
    for row in queries.to_review(actor=actor):
        due = row.review_due or row.at
        yield Todo(
            verb=_("复核"), title=row.reason, url=reverse("glass:one", args=[row.pk]), note=row.person_name,
            due_at=due, light="red" if due < clock.now() else "green",
        )  # fmt: skip


def waiting(actor: Any) -> int:
    """How many wait for this person."""
    return len(queries.to_second(actor=actor)) + len(queries.to_review(actor=actor))
