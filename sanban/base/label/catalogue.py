"""The catalogue of graded fields (字段分级目录): which field of which record is more than the record around it.

A row names a kind of event (or all of a room, `people.*`), a field, its level and flags, the office that answers for
the grade, the reason, and the day it is looked at again. Of a record the highest field counts (就高从严).
"""

import csv
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Final

from sanban.base.ledger.registry import EVENTS, FLOORS

SHEET: Final = Path(__file__).with_name("data") / "fields.tsv"


@dataclass(frozen=True, slots=True)
class FieldGrade:
    """One row of the sheet."""

    kind: str
    field: str
    level: int
    flags: tuple[str, ...]
    office: str
    reason: str
    review_on: date

    def kinds(self) -> list[str]:
        """The kinds of events that it is about: those that it names and that have the field."""
        return [
            name for name, made in EVENTS.items() if fnmatchcase(name, self.kind) and self.field in made.names
        ]


@lru_cache(maxsize=1)
def grades() -> tuple[FieldGrade, ...]:
    """All rows of the sheet."""
    with SHEET.open(encoding="utf-8", newline="") as file:
        return tuple(
            FieldGrade(
                row["kind"], row["field"], int(row["level"]), tuple(filter(None, row["flags"].split("|"))),
                row["office"], row["reason"], date.fromisoformat(row["review_on"]),
            )
            for row in csv.DictReader(file, delimiter="\t")
        )  # fmt: skip


def flagged(flag: str) -> set[tuple[str, str]]:
    """Kind and field of all that has this flag."""
    return {(kind, row.field) for row in grades() if flag in row.flags for kind in row.kinds()}


def raise_floors() -> None:
    """Let every record be of the level of its highest field."""
    for row in grades():
        for kind in row.kinds():
            FLOORS[kind] = max(FLOORS.get(kind, 0), row.level)
