"""The seven invented policy papers: what each is called, who issued it when, and where its text lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, cast, get_args

from sanban.demo.world.tables import HERE, rows_of

Style = Literal[
    "opinions",
    "action_plan",
    "three_year_plan",
    "work_points",
    "division_table",
    "notice",
    "articles",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyData:
    """One paper; `organ` is a unit code, `measures` the number of measures a careful clerk counts in it."""

    stem: str
    style: Style
    title: str
    number: str
    organ: str
    signed_on: date
    measures: int

    @property
    def path(self) -> Path:
        """The file of the full text."""
        return HERE / "policies" / f"{self.stem}.txt"

    def text(self) -> str:
        """The full text, as it was issued."""
        return self.path.read_text(encoding="utf-8")


def _policy(row: dict[str, str]) -> PolicyData:
    if row["style"] not in get_args(Style):
        raise ValueError(f"policies.tsv: {row['stem']} has the unknown style {row['style']}")
    return PolicyData(
        stem=row["stem"],
        style=cast(Style, row["style"]),
        title=row["title"],
        number=row["number"],
        organ=row["organ"],
        signed_on=date.fromisoformat(row["signed_on"]),
        measures=int(row["measures"]),
    )


POLICIES: tuple[PolicyData, ...] = tuple(
    sorted((_policy(row) for row in rows_of("policies")), key=lambda paper: paper.signed_on)
)
BY_STYLE: dict[str, PolicyData] = {paper.style: paper for paper in POLICIES}
