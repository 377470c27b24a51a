"""Three roles on PostgreSQL: the owner makes tables, the web serves people, the sequencer keeps the log; no more.

With DATABASE_URL alone one role is all three. See docs/database-roles.md.
"""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.db import connection

from sanban.base.access.dbroles import OWNER, SEQUENCER, WEB, faults

__all__ = ("OWNER", "SEQUENCER", "WEB", "faults", "grant")

_APPEND_ONLY: Final = {
    "ledger_ledgerevent": "SELECT, INSERT",
    "ledger_ledgercontent": "SELECT, INSERT, UPDATE (body, dek_id, erased)",
    "ledger_ledgerpending": "SELECT, INSERT",
    "ledger_ledgerleaf": "SELECT",
    "ledger_ledgertile": "SELECT",
    "ledger_ledgerhead": "SELECT",
    "ledger_ledgercheckpoint": "SELECT",
    "ledger_ledgercosignature": "SELECT",
    "ledger_ledgerwitness": "SELECT",
    "ledger_ledgerkey": "SELECT",
    "django_migrations": "SELECT",
}
"""What the web may do with tables that are not its own to change; of all others it may change rows."""
_LOG: Final = {
    "ledger_ledgerevent": "SELECT, INSERT",
    "ledger_ledgercontent": "SELECT, INSERT",
    "ledger_ledgerpending": "SELECT, INSERT, DELETE",
    "ledger_ledgerleaf": "SELECT, INSERT",
    "ledger_ledgertile": "SELECT, INSERT, UPDATE",
    "ledger_ledgerhead": "SELECT, INSERT, UPDATE",
    "ledger_ledgercheckpoint": "SELECT, INSERT, UPDATE",
    "ledger_ledgerkey": "SELECT, INSERT, UPDATE",
    "ledger_ledgercosignature": "SELECT, INSERT, UPDATE",
    "ledger_ledgerwitness": "SELECT, INSERT, UPDATE",
}
"""All that the log process needs: it records its own trust and keys as events, and reads the values of no others."""
_OF_THE_LOG: Final = "e.id = ledger_ledgercontent.event_id AND e.stream_type = 'ledger'"
_OWN_VALUES: Final = f"EXISTS (SELECT 1 FROM ledger_ledgerevent e WHERE {_OF_THE_LOG})"  # noqa: S608 - fixed names


def grant() -> None:
    """Give web and sequencer what they need and nothing else, where they are roles of their own."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def _statements() -> Iterator[str]:
    owner, web, sequencer = (settings.SANBAN_ROLES.get(key, "") for key in (OWNER, WEB, SEQUENCER))
    if web and web != owner:
        yield from _cleared(web)
        name = _quoted(web)
        yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"
        yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"
        for table, rights in _APPEND_ONLY.items():
            yield f"REVOKE ALL ON {table} FROM {name}"
            yield f"GRANT {rights} ON {table} TO {name}"
    if sequencer and sequencer not in (owner, web):
        yield from _cleared(sequencer)
        for table, rights in _LOG.items():
            yield f"GRANT {rights} ON {table} TO {_quoted(sequencer)}"
        yield "DROP POLICY IF EXISTS sanban_log ON ledger_ledgercontent"
        own = f"AS RESTRICTIVE FOR SELECT TO {_quoted(sequencer)} USING ({_OWN_VALUES})"
        yield f"CREATE POLICY sanban_log ON ledger_ledgercontent {own}"


def _cleared(role: str) -> Iterator[str]:
    name = _quoted(role)
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"


def _quoted(role: str) -> str:
    return connection.ops.quote_name(role.replace('"', '""'))
