"""Words under a key that goes, and words of secrets that lie in clear: both are found, and sealed anew."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast, Substr

from sanban.base.ledger.act import writing
from sanban.base.ledger.kept import Kept, kept_tables, rewrite, sealed_names
from sanban.base.ledger.standing import MACHINE, standing_as
from sanban.base.vault.columns import MARK

BATCH: Final = 200
_IN_JSON: Final = '"\\u0001'
"""How a token begins in a JSON column."""


def seal_anew(key_id: str) -> int:
    """Put all words that lie under this key under the present one. How many rows."""
    with standing_as(MACHINE):
        return sum(_in_batches(table, _under(table, key_id)) for table in kept_tables())


def seal_open_words() -> int:
    """Seal the words of secrets that lie in clear: houses from before. How many rows."""
    count = 0
    with standing_as(MACHINE), connection.cursor() as cursor:
        for table in kept_tables():
            cursor.execute(f"SELECT pk FROM ({_in_clear(table)}) found")  # noqa: S608 - names of columns
            key: Any = table._meta.pk
            count += _in_batches(table, [key.to_python(found) for (found,) in cursor.fetchall()])
    return count


def in_clear() -> dict[str, int]:
    """How many secret rows of each table lie in clear; tables without any are left out. One query."""
    tables = kept_tables()
    asked = ", ".join(f"(SELECT COUNT(*) FROM ({_in_clear(table)}) found)" for table in tables)  # noqa: S608
    with standing_as(MACHINE), connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        counts = cursor.fetchone()
    return {table._meta.db_table: int(n) for table, n in zip(tables, counts or (), strict=True) if n}


def _in_clear(table: type[Kept]) -> str:
    """SQL for the keys of the rows that ought to lie sealed and do not."""
    texts, jsons = list[str](), list[str]()
    for field in table._meta.concrete_fields:
        if field.attname in sealed_names(table):
            (jsons if isinstance(field, models.JSONField) else texts).append(f't."{field.column}"')
    loose = [f"({one} <> '' AND substr({one}, 1, 1) <> chr_of_mark)" for one in texts]
    loose += [
        f"(CAST({one} AS text) NOT IN ('[]', '{{}}', 'null', '\"\"')"
        f" AND substr(CAST({one} AS text), 1, {len(_IN_JSON)}) <> '{_IN_JSON}')"
        for one in jsons
    ]
    mark = "char(1)" if connection.vendor == "sqlite" else "chr(1)"
    found = " OR ".join(loose).replace("chr_of_mark", mark)
    pk: Any = table._meta.pk
    return (
        f'SELECT t."{pk.column}" AS pk FROM "{table._meta.db_table}" t {table.sealed_under.joined(table)}'  # noqa: S608
        f" AND ({found})"
    )


def _under(table: type[Kept], key_id: str) -> list[Any]:
    """The rows of which some words lie under this key."""
    held = Q(pk__in=[])
    rows: Any = table._default_manager.filter(table.sealed_under.under(key_id))
    for field in table._meta.concrete_fields:
        if field.attname in sealed_names(table):
            begin = _IN_JSON if isinstance(field, models.JSONField) else MARK
            start, name = f"{begin}{key_id}|", f"_{field.attname}"
            rows = rows.annotate(**{name: Substr(Cast(field.attname, TextField()), 1, len(start))})
            held |= Q(**{name: start})
    return list(rows.filter(held).values_list("pk", flat=True))


def _in_batches(table: type[Kept], keys: Sequence[Any]) -> int:
    """Each batch in a transaction of its own, so that nobody waits for long."""
    for start in range(0, len(keys), BATCH):
        with writing(), transaction.atomic():
            rewrite(table, Q(pk__in=list(keys[start : start + BATCH])))
    return len(keys)
