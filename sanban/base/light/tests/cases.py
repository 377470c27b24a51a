"""Random worlds for the lights: calendars with swap and half days, rules, and histories with everything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from sanban.base.calendar.axis import STANDARD_WEEK, Axis, CalendarSpec, DayKind, Hours
from sanban.base.light.engine import Facts, LightRule, colour, explain, instants, resume
from sanban.base.light.tests.reference import Days, History, light

FIRST = date(2026, 1, 1)
COUNT = 1200
DAY = 86_400
SHORT_FRIDAY: tuple[Hours, ...] = (
    ((480, 720), (810, 1080)),
    ((480, 720), (810, 1080)),
    ((480, 720), (810, 1080)),
    ((480, 720), (810, 1080)),
    ((480, 725),),
    (),
    (),
)
SIX_DAYS: tuple[Hours, ...] = (((540, 700), (720, 780), (840, 1065)),) * 6 + ((),)


@dataclass(frozen=True)
class World:
    """One calendar in both forms and one rule in both forms."""

    axis: Axis
    days: Days
    rule: LightRule
    plain: dict[str, int]


def make_world(random: Random) -> World:
    """A calendar with random exceptions (a make-up day for most holidays) and a random rule."""
    week = random.choice((STANDARD_WEEK, STANDARD_WEEK, SHORT_FRIDAY, SIX_DAYS))
    exceptions: dict[date, DayKind] = {}
    for _ in range(random.randrange(0, 90)):
        day = FIRST + timedelta(days=random.randrange(COUNT))
        for offset in range(random.choice((1, 1, 3, 8))):
            exceptions[day + timedelta(days=offset)] = random.choice(
                (DayKind.HOLIDAY, DayKind.HOLIDAY, DayKind.WORKDAY, DayKind.MORNING, DayKind.AFTERNOON)
            )
    duty = random.random() < 0.1
    plain = {
        "due_soon": random.choice((0, 210, 420, 1260, 1260, 2100)),
        "share": random.choice((0, 30, 50, 50, 100)),
        "tolerance": random.choice((0, 10, 20, 20, 35, 100)),
        "silence": random.choice((0, 1, 420, 4200, 4200, 8400)),
    }
    last = FIRST + timedelta(days=COUNT - 1)
    spec = CalendarSpec(first_day=FIRST, last_day=last, week=week, exceptions=exceptions, duty24=duty)
    kinds = {day: kind.value for day, kind in exceptions.items()}
    rule = LightRule(
        due_soon_minutes=plain["due_soon"],
        due_soon_share=plain["share"],
        pace_tolerance=plain["tolerance"],
        silence_minutes=plain["silence"],
    )
    return World(Axis(spec), Days(FIRST, COUNT, [list(hours) for hours in week], kinds, duty), rule, plain)


def make_history(random: Random) -> History:
    """A matter with a start, mostly a deadline, and up to eight things that happen to it."""
    start = _moment(random, 40 * DAY, 300 * DAY, 510)
    span = random.choice((0, 1, 2, 5, 20, 60, 60, 120, 250))
    due = None if random.random() < 0.04 else _moment(random, start, start + (span + 1) * DAY, 1050)
    state = "idle" if random.random() < 0.1 else "open"
    horizon = (span + 40) * DAY
    times = sorted(start + random.randrange(-15 * DAY, horizon) for _ in range(random.randrange(0, 9)))
    events: list[tuple[int, str, object]] = []
    now = state
    for at in times:
        kind, now = _happen(random, now)
        events.append((at, kind, _value(random, kind, at)))
        if now == "closed":
            break
    return History(start, due, state, events)


def _moment(random: Random, low: int, high: int, clock: int) -> int:
    """Half of all instants lie at the office's own hours, some carry odd seconds."""
    at = random.randrange(low, high + 1)
    if random.random() < 0.5:
        return at // DAY * DAY + clock * 60
    return at if random.random() < 0.5 else at // 60 * 60


def _happen(random: Random, state: str) -> tuple[str, str]:
    if state == "idle":
        return "begin", "open"
    if state == "paused":
        kind = random.choice(("resume", "resume", "resume", "report", "extend", "child"))
        return kind, "open" if kind == "resume" else "paused"
    kind = random.choice(("report",) * 5 + ("return", "return", "pause", "pause", "pause", "extend", "child"))
    if random.random() < 0.03:
        return "close", "closed"
    return kind, "paused" if kind == "pause" else "open"


def _value(random: Random, kind: str, at: int) -> object:
    if kind == "report":
        return random.randrange(0, 101)
    if kind == "extend":
        return _moment(random, at, at + random.randrange(1, 90) * DAY, 1050)
    if kind == "child":
        return tuple(
            at + random.randrange(-5 * DAY, 60 * DAY) if random.random() < 0.7 else None for _ in "ar"
        )
    return None


def facts_at(world: World, history: History, now: int) -> Facts:
    """The facts as the ledger's projections would hold them at that second."""
    to = world.days.instant
    due = None if history.due is None else to(history.due)
    facts = Facts(start_at=to(history.start), due_at=due, state=history.state)  # type: ignore[arg-type]
    for at, kind, value in history.events:
        if at > now:
            break
        facts = _fold(world, facts, to(at), kind, value)
    return facts


def _fold(world: World, facts: Facts, at: datetime, kind: str, value: object) -> Facts:
    to = world.days.instant
    if kind == "begin":
        return replace(facts, state="open")
    if kind == "close":
        return replace(facts, state="closed")
    if kind == "pause":
        return replace(facts, state="paused", paused_at=at)
    if kind == "resume":
        return resume(facts, at, world.axis)
    if kind == "report":
        return replace(facts, progress=value, reported_at=at, returned_at=None)  # type: ignore[arg-type]
    if kind == "return":
        return replace(facts, returned_at=at)
    if kind == "extend":
        return replace(facts, due_at=to(value))  # type: ignore[arg-type]
    amber, red = (None if second is None else to(second) for second in value)  # type: ignore[attr-defined]
    return replace(facts, child_amber_at=amber, child_red_at=red)


def differences(random: Random, world: World, *, causes: bool) -> list[str]:
    """Compare engine and reference on one random history: at a random second and around both stored instants.

    With `causes` the whole explanation is compared too: every reason that holds, not only the one named.
    """
    history = make_history(random)
    asked = _ask(random, history)
    facts = facts_at(world, history, asked)
    stored = instants(facts, world.rule, world.axis)
    moments = [asked]
    low, high = _stretch(history, asked)
    for instant in (stored.yellow_at, stored.red_at):
        if instant is not None:
            second = world.days.second(instant)
            moments.extend(at for at in (second - 1, second) if low <= at < high)
    found = []
    for moment in moments:
        now = world.days.instant(moment)
        mine, cause = colour(stored, now)
        theirs, reasons = light(world.days, world.plain, history, moment)
        same = mine.id == theirs and cause.id in reasons
        if same and causes:
            told = explain(facts, world.rule, world.axis, now)
            same = {told.cause.id, *(also.id for also in told.also)} == set(reasons)
        if not same:
            found.append(f"{history} at {moment}: engine {mine.id}/{cause.id}, reference {theirs}/{reasons}")
    return found


def _ask(random: Random, history: History) -> int:
    """Mostly a second while the matter runs, else any time around it."""
    if history.due is not None and random.random() < 0.75:
        return random.randrange(history.start - DAY, max(history.start, history.due) + 2 * DAY)
    return history.start + random.randrange(-20 * DAY, 320 * DAY)


def _stretch(history: History, asked: int) -> tuple[int, int]:
    """The seconds around the asked one over which nothing happens, so that the stored instants hold."""
    low = max((at for at, _kind, _value in history.events if at <= asked), default=0)
    high = min((at for at, _kind, _value in history.events if at > asked), default=700 * DAY)
    return low, high
