"""A task as the desk's lists show it."""

from datetime import datetime
from typing import Any

from sanban.base.light.colours import light_of
from sanban.base.light.engine import Light
from sanban.base.light.words import LIGHT_NAMES


def shown(task: Any, now: datetime) -> dict[str, Any]:
    """Task, light key and light word."""
    light, _cause = light_of(row=task, now=now)
    return {
        "task": task,
        "light": "done" if light == Light.CONCLUDED else light.id,
        "word": LIGHT_NAMES[light],
    }
