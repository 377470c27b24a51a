"""Registers the light room."""

from importlib import import_module

from django.apps import AppConfig


class LightConfig(AppConfig):
    """Rules, counters and the tick."""

    name = "sanban.base.light"
    label = "light"

    def ready(self) -> None:
        """Fold this room's events."""
        import_module("sanban.base.light.projections")
