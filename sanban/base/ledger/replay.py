"""The replay audit: fold all events again into a scratch copy, and compare it with the live tables, column by column.

The scratch copy is a set of temporary tables with the names of the live ones. Both databases look for a name among the
temporary tables first, so the same folds that made the live rows make the scratch rows, in one reading transaction:
nobody waits, nothing of the live tables is touched, and what is compared is one moment.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, models, transaction

from sanban.base.ledger.queries import entries
from sanban.base.ledger.registry import FOLDS, REBUILT, Rebuilt
from sanban.base.vault.columns import Sealed, Shut, is_token

Progress = Callable[[int], object]
_REFERENCE: Final = re.compile(r' REFERENCES "\w+" \("\w+"\)(?: DEFERRABLE INITIALLY DEFERRED)?')
_INDEX: Final = re.compile(r'^CREATE (UNIQUE )?INDEX "(\w+)"')


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a live table does not follow from the ledger: the row, and each column with both values.

    `live` or `again` is empty for a row that only the other side has.
    """

    table: str
    row: str
    columns: tuple[str, ...]
    live: tuple[Any, ...] = ()
    again: tuple[Any, ...] = ()

    def plain(self) -> dict[str, Any]:
        """For a program and for keeping; values as text."""
        return {
            "table": self.table, "row": self.row, "columns": list(self.columns),
            "live": [str(value) for value in self.live], "again": [str(value) for value in self.again],
        }  # fmt: skip


class _Undo(Exception):
    """Raised to take the scratch copy away."""


def replay_difference(
    tables: Iterable[type[models.Model]] | None = None, progress: Progress = lambda _n: None
) -> list[Difference]:
    """Where live tables differ from a fold of the whole ledger: all registered ones, or those named.

    `progress` is told how many events were folded since the last time.
    """
    chosen = list(REBUILT.values()) if tables is None else [REBUILT[table._meta.label] for table in tables]
    found: list[Difference] = []
    try:
        with one_moment():
            for one in REBUILT.values():
                _shadow(one.table._meta.db_table)
            _fold_again(progress)
            for one in chosen:
                found += _compare(one)
            raise _Undo
    except _Undo:
        pass
    return found


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that reads one moment and, on SQLite, does not take the writer's place."""
    outermost = not connection.in_atomic_block
    if connection.vendor == "sqlite" and outermost:
        kept: Any = getattr(connection, "transaction_mode", None)
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = kept  # type: ignore[attr-defined]
        return
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _shadow(name: str) -> None:
    """An empty temporary table with the name, columns and indexes of this one."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"CREATE TEMPORARY TABLE {name} (LIKE public.{name} INCLUDING ALL) ON COMMIT DROP")
            return
        cursor.execute(
            "SELECT type, sql FROM main.sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [name]
        )
        made = cursor.fetchall()
        (body,) = [sql for kind, sql in made if kind == "table"]
        cursor.execute(_REFERENCE.sub("", body).replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
        for kind, sql in made:
            if kind == "index":
                cursor.execute(_INDEX.sub(r'CREATE \1INDEX temp."\2"', sql))


def _fold_again(progress: Progress) -> None:
    """Every event through the folds of the rooms whose tables are rebuilt; the search index is made anew elsewhere."""
    rooms = tuple({f"{one.table.__module__.rpartition('.')[0]}.projections" for one in REBUILT.values()})
    for run in entries():
        for fold in FOLDS.get(type(run[0].event), ()):
            if fold.__module__ in rooms:
                fold(run)
        progress(len(run))


def _compare(one: Rebuilt) -> list[Difference]:
    """Rows that only one side has; those of one key are told as the columns that differ."""
    fields = [field for field in one.table._meta.concrete_fields if field.attname not in one.apart]
    columns = [str(field.column) for field in fields]
    readers = [_reader(field) for field in fields]
    places = [columns.index(part) for part in one.key or _pk_columns(one.table)]
    live = _by_key(_only(one.table, columns, "live"), places)
    again = _by_key(_only(one.table, columns, "again"), places)
    found = []
    for place in sorted({*live, *again}, key=repr):
        row, here, there = "/".join(str(part) for part in place), live.get(place), again.get(place)
        if here is None or there is None:
            found.append(Difference(one.table._meta.db_table, row, (), here or (), there or ()))
            continue
        differing = [n for n in range(len(columns)) if not readers[n](here[n], there[n])]
        if differing:
            names, mine, others = zip(*((columns[n], here[n], there[n]) for n in differing), strict=True)
            found.append(Difference(one.table._meta.db_table, row, names, mine, others))
    return found


def _pk_columns(table: type[models.Model]) -> tuple[str, ...]:
    return tuple(str(field.column) for field in table._meta.pk_fields)


def _reader(field: models.Field[Any, Any]) -> Callable[[Any, Any], bool]:
    """How two values of a column are held against each other. Sealed ones, which another key makes other bytes, are
    opened; but what lies in clear is not the same as what lies sealed."""
    plain = _same_json if isinstance(field, models.JSONField) else _equal
    if not isinstance(field, Sealed):
        return plain

    def same(one: Any, other: Any) -> bool:
        one, other = _token_of(field, one), _token_of(field, other)
        if not (is_token(one) and is_token(other)):
            return plain(one, other)
        said = field.opened(one), field.opened(other)
        return said[0] == said[1] and not any(isinstance(value, Shut) for value in said)

    return same


def _token_of(field: models.Field[Any, Any], raw: Any) -> Any:
    """A token in a JSON column stands there as JSON."""
    if isinstance(field, models.JSONField) and isinstance(raw, str) and raw.startswith('"'):
        return json.loads(raw)
    return raw


def _equal(one: Any, other: Any) -> bool:
    """Equal as they lie."""
    return bool(one == other)


def _same_json(one: Any, other: Any) -> bool:
    """Equal, whatever the order in which an object's names were written."""
    if isinstance(one, str) and isinstance(other, str):
        try:
            return bool(json.loads(one) == json.loads(other))
        except ValueError:
            return False
    return bool(one == other)


def _by_key(rows: Iterable[tuple[Any, ...]], places: Sequence[int]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    return {tuple(row[n] for n in places): row for row in rows}


def _only(table: type[models.Model], columns: Sequence[str], side: str) -> list[tuple[Any, ...]]:
    """The rows that this side alone has."""
    name, list_of = table._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    kept, scratch = ("main", "temp") if connection.vendor == "sqlite" else ("public", "pg_temp")
    first, second = (kept, scratch) if side == "live" else (scratch, kept)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {list_of} FROM {first}.{name} EXCEPT SELECT {list_of} FROM {second}.{name}"  # noqa: S608
        )
        return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]


def snapshot(tables: Iterable[type[models.Model]]) -> dict[str, list[Any]]:
    """All rows of the tables as sorted tuples."""
    made: dict[str, list[Any]] = {}
    for table in tables:
        names = [field.attname for field in table._meta.concrete_fields]
        made[table._meta.label] = sorted(
            (tuple(map(_plain, row)) for row in table._base_manager.values_list(*names)), key=repr
        )
    return made


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
