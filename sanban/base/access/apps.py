"""Registers the access room."""

from importlib import import_module

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Rules, and the answers kept for programs that ask twice."""

    name = "sanban.base.access"
    label = "access"

    def ready(self) -> None:
        """Load what follows from the ledger."""
        import_module("sanban.base.access.grants")
