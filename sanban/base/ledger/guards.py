"""Triggers that keep the ledger append-only against anybody with a database prompt.

Put back by `sanban migrate` each time, because SQLite drops triggers when a table is remade.
"""

from django.db import connection

_REASON = "ledger is append-only"
_EVENTS, _CONTENTS, _LEAVES = "ledger_ledgerevent", "ledger_ledgercontent", "ledger_ledgerleaf"
_TABLES = (_EVENTS, _CONTENTS, _LEAVES)
_VERBS = ("update", "delete", "truncate", "replace")
_ERASURE = (
    "NEW.event_id = OLD.event_id AND ((NEW.erased = OLD.erased AND NEW.dek_id <> OLD.dek_id)"
    " OR length(NEW.erased) > length(OLD.erased))"
)
"""What may be done to a content: sealing it anew under another key, and taking values away with the order named.
That nothing else was changed on the way is seen by the audit: every value answers to a sealed digest."""
_TAKEN = {
    _EVENTS: "id = NEW.id OR (stream_type = NEW.stream_type AND stream_id = NEW.stream_id AND ver = NEW.ver)",
    _CONTENTS: "event_id = NEW.event_id",
    _LEAVES: "event_id = NEW.event_id OR (log = NEW.log AND idx = NEW.idx)",
}
"""SQLite's INSERT OR REPLACE deletes without asking the delete trigger, so a taken place refuses the insert."""


def install() -> None:
    """Make update and delete of events fail; a content may only be sealed anew, or lose values by a named order."""
    remove()
    with connection.cursor() as cursor:
        for statement in _sqlite() if connection.vendor == "sqlite" else _postgresql():
            cursor.execute(statement)


def remove() -> None:
    """Take the triggers away (table remakes and test flushes only), from those tables that are there."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in there.intersection(_TABLES):
            for verb in _VERBS:
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")


def _sqlite() -> list[str]:
    made = []
    for table in _TABLES:
        when = f"WHEN NOT ({_ERASURE})" if table == _CONTENTS else ""
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
        when = f"WHEN (NOT ({_ERASURE}))" if table == _CONTENTS else ""
        call = "EXECUTE FUNCTION ledger_refuse()"
        made.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when} {call}")
        made.append(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}")
        made.append(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}"
        )
    return made


def missing() -> list[str]:
    """Guards that should stand and do not, by name, for check-ups. One query."""
    sqlite = connection.vendor == "sqlite"
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        standing = {name for (name,) in cursor.fetchall()}
    verbs = ("update", "delete", "replace" if sqlite else "truncate")
    return [name for table in _TABLES for verb in verbs if (name := f"{table}_no_{verb}") not in standing]
