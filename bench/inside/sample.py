"""Run on a loaded database: one JSON line with what requests need (names, numbers, ids, a key of the API)."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from sanban.base import clock  # noqa: E402 - Django must stand before any room is imported
from sanban.base.access.actor import SYSTEM  # noqa: E402
from sanban.base.access.cursors import cursor_of  # noqa: E402
from sanban.base.people import actions as people  # noqa: E402
from sanban.base.people.queries import actors_by_login  # noqa: E402
from sanban.base.watch import actions as watch  # noqa: E402
from sanban.base.watch.numbers import Numbers  # noqa: E402
from sanban.base.watch.queries import numbers_in_force  # noqa: E402
from sanban.demo import builder  # noqa: E402
from sanban.demo.world.people import CAST  # noqa: E402
from sanban.execute.task.models import ProgressReport, TaskItem  # noqa: E402

NO_LIMIT = 10**9


def main() -> None:
    """Read, make two keys, say."""
    actors = actors_by_login(actor=SYSTEM)
    login = CAST["liaison_department"]
    mine = actors[login]
    ends = clock.now() + timedelta(days=30)
    _id, key = people.make_token(
        actors[CAST["dispatcher"]], name="bench", scopes=["read", "write"], expires_at=ends
    )
    _id, own = people.make_token(mine, name="bench", scopes=["read", "write"], expires_at=ends)
    keeper, now = actors[CAST["security"]], numbers_in_force(actor=SYSTEM)
    if now.quota_internal < NO_LIMIT:  # one person asks here what a thousand would
        watch.publish_rules(
            keeper, base_number=now.number, note="bench",
            numbers=Numbers(quota_internal=NO_LIMIT, quota_secret=NO_LIMIT, refusals=NO_LIMIT),
        )  # fmt: skip
    told = ProgressReport.objects.values("task_id").distinct()
    tasks = TaskItem.objects.order_by("pk")
    working = tasks.filter(lead_id=mine.unit_id, state="acknowledged", level__lte=mine.clearance)
    late = tasks.filter(lead_id__in=mine.unit_ids, light_state="open", red_at__lte=clock.now())
    count = tasks.count()
    sys.stdout.write(json.dumps({
        "login": login, "dispatcher": CAST["dispatcher"], "password": builder.PASSWORD, "key": key, "own_key": own,
        "unit": mine.unit_id, "tasks": count, "late": late.count(),
        "told": list(tasks.filter(pk__in=told).values_list("number", flat=True)[:5000]),
        "working": list(working.values_list("number", flat=True)[:2000]),
        "deep": cursor_of(tasks.values_list("pk", flat=True)[count // 10]),
    }))  # fmt: skip


main()
