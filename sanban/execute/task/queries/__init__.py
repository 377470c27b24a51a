"""Reading tasks: lists by filter and keyset, one task with its satellites, to-do, summaries, trend."""

from sanban.execute.task.queries.filters import SORTS, TaskFilter, matching, visible
from sanban.execute.task.queries.members import Member, members, nameable
from sanban.execute.task.queries.officers import Officer, officers, people_by_name
from sanban.execute.task.queries.one import (
    explained,
    extensions,
    handovers,
    history,
    id_by_number,
    parts,
    reports,
    task_by_id,
    task_by_number,
)
from sanban.execute.task.queries.register import (
    PAGE,
    TaskPage,
    export_rows,
    light_counts,
    task_list,
    tasks_by_ids,
)
from sanban.execute.task.queries.summaries import (
    AREAS,
    LOCAL_KINDS,
    open_count,
    response_hours,
    terms,
    unit_lights,
    units_under,
    weekly,
)
from sanban.execute.task.queries.waiting import overdue, todo

__all__ = [
    "AREAS",
    "LOCAL_KINDS",
    "PAGE",
    "SORTS",
    "Member",
    "Officer",
    "TaskFilter",
    "TaskPage",
    "explained",
    "export_rows",
    "extensions",
    "handovers",
    "history",
    "id_by_number",
    "light_counts",
    "matching",
    "members",
    "nameable",
    "officers",
    "open_count",
    "overdue",
    "parts",
    "people_by_name",
    "reports",
    "response_hours",
    "task_by_id",
    "task_by_number",
    "task_list",
    "tasks_by_ids",
    "terms",
    "todo",
    "unit_lights",
    "units_under",
    "visible",
    "weekly",
]
