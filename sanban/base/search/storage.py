"""The words of the entries as each database keeps them, and questions in its own language.

SQLite: an FTS5 table; PostgreSQL: a tsvector made from the same tokens, never cut again. Weights A, B, C, D are the
columns title, body, pairs, sound.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models.expressions import RawSQL

from sanban.base.search.words import joined
from sanban.base.vault import boxes
from sanban.base.vault.provider import Locked

TITLE, BODY, PAIRS, SOUND = "title", "body", "pairs", "sound"
WEIGHTS: Final = {TITLE: "A", BODY: "B", PAIRS: "C", SOUND: "D"}
Columns = tuple[Sequence[str], Sequence[str], Sequence[str], Sequence[str]]

INSERT_SQLITE: Final = (
    "INSERT INTO search_words (rowid, title, body, pairs, sound) VALUES (%s, %s, %s, %s, %s)"
)
INSERT_POSTGRESQL: Final = "INSERT INTO search_words (id, words) VALUES (%s, %s::tsvector)"
MATCH_SQLITE: Final = "SELECT rowid FROM search_words WHERE search_words MATCH %s"
MATCH_POSTGRESQL: Final = "SELECT id FROM search_words WHERE words @@ %s::tsquery"


def insertion(rows: Iterable[tuple[int, Columns]]) -> tuple[str, list[tuple[Any, ...]]]:
    """The statement that keeps the words of entries, with its values."""
    if connection.vendor == "sqlite":
        return INSERT_SQLITE, [(key, *(joined(words) for words in columns)) for key, columns in rows]
    return INSERT_POSTGRESQL, [(key, _vector(columns)) for key, columns in rows]


def _vector(columns: Columns) -> str:
    places: dict[str, list[str]] = {}
    for number, (words, weight) in enumerate(zip(columns, WEIGHTS.values(), strict=True), start=1):
        for word in words:
            places.setdefault(word, []).append(f"{number}{weight}")
    return " ".join(f"'{word}':{','.join(where)}" for word, where in places.items())


def blinded(words: Iterable[str]) -> list[str]:
    """Words of work secrets as the index keeps them and asks for them; none while the key is locked away."""
    try:
        return boxes.blind(words)
    except Locked:
        return []


def holding(words: Sequence[str], *columns: str) -> RawSQL:
    """Keys of the entries that hold all the words in one or another of the columns."""
    if connection.vendor == "sqlite":
        return RawSQL(  # noqa: S611 - words are letters and digits
            MATCH_SQLITE,
            [f"{{{' '.join(columns)}}} : ({' AND '.join(f'{chr(34)}{word}{chr(34)}' for word in words)})"],
        )
    weights = "".join(WEIGHTS[name] for name in columns)
    return RawSQL(  # noqa: S611 - words are letters and digits
        MATCH_POSTGRESQL, [" & ".join(f"'{word}':{weights}" for word in words)]
    )
