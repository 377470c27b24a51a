"""Registers the access room."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Rules, and the answers kept for programs that ask twice."""

    name = "sanban.base.access"
    label = "access"
