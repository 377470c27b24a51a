"""What this room draws on the pages of other rooms, and what it puts on a person's list."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.ui.registry import Panel, Render, Todo
from sanban.decide.dispute import queries, rules

PAGES: Final = (
    ("task", "content", "task"),
    ("policy.detail", "main", "policy"),
    ("slip", "content", "slip"),
)
"""Pages by their names, the slot, and the stream of the object they show."""


def drawn_on(stream: str) -> Render:
    """The disputes on one object, and the way to open one."""

    def panel(actor: Actor | None, object_id: int) -> Panel | None:
        if actor is None:
            return None
        rows = queries.of_object(actor=actor, stream=stream, object_id=object_id)
        may_open = rules.may_open(actor)
        if not rows and not may_open:
            return None
        shown = [(row, rules.STATE_NAMES[row.state]) for row in rows]
        on = f"{stream}/{object_id}"
        return Panel("dispute/_panel.html", {"rows": shown, "on": on, "may_open": may_open})

    return panel


def todo(actor: Actor) -> Iterator[Todo]:
    """To answer, to name an arbiter, to rule; the light is that of the running term."""
    found = queries.waiting(actor=actor)
    terms = queries.terms_of(actor=actor, disputes=[row for row, _verb, _due in found]) if found else {}
    words = {"answer": _("答辩"), "arbiter": _("指定仲裁员"), "rule": _("裁决")}
    for row, verb, due_at in found:
        yield Todo(
            verb=words[verb], title=row.question, url=reverse("dispute:detail", args=[row.pk]), note=row.number,
            due_at=due_at, light=terms[row.pk].light,
        )  # fmt: skip
