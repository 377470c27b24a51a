"""Registers the dispute room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui import registry


class DisputeConfig(AppConfig):
    """Disputes on any object, their arbiters and rulings."""

    name = "sanban.decide.dispute"
    label = "dispute"
    verbose_name = _("争议仲裁")

    def ready(self) -> None:
        """Fold events, be found, tell people, stand in the sidebar and on the to-do list, draw on other pages."""
        import_module("sanban.decide.dispute.rules")
        import_module("sanban.decide.dispute.projections")
        import_module("sanban.decide.dispute.searchable")
        import_module("sanban.decide.dispute.letters")
        panels = import_module("sanban.decide.dispute.panels")
        registry.register_nav("decide", _("争议仲裁"), "dispute:index", "scale", 30)
        registry.register_todo(panels.todo)
        for page, slot, stream in panels.PAGES:
            registry.register_panel(page, slot, 60, panels.drawn_on(stream))
