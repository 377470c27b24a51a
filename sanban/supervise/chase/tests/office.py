"""A small office for the tests of supervision: one unit that works late, and those who chase it."""

from datetime import UTC, datetime

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.clock import freeze
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions as people
from sanban.base.people.drafts import UnitDraft
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of March 2026 on the office's wall clock (2 March is a Monday)."""
    return datetime(2026, 3, day, hour - 8, minute, tzinfo=UTC)


def person(ref: str, unit: int | None, *roles: str, clearance: int = 1) -> Actor:
    return Actor(
        ref=ref, person_id=None, name=ref, unit_id=unit, unit_name="", unit_ids=frozenset({unit} if unit else ()),
        roles=frozenset(roles), clearance=clearance,
    )  # fmt: skip


SUPERVISOR = person("supervisor", None, "supervisor")
SIGNER = person("signer", None, "signer")


def unit() -> int:
    with freeze(at(2)):
        draft = UnitDraft(code="u1", name="市发展和改革委员会", short="市发改委", kind="department")
        return people.create_units(SYSTEM, units=[draft])[0]


def task(
    unit_id: int, *, n: int = 1, due: datetime | None = None, urgency: int = 0, level: int = 1
) -> list[int]:
    """Tasks assigned on Monday 2 March at 9:00, due on Monday 16 March at 17:30."""
    drafts = [
        TaskDraft(
            title=f"事项{k}", lead_id=unit_id, due_at=due or at(16, 17, 30), urgency=urgency, level=level
        )
        for k in range(n)
    ]
    with freeze(at(2)):
        return tasks.assign_many(SYSTEM, drafts=drafts)


def kinds(slip_id: int) -> list[str]:
    return list(
        LedgerEvent.objects.filter(stream_type="slip", stream_id=slip_id)
        .order_by("ver")
        .values_list("kind", flat=True)
    )
