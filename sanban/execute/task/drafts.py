"""What is asked of an assignment."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """A task to be assigned. In a tree a part names its parent by `parent_key`, which stands earlier in the list."""

    title: str
    lead_id: int
    due_at: datetime
    detail: str = ""
    acceptance: str = ""
    level: int = 1
    urgency: int = 0
    owner_id: int | None = None
    partners: tuple[int, ...] = ()
    policy_id: int | None = None
    measure_id: int | None = None
    parent_id: int | None = None
    start_at: datetime | None = None
    mandatory: bool = True
    key: str = ""
    parent_key: str = ""
