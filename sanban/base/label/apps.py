"""Registers the room of labels."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui import registry


class LabelConfig(AppConfig):
    """Who set a level, why, until when; and two persons to lower it."""

    name = "sanban.base.label"
    label = "label"
    verbose_name = _("密级标注")

    def ready(self) -> None:
        """Fold, tell people, stand on their lists and on the pages of objects."""
        import_module("sanban.base.label.projections")
        import_module("sanban.base.label.letters")
        panels = import_module("sanban.base.label.panels")
        import_module("sanban.base.label.catalogue").raise_floors()
        registry.register_todo(panels.todo)
        registry.register_nav("system", _("密级标注"), "label:index", "tag", 69, roles=panels.KEEPERS)
        for page, stream in panels.PAGES.items():
            registry.register_panel(page, "aside", 89, panels.link(stream))
