"""The second wall on PostgreSQL: what is secret (level 2) is kept by the database itself from whoever may not see it.

Each table that holds secret rows gets one policy, FORCEd on its owner too: rows below secret pass, a secret row passes
for the machine (`base/ledger/standing.py`) and for whom the rule `see` of its object holds. Parts of an object, its
entry in the index and the values of its events follow the object. Put back by `sanban migrate` each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Model

from sanban.base.access import context
from sanban.base.access.actor import SECRET
from sanban.base.access.registry import mirrors, owned, parts, seeing, subjects
from sanban.base.access.tree import column

POLICY: Final = "sanban_secret"
_VALUES: Final = "ledger_ledgercontent"  # the values of events, which follow the event's object
_MACHINE: Final = f"{context.text('system')} = '1'"


@dataclass(frozen=True, slots=True)
class Wall:
    """One table, which of its rows are for all (none where rows have no level), and of the others who sees which."""

    table: str
    open_rows: str
    condition: str

    def policies(self) -> dict[str, str]:
        """By command. What is secret is changed by the machine alone, as acts are; a new row asks nothing, because
        an act has settled who may make it."""
        free = f"{self.open_rows} OR {_MACHINE}" if self.open_rows else _MACHINE
        return {
            "SELECT": f"USING ({free} OR {self.condition})",
            "UPDATE": f"USING ({free}) WITH CHECK (true)",
            "DELETE": f"USING ({free})",
            "INSERT": "WITH CHECK (true)",
        }


def walls() -> list[Wall]:
    """Every table that holds secret rows, by name."""
    return sorted(_walls(), key=lambda wall: wall.table)


def install() -> None:
    """Enable and force row security on these tables with the rules as they are now. Nothing on SQLite."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_there())
        for wall in walls():
            name = f'"{wall.table}"'
            cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            for command, terms in wall.policies().items():
                policy = f"{POLICY}_{command.lower()}"
                cursor.execute(f"DROP POLICY IF EXISTS {policy} ON {name}")
                cursor.execute(f"CREATE POLICY {policy} ON {name} FOR {command} {terms}")


def missing() -> list[str]:
    """Tables that should have the wall and have it not, for the check-up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE p.polname = %s AND c.relrowsecurity AND c.relforcerowsecurity",
            [f"{POLICY}_select"],
        )
        standing = {name for (name,) in cursor.fetchall()}
    return [wall.table for wall in walls() if wall.table not in standing]


def _walls() -> Iterator[Wall]:
    for subject in subjects():
        rule = seeing(subject.stream).node
        yield _of(subject.model, rule.rls(subject.model))
    for part in parts():
        behind = f"sanban_there('{part.whole}', {column(part.model, part.key)})"
        yield _of(part.model, behind)
    for model, node in owned():
        yield _of(model, node.rls(model))
    for mirror in mirrors():
        kind, key = column(mirror.model, mirror.kind), column(mirror.model, mirror.key)
        yield _of(mirror.model, f"sanban_there({kind}, {key})")
    seen = (
        f"SELECT 1 FROM ledger_ledgerevent e WHERE e.id = {_VALUES}.event_id"  # noqa: S608 - fixed names
        f" AND (e.label < {SECRET} OR (e.label <= {context.number('clearance')}"
        f" AND sanban_there(e.stream_type, e.stream_id)))"
    )
    yield Wall(_VALUES, "", f"EXISTS ({seen})")


def _of(model: type[Model], condition: str) -> Wall:
    try:
        open_rows = f"{column(model, 'level')} < {SECRET}"
    except FieldDoesNotExist:
        open_rows = ""
    return Wall(model._meta.db_table, open_rows, condition)


def _there() -> str:
    """Whether the object of this stream and id is there for who asks: its own wall decides. Of an unknown stream
    none is. A function, because its plans are kept: a condition in its place would be planned with every statement."""
    known = {subject.stream: subject.model for subject in subjects()}
    known |= {part.stream: part.model for part in parts() if part.stream}
    known |= {mirror.stream: mirror.model for mirror in mirrors() if mirror.stream}
    branches = " ".join(
        f"IF stream = '{stream}' THEN RETURN EXISTS"  # noqa: S608 - names of tables
        f' (SELECT 1 FROM public."{model._meta.db_table}" WHERE {column(model, "id")} = key); END IF;'
        for stream, model in known.items()
    )
    return (
        "CREATE OR REPLACE FUNCTION sanban_there(stream text, key bigint) RETURNS boolean LANGUAGE plpgsql STABLE AS"
        f" $$ BEGIN {branches} RETURN false; END $$"
    )
