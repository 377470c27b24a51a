"""Eighteen months of work, 2025-05 to 2026-11: habits of units, months, meetings, titles, office phrases.

All measures are whole numbers (per cent, working hours), because events carry no fractions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, cast, get_args

from sanban.demo.world.tables import rows_of
from sanban.demo.world.units import of_kind

PhraseKind = Literal[
    "progress_start",
    "progress_middle",
    "progress_late",
    "progress_done",
    "progress_stuck",
    "extension",
    "send_back",
    "forward",
    "urge",
    "verify_pass",
    "verify_fail",
]
TitleKind = Literal["meeting", "standalone"]
MeetingKind = Literal["executive", "thematic", "joint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How a unit works.

    `punctual_pct` of its tasks are in time, it acknowledges after `reply_hours` working hours,
    `return_pct` of its reports are sent back for poor quality; `drift_pct` is how many points its
    punctuality gains (or loses) over the whole history.
    """

    unit: str
    punctual_pct: int
    reply_hours: int
    return_pct: int
    drift_pct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """How many tasks were assigned in a month, and what marked it; the meetings are in `MEETINGS`."""

    first: date
    new_tasks: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingData:
    """One meeting whose resolved items became tasks."""

    kind: MeetingKind
    name: str
    held_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleData:
    """The title of one task: resolved by a meeting or assigned alone; `place` is a county code or empty."""

    kind: TitleKind
    unit: str
    domain: str
    title: str
    place: str = ""


HABITS: dict[str, Habit] = {
    row["unit"]: Habit(
        unit=row["unit"],
        punctual_pct=int(row["punctual_pct"]),
        reply_hours=int(row["reply_hours"]),
        return_pct=int(row["return_pct"]),
        drift_pct=int(row["drift_pct"]),
    )
    for row in rows_of("habits")
}

MONTHS: tuple[Month, ...] = tuple(
    Month(
        first=date.fromisoformat(f"{row['month']}-01"),
        new_tasks=int(row["new_tasks"]),
        note=row["note"],
    )
    for row in rows_of("months")
)

MEETINGS: tuple[MeetingData, ...] = tuple(
    MeetingData(
        kind=cast(MeetingKind, row["kind"]), name=row["name"], held_on=date.fromisoformat(row["held_on"])
    )
    for row in sorted(rows_of("meetings"), key=lambda row: row["held_on"])
)

TITLES: tuple[TitleData, ...] = tuple(
    TitleData(kind=cast(TitleKind, row["kind"]), unit=row["unit"], domain=row["domain"], title=row["title"])
    for row in rows_of("titles")
)


@cache
def phrases(kind: PhraseKind) -> tuple[str, ...]:
    """All sentences of one kind, in the order of the file."""
    if kind not in get_args(PhraseKind):
        raise ValueError(f"no phrases of the kind {kind}: choose one of {', '.join(get_args(PhraseKind))}")
    return tuple(row["text"] for row in rows_of("phrases") if row["kind"] == kind)


@cache
def progress_sentences() -> tuple[str, ...]:
    """Every progress sentence of every stage, for callers that do not care for the stage."""
    return tuple(row["text"] for row in rows_of("phrases") if row["kind"].startswith("progress_"))


def punctual_in(unit: str, month: int) -> int:
    """A unit's punctuality in per cent in the month of that index (0 = the first), its drift spread evenly.

    The habit is the state at the end of the history; a unit that improved began lower.
    """
    habit = HABITS[unit]
    last = len(MONTHS) - 1
    missing = habit.drift_pct * (last - month) // last
    return max(40, min(99, habit.punctual_pct - missing))


def local_titles() -> Iterator[TitleData]:
    """Matters of single counties, each title once: first one matter per county, then the next round.

    Neighbouring titles differ in matter and in place, so that a list never shows the same words in a row.
    """
    patterns = rows_of("local_titles")
    counties = of_kind("county")
    for turn in range(len(patterns)):
        for index, county in enumerate(counties):
            row = patterns[(turn + index) % len(patterns)]
            yield TitleData(
                kind="standalone",
                unit=row["unit"],
                domain=row["domain"],
                title=row["pattern"].format(place=county.short),
                place=county.code,
            )
