"""The ladder as a pure function: which rung comes when, counted in working time from the alarm (§4.1).

A ladder is one line of steps: remind when the light turns amber, urge when it turns red and again every few
working days, then a notice; a missed answer takes the next rung at once. An urgent task opens higher.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from sanban.base.calendar.axis import DAY_MINUTES, Axis, OutsideCalendar

REMIND, URGE, NOTICE, CIRCULAR = "remind", "urge", "notice", "circular"
RUNGS: Final = (REMIND, URGE, NOTICE, CIRCULAR)
AUTOMATIC: Final = frozenset({REMIND, URGE})
"""Rungs the clock issues by itself; the others it only proposes, and a named officer signs."""
SHIPPED: Final = 1
"""Number of the version that holds until the office publishes its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """One version; every number is data an office may change."""

    number: int = SHIPPED
    urge_repeat_days: int = 2
    """An urge is repeated after so many working days; 0: never."""
    urge_answer_minutes: int = DAY_MINUTES
    notice_after_days: int = 5
    """A notice is proposed so many working days after red, whatever was answered."""
    notice_answer_minutes: int = 3 * DAY_MINUTES
    circular_answer_minutes: int = 5 * DAY_MINUTES
    direct_urgency: int = 2
    """From this urgency on the red light opens `direct_rung` at once; 0: never."""
    direct_rung: str = NOTICE

    def __post_init__(self) -> None:
        if min(self.urge_answer_minutes, self.notice_answer_minutes, self.circular_answer_minutes) < 1:
            raise ValueError("an answer needs at least one working minute")
        if self.urge_repeat_days < 0 or self.notice_after_days < 0 or self.direct_urgency < 0:
            raise ValueError("days and urgency of a ladder cannot be negative")
        if self.direct_rung not in (URGE, NOTICE, CIRCULAR):
            raise ValueError("an urgent task opens at urge, notice or circular")

    def answer_minutes(self, rung: str) -> int | None:
        """Working minutes for the answer; a reminder asks for none."""
        return {
            URGE: self.urge_answer_minutes,
            NOTICE: self.notice_answer_minutes,
            CIRCULAR: self.circular_answer_minutes,
        }.get(rung)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rung to take, its number within the alarm, and when."""

    rung: str
    occurrence: int
    at: datetime


def ladder_of(number: int, rungs: Mapping[str, Mapping[str, Any]]) -> Ladder:
    """The ladder from its stored form."""
    return Ladder(
        number=number,
        urge_repeat_days=int(rungs[URGE]["repeat_days"]),
        urge_answer_minutes=int(rungs[URGE]["answer_minutes"]),
        notice_after_days=int(rungs[NOTICE]["after_days"]),
        notice_answer_minutes=int(rungs[NOTICE]["answer_minutes"]),
        circular_answer_minutes=int(rungs[CIRCULAR]["answer_minutes"]),
        direct_urgency=int(rungs["direct"]["urgency"]),
        direct_rung=str(rungs["direct"]["rung"]),
    )


def stored(ladder: Ladder) -> dict[str, dict[str, int | bool | str]]:
    """The form in which a ladder is kept."""
    of = asdict(ladder)
    return {
        URGE: {"repeat_days": of["urge_repeat_days"], "answer_minutes": of["urge_answer_minutes"]},
        NOTICE: {"after_days": of["notice_after_days"], "answer_minutes": of["notice_answer_minutes"]},
        CIRCULAR: {"answer_minutes": of["circular_answer_minutes"]},
        "direct": {"urgency": of["direct_urgency"], "rung": of["direct_rung"]},
    }


@cache
def shipped() -> Ladder:
    """The version that comes with the product."""
    return ladder_of(SHIPPED, json.loads((Path(__file__).parent / "data" / "ladder.json").read_text("utf-8")))


def reach(axis: Axis, start: datetime, minutes: int) -> datetime:
    """The instant after so much working time; where the calendar ends every day counts as worked."""
    try:
        return axis.add(start, minutes)
    except OutsideCalendar:
        return start + timedelta(days=-(-minutes // DAY_MINUTES))


def opening(ladder: Ladder, step: Step, urgency: int) -> Step:
    """The step really taken: an urgent task's first urge is opened at the higher rung."""
    urgent = 0 < ladder.direct_urgency <= urgency
    if step.rung == URGE and step.occurrence == 1 and urgent:
        return Step(rung=ladder.direct_rung, occurrence=1, at=step.at)
    return step


def after(ladder: Ladder, step: Step, red: datetime | None, axis: Axis) -> Step | None:
    """What follows a step by itself; `red` is the instant from which the days are counted."""
    if red is None or step.rung not in AUTOMATIC:
        return None
    if step.rung == REMIND:
        return Step(rung=URGE, occurrence=1, at=red)
    days = step.occurrence * ladder.urge_repeat_days
    if ladder.urge_repeat_days and days < ladder.notice_after_days:
        return Step(rung=URGE, occurrence=step.occurrence + 1, at=reach(axis, red, days * DAY_MINUTES))
    return Step(rung=NOTICE, occurrence=1, at=reach(axis, red, ladder.notice_after_days * DAY_MINUTES))


def higher(rung: str) -> str:
    """The rung that a missed answer leads to; nothing above a circular comes by itself."""
    return {URGE: NOTICE, NOTICE: CIRCULAR}.get(rung, "")


def outlook(ladder: Ladder, step: Step | None, red: datetime | None, urgency: int, axis: Axis) -> list[Step]:
    """All steps still to come if nothing is done, for the page that shows the rule."""
    ahead: list[Step] = []
    while step is not None and len(ahead) < 12:
        taken = opening(ladder, step, urgency)
        ahead.append(taken)
        step = after(ladder, taken, red, axis)
    return ahead
