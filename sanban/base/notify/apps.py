"""Registers the messages room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui import registry


class NotifyConfig(AppConfig):
    """Messages in the site and outside of it."""

    name = "sanban.base.notify"
    label = "notify"
    verbose_name = _("消息")

    def ready(self) -> None:
        """Fold this room's events, stand in the sidebar, and give the bell its number."""
        import_module("sanban.base.notify.rules")
        import_module("sanban.base.notify.projections")
        badge = import_module("sanban.base.notify.badge")
        registry.register_nav("desk", _("消息"), "notify:inbox", "bell", 30, count=badge.unread)
        registry.register_nav("system", _("消息推送"), "notify:webhooks", "webhook", 85, roles=("admin",))
        registry.register_place("inbox", "notify:inbox")
        registry.register_inbox_count(badge.unread)
