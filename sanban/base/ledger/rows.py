"""Writing many rows of a table with one statement prepared once: what projections of bulk acts use.

Django's own bulk calls build their SQL anew for a few dozen rows at a time, which costs more than the writing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from typing import Any

from django.db import connection, models

from sanban.base.ledger.kept import Kept, reseal, sealed_names, spots_of_keys
from sanban.base.vault.columns import Sealed, SealedJSON, Spot

Convert = Callable[[Any], Any]


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as values in the order of the column names. Words of secret rows are sealed."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in names)
    marks = ", ".join(["%s"] * len(names))
    _run(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", model, names, rows)  # noqa: S608


def update_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], *, key: str = "id"
) -> None:
    """Set the named columns; each row gives their values and last the key of the row it means. Words of secret rows
    are sealed, as the new level says where there is one."""
    quote = connection.ops.quote_name
    settings = ", ".join(f"{quote(name)} = %s" for name in names)
    statement = f"UPDATE {quote(model._meta.db_table)} SET {settings} WHERE {quote(key)} = %s"  # noqa: S608
    rows = list(rows)
    _run(statement, model, (*names, key), rows)
    if "level" in names and not set(sealed_names(model)) <= set(names):
        reseal(model, [row[-1] for row in rows])


def defaults_of(model: type[models.Model]) -> dict[str, Any]:
    """The default of every column, by its name."""
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def _run(
    statement: str, model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rows = list(rows)
    scopes = _scopes(model, names, rows) if issubclass(model, Kept) else []
    secret = any(scopes)
    converts = [(n, made) for n, name in enumerate(names) if (made := _converter(fields[name], secret))]
    sealed: list[tuple[int, Any]] = [
        (n, fields[name]) for n, name in enumerate(names) if secret and isinstance(fields[name], Sealed)
    ]
    key = names.index(str(model._meta.pk.attname)) if sealed and model._meta.pk else 0
    ready = []
    for number, row in enumerate(rows):
        values = list(row)
        for n, field in sealed:
            spot = Spot(scopes[number], model._meta.db_table, str(row[key]))
            values[n] = field.ready(values[n], spot)
        for n, convert in converts:
            values[n] = convert(values[n])
        ready.append(values)
    if ready:
        with connection.cursor() as cursor:
            cursor.executemany(statement, ready)


def _scopes(model: type[Kept], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Whose key the words of each row fall under; asked of the table only where the row itself does not say it."""
    if not rows or not set(names) & set(sealed_names(model)):
        return []
    under = model.sealed_under
    if set(under.needs) <= set(names):
        places = [(name, names.index(name)) for name in under.needs]
        return under.scopes(model, [{name: row[n] for name, n in places} for row in rows])
    known = spots_of_keys(model, [row[-1] for row in rows])
    return [known[row[-1]].scope for row in rows]


def _converter(field: models.Field[Any, Any], secret: bool) -> Convert | None:
    if isinstance(field, models.DateTimeField):
        return _naive if connection.vendor == "sqlite" else None
    if isinstance(field, Sealed) and not secret:
        return (lambda value: field.in_clear(value, connection)) if isinstance(field, SealedJSON) else None
    if isinstance(field, Sealed | models.JSONField | models.DateField | models.UUIDField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def _naive(value: Any) -> Any:
    """An instant as SQLite keeps it: text in UTC without a zone."""
    return value if value is None else str(value.astimezone(UTC).replace(tzinfo=None))
