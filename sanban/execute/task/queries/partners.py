"""The cooperating units of tasks that were read, as prefetching gives them."""

from collections.abc import Sequence
from typing import Any, Final

from sanban.base.access.actor import Actor
from sanban.base.ledger.prepared import PreparedMany
from sanban.execute.task.models import TaskItem, TaskPartner

_SHOWN: Final = ("task_id", "unit_id", "unit__short")
_PARTNERS: Final = PreparedMany(
    lambda tasks, slot: (
        TaskPartner.objects.filter(task__id__in=tasks).select_related("unit").only(*_SHOWN).order_by("pk")
    )
)


def give_partners(*, actor: Actor, tasks: Sequence[TaskItem]) -> None:
    """Let `task.partners.all()` ask nothing more, for all of these tasks. One query."""
    of_task: dict[int, list[TaskPartner]] = {}
    for row in _PARTNERS([task.pk for task in tasks]):
        of_task.setdefault(row.task_id, []).append(row)
    for task in tasks:
        fetched: Any = TaskPartner.objects.all()
        fetched._result_cache, fetched._prefetch_done = of_task.get(task.pk, []), True
        kept: Any = task
        kept._prefetched_objects_cache = {"partners": fetched}
