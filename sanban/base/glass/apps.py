"""Registers the room of emergency readings."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui import registry


class GlassConfig(AppConfig):
    """Two people, one hour, reviewed."""

    name = "sanban.base.glass"
    label = "glass"
    verbose_name = _("紧急查阅")

    def ready(self) -> None:
        """Fold, tell people, and stand on their lists."""
        import_module("sanban.base.glass.projections")
        import_module("sanban.base.glass.letters")
        panels = import_module("sanban.base.glass.panels")
        registry.register_todo(panels.todo)
        registry.register_place("emergency", "glass:ask")
        registry.register_nav(
            "system", _("紧急查阅"), "glass:index", "zap", 72, roles=("supervisor", "auditor", "security"),
            alarm=True, count=panels.waiting,
        )  # fmt: skip
