"""Registers the search room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui.registry import register_function, register_place


class SearchConfig(AppConfig):
    """The index, the search page, and the filters that people keep."""

    name = "sanban.base.search"
    label = "search"
    verbose_name = _("检索")

    def ready(self) -> None:
        """Fold units, people and files into the index; say where the search page is."""
        import_module("sanban.base.search.rules")
        import_module("sanban.base.search.projections")
        import_module("sanban.base.search.refolding")
        import_module("sanban.base.search.refolding")
        import_module("sanban.base.search.searchable")
        functions = import_module("sanban.base.search.functions")
        register_function(functions.saved_filters)
        register_function(functions.highlight)
        register_place("search", "search:search")
