"""Registers the ledger room."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger is first: every other room writes through it."""

    name = "sanban.base.ledger"
    label = "ledger"
