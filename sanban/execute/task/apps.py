"""Registers the task room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui.registry import register_group, register_nav


class TaskConfig(AppConfig):
    """Tasks and their satellites."""

    name = "sanban.execute.task"
    label = "task"

    def ready(self) -> None:
        """Load the projections and stand in the sidebar."""
        import_module("sanban.execute.task.rules")
        import_module("sanban.execute.task.projections")
        import_module("sanban.execute.task.searchable")
        import_module("sanban.execute.task.letters")
        register_group("execute", _("执行"), 20)
        register_nav("execute", _("任务台账"), "task:register", "list-tree", 10, tab=3, tab_label=_("台账"))
