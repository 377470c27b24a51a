"""Load data, though not made through actions, is what the ledger says, and the office can go on working on it."""

from collections import Counter
from datetime import timedelta

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.models import LedgerEvent, LedgerPending
from sanban.base.ledger.replay import replay_difference
from sanban.base.light.models import LightCounter
from sanban.base.people.queries import actors_by_login
from sanban.demo import scale
from sanban.demo.world.people import CAST
from sanban.execute.task import actions, ticking
from sanban.execute.task.models import Extension, Handover, ProgressReport, TaskItem, TaskPartner
from sanban.supervise.chase.models import Watch

pytestmark = pytest.mark.django_db
TABLES = [LightCounter, TaskItem, TaskPartner, ProgressReport, Extension, Handover]
COUNT = 200


def recount() -> Counter[tuple[str, int, int, int]]:
    made: Counter[tuple[str, int, int, int]] = Counter()
    for row in TaskItem.objects.all():
        for scope, key in (("unit", row.lead_id), ("policy", row.policy_id), ("measure", row.measure_id)):
            if key:
                made[scope, key, row.level, row.lit] += 1
    return made


def counters() -> Counter[tuple[str, int, int, int]]:
    rows = LightCounter.objects.filter(client="task").values_list("scope", "scope_id", "level", "light", "n")
    return Counter({(scope, key, level, light): n for scope, key, level, light, n in rows})


def test_load_data_is_what_the_ledger_says_and_can_be_worked_on() -> None:
    told: list[int] = []
    scale.load(COUNT, progress=told.append, password="load-data-only")
    assert (sum(told), TaskItem.objects.count(), Watch.objects.count()) == (COUNT, COUNT, COUNT)
    assert LedgerEvent.objects.filter(kind="task.task_assigned").count() == COUNT
    assert LedgerEvent.objects.count() == LedgerPending.objects.count()
    assert counters() == recount()
    assert replay_difference(TABLES) == []

    reported = ProgressReport.objects.filter(task__state="acknowledged").values_list("task_id", flat=True)[0]
    before = TaskItem.objects.get(pk=reported)
    assert before.version == 5
    actor = actors_by_login(actor=SYSTEM)[CAST["dispatcher"]]
    actions.withdraw(actor, task_id=before.pk, reason="并入其他事项")
    assert TaskItem.objects.get(pk=before.pk).version == 6
    ahead = TaskItem.objects.filter(next_at__isnull=False)
    expected = ahead.filter(next_at__lte=clock.now() + timedelta(days=10)).count()
    with clock.freeze(clock.now() + timedelta(days=10)):
        turned = ticking.tick_all(SYSTEM)
    assert turned >= expected > 0
    assert counters() == recount()
    assert replay_difference(TABLES) == []


@pytest.mark.parametrize(
    ("word", "size"), [("10k", 10_000), ("100K", 100_000), ("1m", 1_000_000), ("200", 200)]
)
def test_a_size_is_a_word_or_a_number(word: str, size: int) -> None:
    assert scale.size_of(word) == size


@pytest.mark.parametrize("word", ["", "0", "-5", "much"])
def test_a_size_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="give 10k"):
        scale.size_of(word)
