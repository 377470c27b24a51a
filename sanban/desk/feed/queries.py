"""What a person's calendar shows: the open tasks of his own and his units, and what waits for him."""

from typing import Any, Final

from sanban.base.access.actor import Actor
from sanban.execute.task import queries as tasks

MOST: Final = 500
"""The soonest due come first; a calendar with more is not read."""


def due_rows(*, actor: Actor) -> list[Any]:
    """Visible tasks with a due date, soonest first, each once. Two queries."""
    mine = tasks.matching(actor=actor, filter=tasks.TaskFilter(mine=True, open_only=True))
    rows = {row.pk: row for row in mine.select_related("lead").order_by("due_at", "pk")[:MOST]}
    rows |= {row.pk: row for row, _verb in tasks.todo(actor=actor, limit=MOST)}
    return sorted(rows.values(), key=lambda row: (row.due_at, row.pk))[:MOST]
