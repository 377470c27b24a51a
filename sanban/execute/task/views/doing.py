"""From a filled-in verb to its action."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.execute.task import actions, queries
from sanban.execute.task.forms import due_instant


def run(actor: Actor, task_id: int, verb: str, given: dict[str, Any]) -> None:
    """Do one verb on one task with what was typed."""
    values = {
        name: value
        for name, value in given.items()
        if name not in ("due_on", "to", "owner", "person", "until")
    }
    if isinstance(given.get("due_on"), date):
        values["due_at"] = due_instant(given["due_on"])
    for typed, named in (("to", "to_id"), ("owner", "owner_id"), ("person", "person_id")):
        if typed in given:
            values[named] = given[typed]
    if isinstance(given.get("until"), date):
        day = given["until"] + timedelta(days=1)
        values["until"] = datetime.combine(day, time(), tzinfo=clock.local(clock.now()).tzinfo)
    if verb == "decide_extension":
        task = queries.task_by_id(actor=actor, task_id=task_id)
        asked = queries.extensions(actor=actor, task=task) if task else []
        values["extension_id"] = next((row.pk for row in asked if row.state == "asked"), 0)
    getattr(actions, verb)(actor, task_id=task_id, **values)
