"""What the desk draws on the page of an object: how firmly its records stand, and the way to its evidence."""

from sanban.base.access.actor import Actor
from sanban.base.ui.registry import Panel, Render
from sanban.desk.evidence import queries


def panel(stream: str) -> Render:
    """The panel of one kind of object."""

    def draw(actor: Actor | None, object_id: int) -> Panel | None:
        if actor is None:
            return None
        grades = queries.own_grades(actor=actor, stream=stream, object_id=object_id)
        return Panel("desk/_evidence.html", {"stream": stream, "object_id": object_id, "grades": grades})

    return draw
