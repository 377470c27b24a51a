"""The light of a commitment as a pure function of facts, rule version and calendar (§4.1, §7.3, §9.3).

The colour is never stored as truth: two instants are (`yellow_at`, `red_at`), and the light at any moment is
a comparison with them. They are computed in closed form on the working-minute axis, once per recorded fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Final, Literal

from sanban.base.calendar.axis import Axis

State = Literal["idle", "open", "paused", "closed"]


class Light(IntEnum):
    """Red before amber before green: a list sorted by light begins with what needs a person."""

    RED = 1
    AMBER = 2
    GREEN = 3
    IDLE = 4
    CONCLUDED = 5

    @property
    def id(self) -> str:
        """The word used in addresses, exports and style sheets."""
        return self.name.lower()


class Cause(IntEnum):
    """Why a light is as it is; of two causes that begin at one instant the smaller number is named."""

    DUE_SOON = 1
    PACE = 2
    SILENCE = 3
    RETURNED = 4
    OVERDUE = 5
    CHILD = 6
    NOT_STARTED = 7
    PAUSED = 8
    CONCLUDED = 9
    ON_TRACK = 10

    @property
    def id(self) -> str:
        """The word used in addresses, exports and templates."""
        return self.name.lower()


LIGHT_BY_ID: Final = {light.id: light for light in Light}
CAUSE_BY_ID: Final = {cause.id: cause for cause in Cause}


@dataclass(frozen=True, slots=True, kw_only=True)
class LightRule:
    """One published version of the light rule; every number is data an office may change."""

    version: int = 1
    due_soon_minutes: int = 3 * 420
    """Amber when so much working time or less is left; 0 switches the cause off."""
    due_soon_share: int = 50
    """… but never more than this percentage of the whole span, so that a two-day matter is not born amber."""
    pace_tolerance: int = 20
    """Percentage points by which progress may stay behind the linear expectation; 100 switches it off."""
    silence_minutes: int = 10 * 420
    """Amber when so much working time has passed without a report; 0 switches the cause off."""

    def __post_init__(self) -> None:
        if self.due_soon_minutes < 0 or self.silence_minutes < 0:
            raise ValueError("working minutes of a light rule cannot be negative")
        if not 0 <= self.pace_tolerance <= 100 or not 0 <= self.due_soon_share <= 100:
            raise ValueError("percentages of a light rule lie between 0 and 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the ledger says of one commitment, reduced to what the light depends on."""

    start_at: datetime
    due_at: datetime | None
    """None: no deadline; only silence, a return and children can change the light."""
    progress: int = 0
    """Percentage last reported, 0 to 100."""
    reported_at: datetime | None = None
    """From here silence is counted: the last report, moved on by later pauses (see `resume`)."""
    returned_at: datetime | None = None
    """A report was sent back for quality at this instant and no new one has come."""
    paused_at: datetime | None = None
    state: State = "open"
    child_amber_at: datetime | None = None
    """The earliest amber instant of the mandatory parts below."""
    child_red_at: datetime | None = None
    """The earliest red instant of the mandatory parts below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """The two stored instants with their causes; all None while the clock does not run."""

    yellow_at: datetime | None = None
    yellow_cause: Cause | None = None
    red_at: datetime | None = None
    red_cause: Cause | None = None
    next_at: datetime | None = None
    """The first turn of the light, whether past or to come; see `next_at()` for the next one after now."""
    state: State = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """One act that takes a cause away, in codes; the sentence is in `words`."""

    code: str
    cause: Cause
    at_least: int | None = None
    """Least progress to report, for the code `report_progress`."""
    by: datetime | None = None
    """Instant by which the act is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why this light, since when, what comes next and what would change it; codes and values only."""

    light: Light
    cause: Cause
    since: datetime | None
    """None for green and for lights whose clock does not run: their beginning is in the ledger."""
    next_light: Light | None
    next_at: datetime | None
    next_cause: Cause | None
    mend: tuple[Mend, ...]
    also: tuple[Cause, ...]
    """Other amber or red causes that hold at the same moment."""
    rule_version: int
    provisional: bool
    """The next turn lies in a year whose holidays are not published yet and may still move."""


Crossing = tuple[datetime, Cause]

_STILL: Final[dict[str, tuple[Light, Cause]]] = {
    "idle": (Light.IDLE, Cause.NOT_STARTED),
    "paused": (Light.IDLE, Cause.PAUSED),
    "closed": (Light.CONCLUDED, Cause.CONCLUDED),
}


def instants(facts: Facts, rule: LightRule, axis: Axis) -> Instants:
    """The instants at which the light turns amber and red: the first crossing of each colour."""
    if facts.state != "open":
        return Instants(state=facts.state)
    yellow = _first(amber_crossings(facts, rule, axis))
    red = _first(red_crossings(facts))
    turns = [crossing[0] for crossing in (yellow, red) if crossing]
    return Instants(
        yellow_at=yellow[0] if yellow else None,
        yellow_cause=yellow[1] if yellow else None,
        red_at=red[0] if red else None,
        red_cause=red[1] if red else None,
        next_at=min(turns, default=None),
        state=facts.state,
    )


def amber_crossings(facts: Facts, rule: LightRule, axis: Axis) -> list[Crossing]:
    """Every instant at which a reason for amber begins; none before the start except a return or a child."""
    found: list[Crossing] = []
    start = axis.minutes(facts.start_at)
    if facts.due_at is not None and facts.due_at > facts.start_at:
        due = axis.minutes(facts.due_at)
        if rule.due_soon_minutes:
            window = min(rule.due_soon_minutes, (due - start) * rule.due_soon_share // 100)
            found.append((_reach(axis, due - window, facts.start_at), Cause.DUE_SOON))
        behind = facts.progress + rule.pace_tolerance
        if behind < 100 and due > start:
            crossing = start + -(-behind * (due - start) // 100)
            found.append((_reach(axis, crossing, facts.start_at), Cause.PACE))
    if rule.silence_minutes:
        since = max(facts.start_at, facts.reported_at or facts.start_at)
        crossing = axis.minutes(since) + rule.silence_minutes
        if crossing <= axis.total:
            found.append((_reach(axis, crossing, since), Cause.SILENCE))
    if facts.returned_at is not None:
        found.append((facts.returned_at, Cause.RETURNED))
    if facts.child_amber_at is not None:
        found.append((facts.child_amber_at, Cause.CHILD))
    return found


def red_crossings(facts: Facts) -> list[Crossing]:
    """Red is the passing of the deadline, or a red mandatory part below."""
    found: list[Crossing] = []
    if facts.due_at is not None:
        found.append((facts.due_at, Cause.OVERDUE))
    if facts.child_red_at is not None:
        found.append((facts.child_red_at, Cause.CHILD))
    return found


def colour(instants: Instants, now: datetime) -> tuple[Light, Cause]:
    """The light at a moment, past or present: a comparison with the stored instants and nothing else."""
    still = _STILL.get(instants.state)
    if still:
        return still
    if instants.red_at is not None and now >= instants.red_at:
        return Light.RED, instants.red_cause or Cause.OVERDUE
    if instants.yellow_at is not None and now >= instants.yellow_at:
        return Light.AMBER, instants.yellow_cause or Cause.DUE_SOON
    return Light.GREEN, Cause.ON_TRACK


def next_at(instants: Instants, now: datetime) -> datetime | None:
    """The next turn after now; None when the light is red already or its clock does not run."""
    turn = _next_turn(instants, now)
    return turn[0] if turn else None


def resume(facts: Facts, at: datetime, axis: Axis) -> Facts:
    """Take up paused work: start and due move by the working minutes of the pause, so no day is lost to it.

    Silence is not counted over the pause either: its beginning moves by the part of the pause after it.
    """
    if facts.state != "paused" or facts.paused_at is None:
        raise ValueError("only paused facts can be resumed; give state 'paused' and paused_at")
    pause = max(0, axis.between(facts.paused_at, at))
    reported = facts.reported_at
    if reported is not None and reported < at:
        reported = axis.add(reported, axis.between(max(reported, facts.paused_at), at), "start")
    return replace(
        facts,
        state="open",
        paused_at=None,
        start_at=axis.add(facts.start_at, pause, "start"),
        due_at=None if facts.due_at is None else axis.add(facts.due_at, pause, "end"),
        reported_at=reported,
    )


def explain(facts: Facts, rule: LightRule, axis: Axis, now: datetime) -> Explanation:
    """The whole answer to "why this light": cause, since when, next turn, and what would change it."""
    stored = instants(facts, rule, axis)
    light, cause = colour(stored, now)
    turn = _next_turn(stored, now)
    holding = _holding(facts, rule, axis, now, light)
    since = {Light.RED: stored.red_at, Light.AMBER: stored.yellow_at}.get(light)
    return Explanation(
        light=light,
        cause=cause,
        since=facts.paused_at if facts.state == "paused" else since,
        next_light=turn[1] if turn else None,
        next_at=turn[0] if turn else None,
        next_cause=turn[2] if turn else None,
        mend=_mends(holding or [cause], facts, rule, axis, now),
        also=tuple(held for held in holding if held is not cause),
        rule_version=rule.version,
        provisional=turn is not None and axis.provisional(turn[0]),
    )


def least_progress(facts: Facts, rule: LightRule, axis: Axis, now: datetime) -> int | None:
    """The least percentage which, reported now, takes the pace cause away; None when there is no pace."""
    if facts.due_at is None:
        return None
    start, span = axis.minutes(facts.start_at), axis.between(facts.start_at, facts.due_at)
    if span <= 0:
        return None
    expected = max(0, axis.minutes(now) - start) * 100 // span
    return min(100 - rule.pace_tolerance, max(0, expected - rule.pace_tolerance + 1))


def _holding(facts: Facts, rule: LightRule, axis: Axis, now: datetime, light: Light) -> list[Cause]:
    """Causes that hold now, in the order in which they began; none outside red and amber."""
    if light not in (Light.RED, Light.AMBER):
        return []
    held = [crossing for crossing in amber_crossings(facts, rule, axis) if crossing[0] <= now]
    late = [crossing for crossing in red_crossings(facts) if crossing[0] <= now]
    ordered = sorted(late) + sorted(held)
    return list(dict.fromkeys(cause for _at, cause in ordered))


def _mends(held: list[Cause], facts: Facts, rule: LightRule, axis: Axis, now: datetime) -> tuple[Mend, ...]:
    if Cause.OVERDUE in held:
        held = [cause for cause in held if cause is not Cause.DUE_SOON]
    return tuple(_mend(cause, facts, rule, axis, now) for cause in held)


def _mend(cause: Cause, facts: Facts, rule: LightRule, axis: Axis, now: datetime) -> Mend:
    if cause is Cause.PACE:
        return Mend(code="report_progress", cause=cause, at_least=least_progress(facts, rule, axis, now))
    if cause in (Cause.DUE_SOON, Cause.OVERDUE):
        return Mend(code="conclude_or_extend", cause=cause, by=facts.due_at)
    return Mend(code=_MENDS[cause], cause=cause)


_MENDS: Final = {
    Cause.SILENCE: "report",
    Cause.RETURNED: "report_again",
    Cause.CHILD: "mend_part",
    Cause.NOT_STARTED: "start",
    Cause.PAUSED: "resume",
    Cause.CONCLUDED: "none",
    Cause.ON_TRACK: "none",
}


def _next_turn(stored: Instants, now: datetime) -> tuple[datetime, Light, Cause] | None:
    light, _cause = colour(stored, now)
    turns: list[tuple[datetime, Light, Cause]] = []
    if light is Light.GREEN and stored.yellow_at and stored.yellow_cause:
        turns.append((stored.yellow_at, Light.AMBER, stored.yellow_cause))
    if light in (Light.GREEN, Light.AMBER) and stored.red_at and stored.red_cause:
        turns.append((stored.red_at, Light.RED, stored.red_cause))
    return min(turns, key=lambda turn: (turn[0], turn[1]), default=None)


def _first(crossings: Iterable[Crossing]) -> Crossing | None:
    return min(crossings, default=None)


def _reach(axis: Axis, minutes: int, floor: datetime) -> datetime:
    """The first instant with that count, but not before the floor (a count stands still over a weekend)."""
    return max(axis.instant(minutes), floor)
