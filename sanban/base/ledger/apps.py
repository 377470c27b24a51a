"""Registers the ledger room."""

from importlib import import_module

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger is first: every other room writes through it."""

    name = "sanban.base.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Load what follows from the ledger."""
        import_module("sanban.base.ledger.erasing")
