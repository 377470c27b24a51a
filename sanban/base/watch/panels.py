"""What this room draws on the pages of objects: the way to "who has seen this", for those who may know."""

from typing import Any, Final

from sanban.base.access.actor import Actor
from sanban.base.ui.registry import Panel, Render
from sanban.base.watch import queries, rules

PAGES: Final = {
    "task": "task", "policy.detail": "policy", "slip": "slip", "file": "file", "person": "person", "unit": "unit",
}  # fmt: skip
"""The page that has a slot for it, and the stream of its object."""


def readers_link(stream: str) -> Render:
    """The panel of one kind of page; the supervision office costs no query, leader and liaison two."""

    def draw(actor: Actor | None, object_id: int) -> Panel | None:
        if actor is None or not (rules.is_supervisor(actor) or actor.has(*rules.OWNERS)):
            return None
        if not rules.is_supervisor(actor):
            subject = queries.subject_of(actor=actor, stream=stream, object_id=object_id)
            if subject is None or not rules.may_know_readers(actor, subject.owner_units):
                return None
        return Panel("watch/_readers.html", {"stream": stream, "object_id": object_id})

    return draw


def waiting(actor: Any) -> int:
    """How many requests wait for this person, for the sidebar."""
    return queries.waiting_requests(actor=actor)


def open_cases(actor: Any) -> int:
    """How many cases are open, for the watchers' sidebar."""
    return queries.cases_this_year(actor=actor)[1]
