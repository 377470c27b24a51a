"""Registers the search room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui.registry import register_place


class SearchConfig(AppConfig):
    """The index, the search page, and the filters that people keep."""

    name = "sanban.base.search"
    label = "search"
    verbose_name = _("检索")

    def ready(self) -> None:
        """Fold units, people and files into the index; say where the search page is."""
        import_module("sanban.base.search.projections")
        import_module("sanban.base.search.searchable")
        register_place("search", "search:search")
