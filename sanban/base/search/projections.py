"""The index and the kept filters, folded from events.

`put`, `move` and `drop` are what other rooms fold with, in their `searchable` files.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection, transaction

from sanban.base.access.actor import SECRET
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds, rebuilds
from sanban.base.ledger.rows import insert_rows
from sanban.base.ledger.standing import MACHINE, standing_as
from sanban.base.search import events as e
from sanban.base.search import storage
from sanban.base.search.drafts import Findable
from sanban.base.search.models import SavedFilter, SearchEntry
from sanban.base.search.registry import key_of
from sanban.base.search.words import TEXT_LENGTH, blind_terms, joined, pairs, plain, sounds, tokens
from sanban.base.vault import boxes

NAMES: Final = (
    "id", "kind", "object_id", "title", "number", "text", "plain", "code", "initials", "pinyin", "arg", "unit_id",
    "level", "at",
)  # fmt: skip
CHUNK: Final = 500


def put(found: Iterable[Findable]) -> None:
    """Let objects be found, or found anew when they are called or say something else now; so a fold may be repeated."""
    rows, words = [], list[tuple[int, storage.Columns]]()
    for one in found:
        if one.level >= SECRET:
            rows.append(_secret_row(one))
            words.append((rows[-1][0], (boxes.blind(blind_terms(one.title, one.number)), (), (), ())))
            continue
        key, text = key_of(one.kind, one.object_id), one.text[:TEXT_LENGTH]
        initials, pinyin = sounds(one.title)
        code = plain(one.number)
        rows.append(
            (key, one.kind, one.object_id, one.title[:300], one.number[:60], text, plain(one.title)[:300], code[:60],
             initials[:300], pinyin, one.arg, one.unit_id, one.level, one.at)
        )  # fmt: skip
        named = joined((one.number, one.title))
        heard = list(dict.fromkeys([*pairs(initials), *pairs(pinyin)]))
        words.append((key, (tokens(named), tokens(text), pairs(joined((named, text))), heard)))
    if rows:
        _forget([row[0] for row in rows])
        insert_rows(SearchEntry, NAMES, rows)
        statement, values = storage.insertion(words)
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)


def _secret_row(one: Findable) -> tuple[Any, ...]:
    """What the index keeps of a work secret: its title and text sealed, for the day it is none, and its number; how it
    sounds it does not keep."""
    return (
        key_of(one.kind, one.object_id), one.kind, one.object_id, one.title[:300], one.number[:60],
        one.text[:TEXT_LENGTH], "", plain(one.number)[:60], "", "", one.arg, one.unit_id, one.level, one.at,
    )  # fmt: skip


def move(kind: str, object_id: int, unit_id: int | None) -> None:
    """The object belongs to another unit now."""
    SearchEntry.objects.filter(pk=key_of(kind, object_id)).update(unit_id=unit_id)


def drop(kind: str, object_ids: Sequence[int]) -> None:
    """These objects are not found any more."""
    _forget([key_of(kind, one) for one in object_ids])


def _forget(keys: Sequence[int]) -> None:
    column = "rowid" if connection.vendor == "sqlite" else "id"
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        marks = ", ".join(["%s"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM search_searchentry WHERE id IN ({marks})", part)  # noqa: S608
            cursor.execute(f"DELETE FROM search_words WHERE {column} IN ({marks})", part)  # noqa: S608


def hide_secrets() -> int:
    """Leave nothing of the words of secrets in the index but marks: houses from before. How many entries."""
    with standing_as(MACHINE), transaction.atomic():
        rows = list(SearchEntry.objects.filter(level__gte=SECRET).exclude(plain=""))
        put(
            Findable(
                kind=row.kind, object_id=row.object_id, title=row.title, number=row.number, text=row.text, arg=row.arg,
                at=row.at,
                unit_id=row.unit_id, level=row.level,
            )
            for row in rows
        )  # fmt: skip
    return len(rows)


def empty() -> None:
    """Nothing is found any more, until the ledger is folded again."""
    SearchEntry.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_words")


@folds(e.FilterSaved)
def _saved(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made = entry.event
        SavedFilter.objects.create(
            id=entry.stream_id, version=entry.ver, person_id=made.person_id, unit_id=made.unit_id, page=made.page,
            name=made.name, query=made.query, shared=made.shared, position=made.position,
        )  # fmt: skip


@folds(e.FilterRenamed)
def _renamed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        SavedFilter.objects.filter(pk=entry.stream_id).update(
            name=entry.event.name, shared=entry.event.shared, version=entry.ver
        )


@folds(e.FilterDeleted)
def _deleted(entries: Sequence[Entry]) -> None:
    SavedFilter.objects.filter(pk__in=[entry.stream_id for entry in entries]).delete()


rebuilds(SavedFilter)
