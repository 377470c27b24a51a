"""Writing many rows of a table with one statement prepared once: what projections of bulk acts use.

Django's own bulk calls build their SQL anew for a few dozen rows at a time, which costs more than the writing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from typing import Any

from django.db import connection, models

Convert = Callable[[Any], Any]


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as values in the order of the column names."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in names)
    marks = ", ".join(["%s"] * len(names))
    _run(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", model, names, rows)  # noqa: S608


def update_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], *, key: str = "id"
) -> None:
    """Set the named columns; each row gives their values and last the key of the row it means."""
    quote = connection.ops.quote_name
    settings = ", ".join(f"{quote(name)} = %s" for name in names)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {settings} WHERE {quote(key)} = %s"  # noqa: S608
    _run(statement, model, (*names, key), rows)


def defaults_of(model: type[models.Model]) -> dict[str, Any]:
    """The default of every column, by its name."""
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def _run(
    statement: str, model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    converts = [(n, made) for n, name in enumerate(names) if (made := _converter(fields[name]))]
    ready = []
    for row in rows:
        values = list(row)
        for n, convert in converts:
            values[n] = convert(values[n])
        ready.append(values)
    if ready:
        with connection.cursor() as cursor:
            cursor.executemany(statement, ready)


def _converter(field: models.Field[Any, Any]) -> Convert | None:
    if isinstance(field, models.DateTimeField):
        return _naive if connection.vendor == "sqlite" else None
    if isinstance(field, models.JSONField | models.DateField | models.UUIDField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def _naive(value: Any) -> Any:
    """An instant as SQLite keeps it: text in UTC without a zone."""
    return value if value is None else str(value.astimezone(UTC).replace(tzinfo=None))
