"""What a room says of an object that is to be found."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """One object: what it is called, what its text says, where its page is (`arg` of the kind's address)."""

    kind: str
    object_id: int
    title: str
    arg: str
    at: datetime
    number: str = ""
    text: str = ""
    unit_id: int | None = None
    level: int = 1
