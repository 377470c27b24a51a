"""Triggers that keep the ledger append-only against anybody with a database prompt.

Put back by `sanban migrate` each time, because SQLite drops triggers when a table is remade.
"""

from django.db import connection

_REASON = "ledger is append-only"
_EVENTS, _FIELDS, _LEAVES = "ledger_ledgerevent", "ledger_ledgerfield", "ledger_ledgerleaf"
_TABLES = (_EVENTS, _FIELDS, _LEAVES)
_VERBS = ("update", "delete", "truncate", "replace")
_ERASURE = (
    "NEW.event_id = OLD.event_id AND NEW.name = OLD.name AND NEW.dek_id = OLD.dek_id AND OLD.erased_by IS NULL"
    " AND NEW.ciphertext IS NULL AND NEW.salt IS NULL AND NEW.erased_by IS NOT NULL"
)
"""What may be done to a field, once: take value and salt away and name the event that ordered it."""
_TAKEN = {
    _EVENTS: "id = NEW.id OR (stream_type = NEW.stream_type AND stream_id = NEW.stream_id AND ver = NEW.ver)",
    _FIELDS: "event_id = NEW.event_id AND name = NEW.name",
    _LEAVES: "event_id = NEW.event_id OR (log = NEW.log AND idx = NEW.idx)",
}
"""SQLite's INSERT OR REPLACE deletes without asking the delete trigger, so a taken place refuses the insert."""


def install() -> None:
    """Make update and delete of events fail; a field may only be emptied, and only with its erasing event named."""
    remove()
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


def remove() -> None:
    """Take the triggers away (table remakes and test flushes only)."""
    with connection.cursor() as cursor:
        for table in _TABLES:
            for verb in _VERBS:
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")


def remove_if_present() -> None:
    """Take the triggers away before a migration, if the tables are there at all."""
    if _TABLES[0] in connection.introspection.table_names():
        remove()


def _sqlite() -> list[str]:
    made = []
    for table in _TABLES:
        when = f"WHEN NOT ({_ERASURE})" if table == _FIELDS else ""
        abort = f"BEGIN SELECT RAISE(ABORT, '{_REASON}'); END"
        taken = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {_TAKEN[table]})"  # noqa: S608 - fixed names
        made.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when} {abort}")
        made.append(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {abort}")
        made.append(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {taken} {abort}")
    return made


def _postgresql() -> list[str]:
    made = [
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REASON}'; END $$"
    ]
    for table in _TABLES:
        when = f"WHEN (NOT ({_ERASURE}))" if table == _FIELDS else ""
        call = "EXECUTE FUNCTION ledger_refuse()"
        made.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when} {call}")
        made.append(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}")
        made.append(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}"
        )
    return made
