"""Registers the policy room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui import registry


class PolicyConfig(AppConfig):
    """Policies and their measures: where the loop of the three offices begins."""

    name = "sanban.decide.policy"
    label = "policy"
    verbose_name = _("政策文件")

    def ready(self) -> None:
        """Load the projections and stand in the sidebar."""
        import_module("sanban.decide.policy.rules")
        import_module("sanban.decide.policy.projections")
        import_module("sanban.decide.policy.searchable")
        registry.register_nav("decide", _("政策文件"), "policy:index", "scroll-text", 10)
