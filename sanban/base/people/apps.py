"""Registers the people room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Loads the projections."""

    name = "sanban.base.people"
    label = "people"

    def ready(self) -> None:
        """Fold this room's events."""
        from sanban.base.people import projections  # noqa: F401, PLC0415
