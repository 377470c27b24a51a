"""Registers the room that watches over access."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui import registry


class WatchConfig(AppConfig):
    """Refusals, requests for sight, who has seen what."""

    name = "sanban.base.watch"
    label = "watch"
    verbose_name = _("看护")

    def ready(self) -> None:
        """Fold refusals and requests, stand in the sidebar, and draw the way to the readers on every object's page."""
        import_module("sanban.base.watch.projections")
        import_module("sanban.base.watch.letters")
        buffer = import_module("sanban.base.access.readlog.buffer")
        buffer.register_watcher(import_module("sanban.base.watch.examining").look_at)
        panels = import_module("sanban.base.watch.panels")
        registry.register_nav(
            "desk",
            _("查阅申请"),
            "watch:requests",
            "key-round",
            40,
            roles=("leader", "liaison"),
            count=panels.waiting,
        )
        registry.register_nav(
            "system", _("越权拦截"), "watch:refusals", "shield-alert", 70, roles=("auditor", "security")
        )
        registry.register_nav(
            "system", _("拦截案件"), "watch:cases", "siren", 71, roles=("auditor", "security"), alarm=True,
            count=panels.open_cases,
        )  # fmt: skip
        registry.register_place("request_access", "watch:ask")
        for page, stream in panels.PAGES.items():
            registry.register_panel(page, "aside", 90, panels.readers_link(stream))
