"""The command `sanban`: everything an operator does at a prompt."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanban.site.settings")
django.setup()

from sanban.site.commands import main  # noqa: E402 - Django must stand before any room is imported

__all__ = ["main"]
