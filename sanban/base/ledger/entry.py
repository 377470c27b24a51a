"""One event with its place in the ledger, as projections receive it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with its place: stream, version, instant, actor, and the commitment the next one quotes."""

    id: uuid.UUID
    event: Any
    stream_id: int
    ver: int
    at: datetime
    actor_ref: str
    on_behalf_of: str
    office: int | None
    level: int
    digest: bytes
