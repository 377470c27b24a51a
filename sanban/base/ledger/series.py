"""Numbered series: one act at a time may take the next number."""

from django.db import connection


def hold(series: int) -> None:
    """Wait until no other act takes numbers of this series, and keep it until the own act ends.

    On PostgreSQL an advisory lock of the transaction; on SQLite the act holds the whole database already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [series])
