"""A task's term: from its columns to the instants of its light, as the changes an event carries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sanban.base import clock
from sanban.base.calendar.axis import Axis
from sanban.base.calendar.queries import current_axis
from sanban.base.light.engine import Facts, Instants, LightRule, colour, instants, next_at, resume
from sanban.base.light.queries import current_rule

LIGHT_STATE = {
    "assigned": "open",
    "acknowledged": "open",
    "sent_back": "open",
    "paused": "paused",
    "concluded": "closed",
    "verified": "closed",
    "closed_out": "closed",
    "withdrawn": "closed",
}
COLUMNS = ("start_at", "due_at", "progress", "reported_at", "returned_at", "paused_at")


@dataclass(frozen=True, slots=True)
class Clockwork:
    """Everything outside the task that its light depends on, fetched once an act."""

    rule: LightRule
    axis: Axis
    now: datetime


def clockwork() -> Clockwork:
    """Rule, calendar and instant of this act."""
    return Clockwork(current_rule(), current_axis(), clock.now())


def facts_of(columns: dict[str, Any]) -> Facts:
    """The engine's facts from task columns."""
    return Facts(
        start_at=columns["start_at"],
        due_at=columns["due_at"],
        progress=columns.get("progress") or 0,
        reported_at=columns.get("reported_at"),
        returned_at=columns.get("returned_at"),
        paused_at=columns.get("paused_at"),
        state=LIGHT_STATE[columns["state"]],  # type: ignore[arg-type]
        child_amber_at=columns.get("child_amber_at"),
        child_red_at=columns.get("child_red_at"),
    )


def lamp(columns: dict[str, Any], works: Clockwork) -> dict[str, Any]:
    """The light columns that follow from the task columns."""
    facts = facts_of(columns)
    own = instants(
        Facts(**{name: getattr(facts, name) for name in (*COLUMNS, "state")}), works.rule, works.axis
    )
    whole = instants(facts, works.rule, works.axis) if facts.child_amber_at or facts.child_red_at else own
    light, cause = colour(whole, works.now)
    return {
        "light_state": facts.state,
        **{f"own_{name}": value for name, value in stored_columns(own).items()},
        **stored_columns(whole),
        "next_at": next_at(whole, works.now),
        "lit": int(light),
        "lit_cause": int(cause),
        "lit_at": works.now,
        "rule_version": works.rule.version,
    }


def stored_columns(whole: Instants) -> dict[str, Any]:
    """Amber and red instants with their causes as columns."""
    return {
        "amber_at": whole.yellow_at,
        "amber_cause": int(whole.yellow_cause) if whole.yellow_cause is not None else 0,
        "red_at": whole.red_at,
        "red_cause": int(whole.red_cause) if whole.red_cause is not None else 0,
    }


def resumed(columns: dict[str, Any], works: Clockwork) -> dict[str, Any]:
    """Start, due and report moved by the working time of the pause that ends now."""
    moved = resume(facts_of(columns), works.now, works.axis)
    return {
        "start_at": moved.start_at,
        "due_at": moved.due_at,
        "reported_at": moved.reported_at,
        "paused_at": None,
    }
