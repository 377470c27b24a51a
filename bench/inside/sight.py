"""Fill one database with tasks of all levels and ask for pages as many readers, with and without the rule and the wall.

On PostgreSQL times are those of EXPLAIN ANALYZE (planning and execution, in the database); on SQLite of running
the statement and fetching its rows.
"""

import json
import os
import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - Django must stand before any room is imported
from django.db.models import Count, QuerySet  # noqa: E402

from sanban.base.access.actor import SECRET, Actor  # noqa: E402
from sanban.base.access.context import standing_of  # noqa: E402
from sanban.base.ledger.standing import MACHINE, Standing, stand_as, standing_as  # noqa: E402
from sanban.base.people.models import Person, Unit  # noqa: E402
from sanban.execute.task.models import TaskItem, TaskPartner  # noqa: E402
from sanban.execute.task.rules import TASK_VISIBLE  # noqa: E402
from sanban.site import service  # noqa: E402

ROWS, READERS = int(os.environ.get("ROWS", "100000")), int(os.environ.get("READERS", "40"))
UNITS, PEOPLE, PAGE = 100, 400, 20
FIRST = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
CHANCE = random.Random(7)  # noqa: S311 - data, no secrets


def fill() -> None:
    """Units, people and tasks; one in twenty is secret, one in four has a cooperating unit."""
    Unit.objects.bulk_create(
        Unit(id=n, code=str(n), name=f"单位{n}", short=f"单位{n}", kind="department", path=f"{n}.")
        for n in range(1, UNITS + 1)
    )
    Person.objects.bulk_create(
        Person(id=n, ref=f"p{n}", login=f"p{n}", name=f"人员{n}", unit_id=n % UNITS + 1, password="!")  # noqa: S106
        for n in range(1, PEOPLE + 1)
    )
    for start in range(1, ROWS + 1, 10_000):
        ids = range(start, min(start + 10_000, ROWS + 1))
        TaskItem.objects.bulk_create(map(_task, ids), batch_size=500)
        TaskPartner.objects.bulk_create(
            [TaskPartner(task_id=n, unit_id=CHANCE.randint(1, UNITS)) for n in ids if n % 4 == 0],
            batch_size=5000,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _task(n: int) -> TaskItem:
    level = SECRET if n % 20 == 0 else CHANCE.choice((0, 1, 1, 1))
    due = FIRST + timedelta(minutes=CHANCE.randint(0, 500_000))
    return TaskItem(
        id=n, number=f"T{n}", title=f"第{n}件事项", level=level, lead_id=CHANCE.randint(1, UNITS),
        assigner_unit_id=CHANCE.randint(1, 5), owner_id=CHANCE.randint(1, PEOPLE), assigner_ref="p1",
        assigned_at=FIRST, start_at=FIRST, due_at=due, state="acknowledged", light_state="open",
    )  # fmt: skip


def readers() -> list[Actor]:
    """Officers and liaisons of units, and the offices; half of them cleared for what is secret."""
    made = []
    for n in range(1, READERS + 1):
        role = CHANCE.choice(("officer", "officer", "liaison", "dispatcher", "leader"))
        unit = CHANCE.randint(1, UNITS)
        made.append(
            Actor(
                ref=f"p{n}", person_id=n, unit_id=unit, unit_ids=frozenset({unit, unit % UNITS + 1}),
                roles=frozenset({role}), clearance=n % 2 + 1,
                grants=frozenset({("task", CHANCE.randint(1, ROWS)) for _n in range(3)}),
            )
        )  # fmt: skip
    return made


def _page(rows: "QuerySet[TaskItem]", after: datetime) -> "QuerySet[TaskItem, tuple[Any, ...]]":
    told = ("id", "number", "title", "level", "state", "due_at", "lead_id", "owner_id")
    return rows.filter(due_at__gte=after).order_by("due_at", "id").values_list(*told)[:PAGE]


def timed(rows: "QuerySet[Any, Any]", standing: Standing) -> float:
    """Milliseconds of one question."""
    with standing_as(standing), transaction.atomic():
        if connection.vendor == "postgresql":
            plan = json.loads(rows.explain(analyze=True, timing=False, format="json"))[0]
            return float(plan["Execution Time"] + plan["Planning Time"])
        sql, values = rows.query.sql_with_params()
        with connection.cursor() as cursor:
            began = time.perf_counter()
            cursor.execute(sql, values)
            cursor.fetchall()
            return (time.perf_counter() - began) * 1000


def differing(actor: Actor) -> int:
    """How many rows the wall shows or hides otherwise than the rule; on SQLite, than the rule on each row."""
    with standing_as(standing_of(actor)), transaction.atomic():
        chosen = set(
            TaskItem.objects.filter(TASK_VISIBLE.q(actor), level=SECRET).values_list("id", flat=True)
        )
        if connection.vendor == "postgresql":
            there = set(TaskItem.objects.filter(level=SECRET).values_list("id", flat=True))
        else:
            rows = TaskItem.objects.filter(level=SECRET).prefetch_related("partners")
            there = {row.pk for row in rows if TASK_VISIBLE.test(actor, row)}
    return len(chosen ^ there)


def main() -> None:
    """Fill, ask, tell."""
    stand_as(MACHINE)
    service.prepare_database(say=lambda _words: None)
    fill()
    asked: dict[str, list[float]] = {"page": [], "page_open": [], "page_wall_alone": [], "count": []}
    everybody = readers()
    for actor in everybody:
        seen, own = TaskItem.objects.filter(TASK_VISIBLE.q(actor)), standing_of(actor)
        for _n in range(5):
            after = FIRST + timedelta(minutes=CHANCE.randint(0, 400_000))
            asked["page"].append(timed(_page(seen, after), own))
            asked["page_open"].append(timed(_page(TaskItem.objects.all(), after), MACHINE))
            asked["page_wall_alone"].append(timed(_page(TaskItem.objects.all(), after), own))
        asked["count"].append(timed(seen.order_by().values("state").annotate(n=Count("pk")), own))
    told: dict[str, Any] = {"rows": ROWS, "readers": len(everybody)}
    for name, times in asked.items():
        cuts = statistics.quantiles(times, n=20)
        told[f"{name}_p50_ms"], told[f"{name}_p95_ms"] = round(cuts[9], 2), round(cuts[18], 2)
    told["differing"] = sum(map(differing, everybody[:10]))
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
