"""Pages of tasks, by page."""

from sanban.execute.task.views.assigning import assign, break_down
from sanban.execute.task.views.bulk import bulk
from sanban.execute.task.views.detail import detail, do
from sanban.execute.task.views.exporting import export_csv, export_workbook
from sanban.execute.task.views.importing import import_list, import_tasks, import_template, import_verdicts
from sanban.execute.task.views.register import register
from sanban.execute.task.views.units import units

__all__ = [
    "assign",
    "break_down",
    "bulk",
    "detail",
    "do",
    "export_csv",
    "export_workbook",
    "import_list",
    "import_tasks",
    "import_template",
    "import_verdicts",
    "register",
    "units",
]
