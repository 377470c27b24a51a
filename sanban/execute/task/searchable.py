"""Tasks in the index: title and number, what is to be done and when it counts as done."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds
from sanban.base.search.drafts import Findable
from sanban.base.search.projections import move, put
from sanban.base.search.registry import register_searchable
from sanban.execute.task import events as e
from sanban.execute.task import queries

TASK = "task"

register_searchable(
    TASK, label=_("事项"), order=10, icon="list-tree", url_name="task:detail", visible=queries.visible
)


@folds(e.TaskAssigned)
def _assigned(entries: Sequence[Entry]) -> None:
    put(_findable(entry) for entry in entries)


def _findable(entry: Entry) -> Findable:
    made = entry.event
    detail, acceptance = made.changes.get("detail", ""), made.changes.get("acceptance", "")
    return Findable(
        kind=TASK, object_id=entry.stream_id, title=made.title, number=made.changes["number"],
        arg=made.changes["number"], text="\n".join(filter(None, (detail, acceptance))),
        unit_id=made.changes["lead_id"], level=entry.level, at=entry.at,
    )  # fmt: skip


@folds(e.TaskForwarded)
def _forwarded(entries: Sequence[Entry]) -> None:
    for entry in entries:
        move(TASK, entry.stream_id, entry.event.to_id)
