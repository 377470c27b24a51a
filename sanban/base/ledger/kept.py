"""Tables whose prose lies sealed where a row is a work secret: whose key each row falls under, and every way to write
such a row. A room says once, in its model, how a row finds its object and level (`sealed_under`).
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Final, Self, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import Q

from sanban.base.ledger.models import LedgerEvent
from sanban.base.vault import boxes
from sanban.base.vault.columns import (
    OPENED,
    SHUT,
    Opened,
    OpenedDict,
    OpenedList,
    Sealed,
    Shut,
    Spot,
    is_token,
    key_of,
)
from sanban.base.vault.provider import INTERNAL, SECRET

CHUNK: Final = 500
CLEAR: Final = Spot("", "", "")
Values = Mapping[str, Any]


class Under:
    """A row is of the object `key` of this stream (or of the stream that `kind` names), and as secret as its own
    column `level`; or, being a part, as its `whole`, a foreign key, says."""

    def __init__(self, stream: str = "", *, key: str = "id", kind: str = "", whole: str = "") -> None:
        self.stream, self.key, self.kind, self.whole = stream, key, kind, whole
        self.needs: tuple[str, ...] = tuple(
            name for name in (key, kind, f"{whole}_id" if whole else "level") if name
        )

    def scopes(self, table: type[models.Model], rows: Sequence[Values]) -> list[str]:
        """The key that the words of each row fall under; empty for those that lie in clear."""
        levels = self._levels(table, rows)
        return [
            f"{SECRET}/{row[self.kind] if self.kind else self.stream}/{row[self.key]}"
            if level >= SECRET
            else ""
            for row, level in zip(rows, levels, strict=True)
        ]

    def secret(self) -> Q:
        """The rows whose words lie sealed."""
        return Q(**{f"{self.whole}__level__gte" if self.whole else "level__gte": SECRET})

    def joined(self, table: type[models.Model]) -> str:
        """The same as SQL after a FROM in which the table goes by `t`."""
        if not self.whole:
            return f"WHERE t.level >= {SECRET}"
        above: Any = table._meta.get_field(self.whole).remote_field
        return f'JOIN "{above.model._meta.db_table}" w ON w.id = t.{self.whole}_id WHERE w.level >= {SECRET}'

    def under(self, key_id: str) -> Q:
        """The rows that this key can have been used for."""
        level, *rest = key_id.rpartition(".")[0].split("/")
        if int(level) < SECRET or (self.stream and self.stream != rest[0]):
            return Q(pk__in=[])
        return Q(**({self.kind: rest[0]} if self.kind else {}), **{self.key: int(rest[1])})

    def _levels(self, table: type[models.Model], rows: Sequence[Values]) -> list[int]:
        if not self.whole:
            return [int(row["level"]) for row in rows]
        above: Any = table._meta.get_field(self.whole).remote_field
        known = _levels_of(above.model, {row[f"{self.whole}_id"] for row in rows})
        return [known[row[f"{self.whole}_id"]] for row in rows]


class UnderEvent(Under):
    """A row that tells of an event falls under the key of that event's object; its level is its own."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source, self.needs = source, ("level", source)

    def scopes(self, table: type[models.Model], rows: Sequence[Values]) -> list[str]:
        """Asks nothing as long as no row is secret."""
        told = {_uuid(row[self.source]) for row in rows if row["level"] >= SECRET}
        events = (
            LedgerEvent.objects.filter(pk__in=told).values_list("pk", "stream_type", "stream_id")
            if told
            else ()
        )
        keys = {event: f"{SECRET}/{stream}/{object_id}" for event, stream, object_id in events}
        return [keys[_uuid(row[self.source])] if row["level"] >= SECRET else "" for row in rows]

    def under(self, key_id: str) -> Q:
        """Any of the secret ones."""
        return self.secret() if key_id.startswith(f"{SECRET}/") else Q(pk__in=[])


class UnderMonth(Under):
    """A row that may quote anything of anybody, and has no level: it lies under the key of its office and month, as
    its event does."""

    def __init__(self, office: str, at: str) -> None:
        super().__init__()
        self.office, self.at, self.needs = office, at, (office, at)

    def scopes(self, table: type[models.Model], rows: Sequence[Values]) -> list[str]:
        """Always one."""
        return [boxes.scope_of(INTERNAL, "", 0, row[self.office], row[self.at]) for row in rows]

    def secret(self) -> Q:
        """All of them."""
        return Q(**{f"{self.at}__isnull": False})

    def joined(self, table: type[models.Model]) -> str:
        """All of them."""
        return "WHERE 1 = 1"

    def under(self, key_id: str) -> Q:
        """The rows of that office."""
        level, office, *_month = key_id.split("/")
        if int(level) != INTERNAL:
            return Q(pk__in=[])
        return Q(**({self.office: int(office)} if int(office) else {f"{self.office}__isnull": True}))


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(hex=value)


def _levels_of(table: type[models.Model], keys: Collection[int]) -> dict[int, int]:
    """How secret these objects are. LookupError when one is not there for who asks: then nothing is decided."""
    ids, found = sorted(keys), dict[int, int]()
    with connection.cursor() as cursor:
        for start in range(0, len(ids), CHUNK):
            part = ids[start : start + CHUNK]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f'SELECT id, level FROM "{table._meta.db_table}" WHERE id IN ({marks})', part)  # noqa: S608
            found.update(cursor.fetchall())
    if len(found) < len(ids):
        raise LookupError(f"{table._meta.db_table}: a part without its whole")
    return found


Row = TypeVar("Row", bound=models.Model, covariant=True)


class KeptRows(models.QuerySet[Row]):
    """Rows of a table with sealed columns: `update` and `bulk_create` seal as `save` does."""

    def update(self, **kwargs: Any) -> int:
        """Set columns; sealed ones row by row where rows are secret. A new level seals or opens what lies there."""
        table: Any = self.model
        told = {name: kwargs.pop(name) for name in sealed_names(table) if name in kwargs}
        if any(hasattr(value, "resolve_expression") for value in told.values()):
            raise TypeError(f"{table._meta.label}: a sealed column takes plain values")
        if not any(told.values()):
            return self._set({**kwargs, **ready(table, told, CLEAR)})
        key: str = table._meta.pk.attname
        rows = list(self.values(key, *table.sealed_under.needs))
        places = dict(zip((row[key] for row in rows), spots(table, rows), strict=True))
        secret = {key: spot for key, spot in places.items() if spot.scope}
        if not secret:
            return self._set({**kwargs, **ready(table, told, CLEAR)})
        for one, spot in secret.items():
            self._of([one])._set({**kwargs, **ready(table, told, spot)})
        if others := [one for one in places if one not in secret]:
            self._of(others)._set({**kwargs, **ready(table, told, CLEAR)})
        return len(places)

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        """Insert rows; whose key each falls under is looked up once for all."""
        rows: list[Any] = list(objs)
        with_spots(rows)
        try:
            return super().bulk_create(rows, *args, **kwargs)
        finally:
            for row in rows:
                row.__dict__.pop("_spot", None)

    def _of(self, keys: Sequence[Any]) -> "KeptRows[Row]":
        return type(self)(self.model, using=self.db).filter(pk__in=keys)

    def _set(self, columns: dict[str, Any]) -> int:
        """Plain Django, and what a new level asks for."""
        moved = list(self.values_list("pk", flat=True)) if "level" in columns else []
        done = super().update(**columns)
        if moved:
            reseal(self.model, moved)
        return done


class Kept(models.Model):
    """A row whose prose is sealed when it is a work secret."""

    sealed_under: ClassVar[Under]
    objects = models.Manager.from_queryset(KeptRows)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row; whose key it falls under is looked up once. With a new level all its words are written."""
        with_spots([self])
        moved = "level" in (kwargs.get("update_fields") or ())
        if moved:
            kwargs["update_fields"] = {*kwargs["update_fields"], *sealed_names(type(self))}
        try:
            super().save(*args, **kwargs)
        finally:
            self.__dict__.pop("_spot", None)
        if moved:
            reseal_parts(type(self), [self.pk])

    def spot(self) -> Spot:
        """Where the words of this row lie."""
        prepared: Spot | None = self.__dict__.get("_spot")
        return prepared or spots(type(self), [_needed(self)])[0]

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **kwargs: Any
    ) -> Self:
        """A row as it is read. Words that belong to another row, or to a row that was more secret, stay shut."""
        row = super().from_db(db, field_names, values, **kwargs)
        for name in sealed_names(cls):
            said = row.__dict__.get(name)
            if isinstance(said, OPENED) and not _belongs(row, said):
                field: Any = cls._meta.get_field(name)
                row.__dict__[name] = _shut() if isinstance(said, Opened) else field.get_default()
        return row


def _belongs(row: Kept, said: Opened | OpenedList | OpenedDict) -> bool:
    level = row.__dict__.get("level", SECRET)
    return said.row == str(row.pk) and int(said.key_id[0]) <= level


def _shut() -> Shut:
    made = Shut(SHUT)
    made.token = SHUT
    return made


@lru_cache(maxsize=64)
def sealed_names(table: type[models.Model]) -> tuple[str, ...]:
    """The columns of a table whose values lie sealed where a row is secret."""
    return tuple(field.attname for field in table._meta.concrete_fields if isinstance(field, Sealed))


def kept_tables() -> list[type[Kept]]:
    """Every table with such columns."""
    return [table for table in apps.get_models() if issubclass(table, Kept)]


def ready(table: type[models.Model], columns: Values, spot: Spot) -> dict[str, Any]:
    """Values of sealed columns as they may lie in this spot."""
    fields: dict[str, Any] = {field.attname: field for field in table._meta.concrete_fields}
    return {name: fields[name].ready(value, spot) for name, value in columns.items()}


def spots(table: type[Kept], rows: Sequence[Values]) -> list[Spot]:
    """Where the words of these rows lie; each names the table's own key and what `sealed_under` needs."""
    key: Any = table._meta.pk
    scopes = table.sealed_under.scopes(table, rows)
    return [
        Spot(scope, table._meta.db_table, str(row[key.attname]))
        for row, scope in zip(rows, scopes, strict=True)
    ]


def spots_of_keys(table: type[Kept], keys: Sequence[Any]) -> dict[Any, Spot]:
    """The same for rows that are there already. One query for five hundred."""
    pk: Any = table._meta.pk
    found: dict[Any, Spot] = {}
    for start in range(0, len(keys), CHUNK):
        part = table._default_manager.filter(pk__in=keys[start : start + CHUNK])
        rows = list(part.values(pk.attname, *table.sealed_under.needs))
        found.update(zip((row[pk.attname] for row in rows), spots(table, rows), strict=True))
    return found


def _needed(row: Kept) -> dict[str, Any]:
    pk: Any = row._meta.pk
    return {name: getattr(row, name) for name in (pk.attname, *row.sealed_under.needs)}


def with_spots(rows: Sequence[Kept]) -> None:
    """Let each row that is about to be written know its spot."""
    if rows:
        for row, spot in zip(rows, spots(type(rows[0]), [_needed(row) for row in rows]), strict=True):
            row.__dict__["_spot"] = spot


def reseal(table: type[models.Model], keys: Sequence[Any]) -> int:
    """Write the words of these rows as their level now asks, and those of their parts; how many rows were written."""
    count = 0
    if issubclass(table, Kept):
        count = rewrite(table, Q(pk__in=list(keys)))
    return count + reseal_parts(table, keys)


def reseal_parts(table: type[models.Model], keys: Sequence[Any]) -> int:
    """The same for the parts of these rows alone."""
    count = 0
    for part in kept_tables():
        whole = part.sealed_under.whole
        remote: Any = part._meta.get_field(whole).remote_field if whole else None
        if remote is not None and remote.model is table:
            count += rewrite(part, Q(**{f"{whole}_id__in": list(keys)}))
    return count


def keys_under(table: type[Kept], key: Any, names: Iterable[str]) -> set[str]:
    """The keys that these columns of a row lie under."""
    found = set()
    with connection.cursor() as cursor:
        for name in names:
            pk: Any = table._meta.pk
            said = pk.get_db_prep_value(key, connection)
            cursor.execute(
                f'SELECT "{name}" FROM "{table._meta.db_table}" WHERE "{pk.column}" = %s',  # noqa: S608
                [said],
            )
            (raw,) = cursor.fetchone()
            token = json.loads(raw) if isinstance(raw, str) and raw.startswith('"') else raw
            found |= {key_of(token)} if is_token(token) else set()
    return found


def rewrite(table: type[Kept], where: Q) -> int:
    """Write the words of these rows anew under their present keys; nobody else writes them meanwhile."""
    names, pk = sealed_names(table), table._meta.pk
    key: Any = pk.attname if pk is not None else "pk"
    held = table._default_manager.filter(where)
    if connection.vendor == "postgresql":
        held = held.select_for_update()
    rows: Any = held.values(key, *table.sealed_under.needs, *names)
    found = list(rows)
    for row, spot in zip(found, spots(table, found), strict=True):
        models.QuerySet(table).filter(pk=row[key]).update(
            **ready(table, {name: row[name] for name in names}, spot)
        )
    return len(found)
