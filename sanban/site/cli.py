"""The command `sanban`: everything an operator does at a prompt.

A witness is another office's program: with it, nothing of the site is loaded.
"""

import os
import sys

import click

from sanban.base.ledger.witness.commands import witness
from sanban.site.which_role import role_of

main: click.Command
if sys.argv[1:2] == ["witness"]:
    main = click.Group("sanban", commands={"witness": witness})
else:
    import django

    os.environ["SANBAN_ROLE"] = role_of(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanban.site.settings")
    django.setup()

    from sanban.site import commands

    main = commands.main

__all__ = ["main"]
