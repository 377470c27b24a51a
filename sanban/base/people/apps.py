"""Registers the people room."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Loads the projections."""

    name = "sanban.base.people"
    label = "people"

    def ready(self) -> None:
        """Fold this room's events."""
        import_module("sanban.base.people.projections")
