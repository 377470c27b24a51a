"""Registers the supervision room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui.registry import register_nav, register_panel


class ChaseConfig(AppConfig):
    """Slips: remind, urge, notice, circular."""

    name = "sanban.supervise.chase"
    label = "chase"
    verbose_name = _("亮灯督办")

    def ready(self) -> None:
        """Fold events of tasks and slips, stand in the sidebar, and draw on the page of a task."""
        import_module("sanban.supervise.chase.rules")
        import_module("sanban.supervise.chase.projections")
        import_module("sanban.supervise.chase.letters")
        import_module("sanban.supervise.chase.referable")
        panels = import_module("sanban.supervise.chase.panels")
        queries = import_module("sanban.supervise.chase.queries")
        register_nav(
            "supervise", _("亮灯督办"), "chase:register", "siren", 10,
            count=lambda actor: int(queries.waiting_for(actor=actor)), alarm=True,
        )  # fmt: skip
        register_panel("task", "content", 20, panels.task_panel)
