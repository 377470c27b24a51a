"""The command `sanban`: everything an operator does at a prompt."""

import os
import sys

import django

from sanban.site.which_role import role_of

os.environ["SANBAN_ROLE"] = role_of(sys.argv[1:])
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanban.site.settings")
django.setup()

from sanban.site.commands import main  # noqa: E402 - Django must stand before any room is imported

__all__ = ["main"]
