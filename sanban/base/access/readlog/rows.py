"""One row of the read log before it is written, and how rows are written: prepared once, many at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connections

from sanban.base.access.routing import read_log_db


@dataclass(slots=True)
class Row:
    """What is kept of one request."""

    at: datetime
    actor_ref: str
    how: str
    stream: str
    level: int
    page: str
    person_id: int | None = None
    on_behalf_of: str = ""
    unit_id: int | None = None
    object_id: int | None = None
    predicate: str = "{}"
    count: int = 1
    digest: str = ""
    ids: bytes | None = None
    purpose: str = ""
    event_id: UUID | None = None


NAMES: Final = tuple(field.name for field in fields(Row))
_INSERT: Final = (
    f"INSERT INTO access_accessrecord ({', '.join(NAMES)}) VALUES ({', '.join(['%s'] * len(NAMES))})"  # noqa: S608
)
_COUNT: Final = (
    "INSERT INTO access_readcount (hour, actor_ref, unit_id, stream, object_id, count) VALUES (%s,%s,%s,%s,%s,%s)"
    " ON CONFLICT (hour, actor_ref, stream, object_id) DO UPDATE SET count = access_readcount.count + excluded.count"
)
Counts = dict[tuple[datetime, str, int | None, str, int], int]


def write(rows: Sequence[Row], counts: Counts) -> None:
    """Write rows and counts; the caller's transaction holds them together."""
    base = connections[read_log_db()]
    adapt = base.ops.adapt_datetimefield_value
    hexed = not base.features.has_native_uuid_field

    def plain(name: str, value: Any) -> Any:
        if name == "at":
            return adapt(value)
        return value.hex if isinstance(value, UUID) and hexed else value

    with base.cursor() as cursor:
        if rows:
            cursor.executemany(_INSERT, [[plain(name, getattr(row, name)) for name in NAMES] for row in rows])
        if counts:
            cursor.executemany(
                _COUNT,
                [
                    (adapt(hour), ref, unit, stream, key, n)
                    for (hour, ref, unit, stream, key), n in counts.items()
                ],
            )
