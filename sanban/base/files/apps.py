"""Registers the files room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui import registry


class FilesConfig(AppConfig):
    """Loads the projections and adds the room to the sidebar."""

    name = "sanban.base.files"
    label = "files"
    verbose_name = _("文件")

    def ready(self) -> None:
        """Projections register themselves when they are loaded."""
        import_module("sanban.base.files.rules")
        import_module("sanban.base.files.projections")
        import_module("sanban.base.files.labelling")
        registry.register_nav("system", _("文件"), "files:index", "file-text", 80)
