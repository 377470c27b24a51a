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
from sanban.base.access.registry import Part, mirrors, owned, parts, seeing, subjects
from sanban.base.access.tree import column

POLICY: Final = "sanban_secret"
_VALUES: Final = "ledger_ledgerfield"  # the values of events, which follow the event's object
_MACHINE: Final = f"{context.text('system')} = '1'"


@dataclass(frozen=True, slots=True)
class Wall:
    """One table and the condition under which a row of it is there."""

    table: str
    condition: str


def walls() -> list[Wall]:
    """Every table that holds secret rows, by name."""
    return sorted(_walls(), key=lambda wall: wall.table)


def install() -> None:
    """Enable and force row security on these tables with the rules as they are now. Nothing on SQLite."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for wall in walls():
            name = f'"{wall.table}"'
            cursor.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            cursor.execute(f"DROP POLICY IF EXISTS {POLICY} ON {name}")
            cursor.execute(f"CREATE POLICY {POLICY} ON {name} USING ({wall.condition})")


def missing() -> list[str]:
    """Tables that should have the wall and have it not, for the check-up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE p.polname = %s AND c.relrowsecurity AND c.relforcerowsecurity",
            [POLICY],
        )
        standing = {name for (name,) in cursor.fetchall()}
    return [wall.table for wall in walls() if wall.table not in standing]


def _walls() -> Iterator[Wall]:
    for subject in subjects():
        rule = seeing(subject.stream).node
        yield Wall(subject.model._meta.db_table, _either(subject.model, rule.rls(subject.model)))
    for part in parts():
        yield Wall(part.model._meta.db_table, _either(part.model, _behind(part)))
    for model, node in owned():
        yield Wall(model._meta.db_table, _either(model, node.rls(model)))
    for mirror in mirrors():
        kind, key = column(mirror.model, mirror.kind), column(mirror.model, mirror.key)
        yield Wall(mirror.model._meta.db_table, _either(mirror.model, _of_kind(kind, key)))
    there = f"e.label < {SECRET} OR {_of_kind('e.stream_type', 'e.stream_id')}"
    seen = f"SELECT 1 FROM ledger_ledgerevent e WHERE e.id = {_VALUES}.event_id AND ({there})"  # noqa: S608
    yield Wall(_VALUES, f"{_MACHINE} OR EXISTS ({seen})")


def _either(model: type[Model], condition: str) -> str:
    """The machine, or a row below secret, or what the rule says; a row without a level has only the last."""
    try:
        below = f"{column(model, 'level')} < {SECRET} OR "
    except FieldDoesNotExist:
        below = ""
    return f"{below}{_MACHINE} OR {condition}"


def _exists(model: type[Model], key: str) -> str:
    """Whether the object is there for who asks: its own wall decides."""
    return f'EXISTS (SELECT 1 FROM "{model._meta.db_table}" WHERE {column(model, "id")} = {key})'  # noqa: S608


def _behind(part: Part) -> str:
    return _exists(seeing(part.whole).subject.model, column(part.model, part.key))


def _of_kind(kind: str, key: str) -> str:
    """Whether the object of this kind and id is there for who asks; of an unknown kind it is not."""
    known = {subject.stream: subject.model for subject in subjects()}
    known |= {part.stream: part.model for part in parts() if part.stream}
    cases = " ".join(f"WHEN '{stream}' THEN {_exists(model, key)}" for stream, model in known.items())
    return f"CASE {kind} {cases} ELSE false END"
