"""Reading of the world's tab-separated tables: one heading row, `|` between the parts of a list."""

from __future__ import annotations

import csv
from pathlib import Path

HERE = Path(__file__).resolve().parent


class TableError(ValueError):
    """A row of a table does not fit its heading; the message names file, line and what to mend."""


def rows_of(name: str) -> list[dict[str, str]]:
    """All rows of `<name>.tsv` as text, in file order; a row with a wrong number of cells is refused."""
    path = HERE / f"{name}.tsv"
    with path.open(encoding="utf-8", newline="") as handle:
        lines = list(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    heading, body = lines[0], lines[1:]
    for number, cells in enumerate(body, start=2):
        if len(cells) != len(heading):
            raise TableError(f"{path.name} line {number}: {len(cells)} cells, the heading has {len(heading)}")
    return [dict(zip(heading, cells, strict=True)) for cells in body]


def parts(cell: str) -> tuple[str, ...]:
    """The parts of a list cell; an empty cell is the empty list."""
    return tuple(part for part in cell.split("|") if part)
