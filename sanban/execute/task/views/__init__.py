"""Pages of tasks, by page."""

from sanban.execute.task.views.assigning import assign
from sanban.execute.task.views.detail import detail, do
from sanban.execute.task.views.importing import import_list, import_tasks, import_template, import_verdicts
from sanban.execute.task.views.register import register

__all__ = [
    "assign",
    "detail",
    "do",
    "import_list",
    "import_tasks",
    "import_template",
    "import_verdicts",
    "register",
]
