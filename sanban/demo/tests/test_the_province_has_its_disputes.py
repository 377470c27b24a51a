"""The demo province shows one dispute that is ruled on in time, one without an arbiter, and one to be answered."""

from datetime import UTC, datetime

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.calendar.queries import current_axis
from sanban.decide.dispute.models import Dispute, Ruling
from sanban.decide.dispute.terms import days_between
from sanban.demo import quarrels
from sanban.demo.agenda import Agenda
from sanban.demo.settle import settle
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft

pytestmark = pytest.mark.django_db
END = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)


def test_three_cases_stand_in_three_states() -> None:
    begin = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
    try:
        clock.set_frozen(begin)
        province = settle("Sanban-demo-2026")
        drafts = [
            TaskDraft(title=f"事项{code}", lead_id=province.units[code], due_at=END)
            for code in ("dept-science", "dept-industry", "dept-commerce")
        ]
        tasks.assign_many(SYSTEM, drafts=drafts)
        agenda = Agenda(current_axis(), END)
        quarrels.plan(agenda, province)
        list(agenda.run())
    finally:
        clock.set_frozen(None)
    ruled, waits, fresh = Dispute.objects.order_by("opened_at")
    assert [row.state for row in (ruled, waits, fresh)] == ["ruled", "answered", "opened"]
    assert ruled.ruled_at is not None
    assert days_between(current_axis(), ruled.opened_at, ruled.ruled_at) == 6.0
    assert [row.arbiter_id is None for row in (ruled, waits, fresh)] == [False, True, True]
    assert waits.ruling_due_at > END and fresh.answer_due_at > END
    assert [line["role"] for line in Ruling.objects.get().duties] == ["R", "A", "C"]
