"""Rebuilding tables from the ledger alone: the proof that payloads are complete."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from sanban.base.ledger.queries import entries
from sanban.base.ledger.registry import FOLDS


def snapshot(
    tables: Iterable[type[models.Model]], leave_out: dict[str, set[str]] | None = None
) -> dict[str, list[Any]]:
    """All rows of the tables as sorted tuples, without the named columns of a table."""
    made: dict[str, list[Any]] = {}
    for table in tables:
        skip = (leave_out or {}).get(table._meta.label, set())
        names = [f.attname for f in table._meta.concrete_fields if f.attname not in skip]
        made[table._meta.label] = sorted(
            (tuple(map(_plain, row)) for row in table._base_manager.values_list(*names)), key=repr
        )
    return made


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


class _Undo(Exception):
    """Raised to roll the scratch copy back."""


def rebuild_difference(
    tables: Iterable[type[models.Model]], leave_out: dict[str, set[str]] | None = None
) -> dict[str, tuple[list[Any], list[Any]]]:
    """Empty the tables, fold the whole ledger again in their rooms alone, compare, and put everything back.

    Returns for each differing table the rows that only the live table had and those only the rebuild has.
    `tables` are given parents first.
    """
    chosen = list(tables)
    rooms = tuple({f"{table._meta.app_config.name}." for table in chosen})
    live = snapshot(chosen, leave_out)
    again: dict[str, list[Any]] = {}
    try:
        with transaction.atomic():
            for table in reversed(chosen):
                table._base_manager.all()._raw_delete(table._base_manager.db)
            for run in entries():
                for fold in FOLDS.get(type(run[0].event), ()):
                    if fold.__module__.startswith(rooms):
                        fold(run)
            again = snapshot(chosen, leave_out)
            raise _Undo
    except _Undo:
        pass
    return {
        label: (
            [r for r in live[label] if r not in again[label]],
            [r for r in again[label] if r not in live[label]],
        )
        for label in live
        if live[label] != again[label]
    }
