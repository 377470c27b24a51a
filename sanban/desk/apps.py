"""Registers the desk."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui.registry import register_group, register_nav, register_panel, register_place


class DeskConfig(AppConfig):
    """Pages that join the wings."""

    name = "sanban.desk"
    label = "desk"

    def ready(self) -> None:
        """Stand first in the sidebar, and be home."""
        register_group("desk", "", 0)
        register_group("decide", _("决策"), 10)
        register_group("supervise", _("监督"), 30)
        register_group("study", _("研究"), 40)
        register_group("system", _("系统"), 90)
        register_nav(
            "desk",
            _("协同驾驶舱"),
            "desk:cockpit",
            "layout-dashboard",
            10,
            tab=1,
            tab_label=_("驾驶舱"),
        )
        register_nav("desk", _("我的待办"), "desk:todo", "clipboard-check", 20, tab=2, tab_label=_("待办"))
        register_nav("system", _("运行状况"), "desk:operations", "activity", 95, roles=("admin", "auditor"))
        register_nav(
            "system", _("权限规则"), "desk:permissions", "shield-check", 55, roles=("security", "auditor")
        )
        register_nav(
            "system", _("合规自检"), "desk:compliance", "clipboard-check", 92,
            roles=("admin", "security", "auditor", "supervisor", "signer"),
        )  # fmt: skip
        register_nav("system", _("存证"), "desk:evidence", "shield-check", 90)
        panels = import_module("sanban.desk.evidence.panels")
        register_panel("task", "aside", 90, panels.panel("task"))
        register_panel("policy.detail", "aside", 90, panels.panel("policy"))
        register_panel("dispute", "aside", 90, panels.panel("dispute"))
        register_panel("slip", "aside", 90, panels.panel("slip"))
        register_place("home", "desk:cockpit")
        register_place("palette", "desk:palette")
