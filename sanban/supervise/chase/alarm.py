"""How a task's own events arm, move, hold and end its watch; pure, on the columns the events carry (§4.1).

An alarm begins with the amber or the red instant. A task that was chased and leaves its alarm (a report, a later
date) is armed anew, so that the next alarm is chased from the first rung and nothing is ever sent twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanban.supervise.chase.ladder import REMIND, URGE
from sanban.supervise.chase.models import Watch

_PLAIN = ("level", "urgency", "title", "number")
_KEYS = {"unit_id": ("lead_id", "lead"), "person_id": ("owner_id", "owner")}
_INSTANTS = {"amber_at": "own_amber_at", "red_at": "own_red_at", "due_at": "due_at"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task's event means for slips already written."""

    ended: bool = False
    rearmed: bool = False


def follow(watch: Watch, changes: Mapping[str, Any], at: datetime) -> Outcome:
    """Move the watch by one event of its task that happened at an instant."""
    before = (watch.amber_at, watch.red_at)
    was_running, fresh, was_closed = watch.running, watch.armed_at is None, watch.closed
    _copy(watch, changes)
    light_state = changes.get("light_state") or ("open" if watch.running else "")
    if light_state in ("closed", "paused", "idle"):
        watch.running, watch.next_at = False, None
        watch.closed = light_state == "closed"
        if fresh:
            watch.armed_at = at
        return Outcome(ended=watch.closed and not was_closed)
    if light_state != "open":
        return Outcome()
    watch.running, watch.closed = True, False
    if fresh or was_closed:
        return _arm(watch, at)
    if was_running and before == (watch.amber_at, watch.red_at):
        return Outcome()
    return _moved(watch, at, red_before=before[1], resumed=not was_running)


def _moved(watch: Watch, at: datetime, *, red_before: datetime | None, resumed: bool) -> Outcome:
    if not watch.chased or not (_reached(watch.amber_at, at) or _reached(watch.red_at, at)):
        return _arm(watch, at)
    first_urge = (watch.next_rung, watch.next_occurrence) == (URGE, 1)
    red_ahead = watch.red_at is not None and watch.red_at != red_before and watch.red_at > at
    if not first_urge and red_ahead:
        watch.arming, watch.armed_at, watch.ladder = watch.arming + 1, at, 0
        watch.next_rung, watch.next_occurrence, watch.next_at = URGE, 1, watch.red_at
        return Outcome(rearmed=True)
    if first_urge:
        watch.next_at = max(watch.red_at, at) if watch.red_at else None
    elif resumed and watch.next_rung:
        watch.next_at = at
    return Outcome()


def _arm(watch: Watch, at: datetime) -> Outcome:
    """The ladder begins at its first rung; a step due in the past is due now."""
    rearmed = watch.chased
    if rearmed:
        watch.arming += 1
    watch.armed_at, watch.chased, watch.ladder, watch.next_occurrence = at, False, 0, 1
    amber, red = watch.amber_at, watch.red_at
    if amber is not None and (red is None or max(amber, at) < red):
        watch.next_rung, watch.next_at = REMIND, max(amber, at)
    else:
        watch.next_rung, watch.next_at = (URGE, max(red, at)) if red else ("", None)
    return Outcome(rearmed=rearmed)


def _reached(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant <= at


def _copy(watch: Watch, changes: Mapping[str, Any]) -> None:
    for name in _PLAIN:
        if name in changes:
            setattr(watch, name, changes[name])
    for field, names in _KEYS.items():
        for name in names:
            if name in changes:
                setattr(watch, field, changes[name])
    for field, name in _INSTANTS.items():
        if name in changes:
            setattr(watch, field, instant(changes[name]))


def instant(value: Any) -> datetime | None:
    """An instant of a payload: as it was given, or as the ledger keeps it."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value)
