"""Reads whose SQL is written once: what a page asks again and again is bound and drawn, not compiled anew.

`Prepared(lambda slot: Model.objects.filter(pk=slot("key")))` compiles its queryset at the first call on each kind of
database; a call `read(key=7)` binds the values and makes the same objects (or tuples, for `values_list`) as Django.
The shape must not depend on the values; a read over a list is a `PreparedMany`, prepared for some lengths.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import get_related_populators

Row = TypeVar("Row")
Slots = Callable[[str], Any]
Draw = Callable[[list[Any]], list[Any]]


class Slot(Expression):
    """A place in the SQL for a value of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=Field())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """One parameter, which is the slot itself until a call binds it."""
        return "%s", [self]


class Prepared(Generic[Row]):
    """One read, prepared. Values are whole numbers, texts, truth values, UUIDs and aware instants."""

    def __init__(self, build: Callable[[Slots], "QuerySet[Any, Row]"]) -> None:
        self._build = build
        self._plans: dict[str, tuple[str, tuple[Any, ...], Draw]] = {}

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values. One query."""
        base = connections[DEFAULT_DB_ALIAS]
        plan = self._plans.get(base.vendor)
        if plan is None:
            plan = self._plans[base.vendor] = _plan(self._build(Slot))
        sql, parameters, draw = plan
        if not sql:
            return []
        bound = [_bound(values[one.name], base) if isinstance(one, Slot) else one for one in parameters]
        with base.cursor() as cursor:
            cursor.execute(sql, bound)
            return draw(cursor.fetchall())

    def first(self, **values: Any) -> Row | None:
        """The first of the rows, if there is one."""
        return next(iter(self(**values)), None)


class PreparedMany(Generic[Row]):
    """A read over a list: `PreparedMany(lambda keys, slot: Model.objects.filter(pk__in=keys))`.

    It is prepared once for each power of two; a list is filled up with its own last key. Of a relation, name the
    column it points at: `task__id__in`, because Django would read the keys of `task_id__in` at once.
    """

    def __init__(self, build: Callable[[list[Any], Slots], "QuerySet[Any, Row]"]) -> None:
        self._build = build
        self._of_length: dict[int, Prepared[Row]] = {}

    def __call__(self, keys: Sequence[Any], **values: Any) -> list[Row]:
        """The rows for these keys and values; nothing is asked for no keys. One query."""
        if not keys:
            return []
        length = 1 << (len(keys) - 1).bit_length()
        read = self._of_length.get(length)
        if read is None:
            names = [f"key{n}" for n in range(length)]
            read = self._of_length[length] = Prepared(
                lambda slot: self._build([slot(name) for name in names], slot)
            )
        filled = [*keys, *[keys[-1]] * (length - len(keys))]
        return read(**values, **{f"key{n}": key for n, key in enumerate(filled)})


def _bound(value: Any, base: BaseDatabaseWrapper) -> Any:
    if isinstance(value, datetime):
        return base.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not base.features.has_native_uuid_field:
        return value.hex
    return value


def _plan(rows: "QuerySet[Any, Any]") -> tuple[str, tuple[Any, ...], Draw]:
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return "", (), list
    converters = compiler.get_converters([column[0] for column in compiler.select])

    def converted(found: list[Any]) -> list[Any]:
        if converters:
            return list(compiler.apply_converters([tuple(row) for row in found], converters))
        return found

    if rows._fields is not None:  # type: ignore[attr-defined]  # values_list
        return sql, tuple(parameters), lambda found: [tuple(row) for row in converted(found)]
    info: Any = compiler.klass_info
    model, chosen = info["model"], info["select_fields"]
    first, last = chosen[0], chosen[-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    related = get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]

    def objects(found: list[Any]) -> list[Any]:
        made = []
        for row in converted(found):
            one = model.from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for populator in related:
                populator.populate(row, one)
            made.append(one)
        return made

    return sql, tuple(parameters), objects
