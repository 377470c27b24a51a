"""Registers the task room."""

from importlib import import_module

from django.apps import AppConfig


class TaskConfig(AppConfig):
    """Tasks and their satellites."""

    name = "sanban.execute.task"
    label = "task"

    def ready(self) -> None:
        """Fold this room's events."""
        import_module("sanban.execute.task.projections")
