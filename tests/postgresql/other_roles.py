"""Connections and Django itself as another role than the owner of the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from sanban.base.access.actor import Actor
from sanban.base.access.context import standing_of
from sanban.base.ledger.postgresql import base
from tests.database import OWNER, SEQUENCER, WEB

ROLES = {"owner": OWNER, "web": WEB, "sequencer": SEQUENCER}


def link(role: str) -> "psycopg.Connection[Any]":
    """A connection of this role to the database of the test."""
    told = connection.settings_dict
    return psycopg.connect(
        host=told["HOST"],
        port=told["PORT"],
        dbname=told["NAME"],
        user=role,
        cursor_factory=psycopg.ClientCursor,
    )


def tell(here: "psycopg.Connection[Any]", actor: Actor) -> None:
    """Say who asks, for the present transaction, as our backend says it."""
    here.execute(base._SAY, base._values(standing_of(actor)))


@contextmanager
def django_as(role: str) -> Iterator[None]:
    """Django's own connection as this role."""
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = OWNER
