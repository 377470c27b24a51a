"""Registers the assistant room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui import registry


class AssistantConfig(AppConfig):
    """Reads a document and proposes; confirming calls the policy and task rooms below."""

    name = "sanban.study.assistant"
    label = "assistant"
    verbose_name = _("阅读助手")

    def ready(self) -> None:
        """Stand in the sidebar, and offer the next step on the pages of policies."""
        panels = import_module("sanban.study.assistant.panels")
        registry.register_nav(
            "decide",
            _("上传识别"),
            "assistant:upload",
            "file-up",
            20,
            ("dispatcher", "researcher", "liaison"),
        )
        registry.register_panel("policy.index", "tools", 10, panels.upload_button)
        registry.register_panel("policy.detail", "tools", 10, panels.next_steps)
