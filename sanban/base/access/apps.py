"""Registers the access room."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Rules only; it keeps no rows of its own."""

    name = "sanban.base.access"
    label = "access"
