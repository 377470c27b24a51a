"""Load data: the demo province with as many tasks as wanted, for benches and for trying the platform at size.

This is not a history. Units, people and policies are made by the real actions; the tasks are not: their events are
written in bulk and folded by the rooms' own projections, so that ledger, tables, counters and search index agree,
but no rule was asked, nobody was notified, and lights are those of the moment of loading. A task's first event
carries all its columns as they stand; every fifth task also has an acknowledgement and three reports.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from django.db import transaction

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.ledger.ids import new_ids
from sanban.base.ledger.log import Item, record
from sanban.base.ledger.registry import FOLDS, Event, encode
from sanban.decide.policy.queries import measures_of
from sanban.demo import builder
from sanban.demo.settle import Province, settle
from sanban.demo.world import seasons
from sanban.demo.world.people import CAST, PEOPLE
from sanban.demo.world.policies import POLICIES
from sanban.execute.task import events as e
from sanban.execute.task import ticking
from sanban.execute.task.terms import clockwork, lamp
from sanban.study.assistant import adopt

SIZES: Final = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
BATCH: Final = 2_000
SILENT: Final = "sanban.base.notify"
"""Load data is no news: the folds of this room are left out."""
TERM: Final = timedelta(days=60)
WINDOW: Final = 120 * 86400
FIRST: Final = timedelta(days=200)
SPREAD: Final = timedelta(days=40)
"""All tasks are assigned before the earliest due date, so that no act lies after its own term."""
HISTORY_EVERY: Final = 5
NUMBERS_A_YEAR: Final = 900_000
STATES: Final = (("closed_out", 34), ("verified", 3), ("concluded", 3), ("acknowledged", 50), ("assigned", 8),
                 ("paused", 2))  # fmt: skip
DONE: Final = ("closed_out", "verified", "concluded")


def size_of(word: str) -> int:
    """`100k`, `1m` or a plain number of tasks."""
    wanted = SIZES.get(word.lower()) or (int(word) if word.isdecimal() else 0)
    if wanted < 1:
        raise ValueError(f"{word}: give 10k, 100k, 1m or a number of tasks")
    return wanted


def load(
    count: int, *, progress: builder.Progress = lambda done: None, password: str = builder.PASSWORD
) -> None:
    """Fill an empty database with `count` tasks; `progress` is told how many were added.

    Durability is relaxed while the file is being made: a load that is cut off is made again.
    """
    now = clock.now()
    builder.durable(False)
    try:
        clock.set_frozen(now - FIRST - timedelta(days=1))
        maker = _Maker(settle(password), now, count)
        for first in range(0, count, BATCH):
            clock.set_frozen(now - FIRST + SPREAD * (first / count))
            maker.batch(first, min(BATCH, count - first))
            progress(min(BATCH, count - first))
        clock.set_frozen(now)
        ticking.tick_all(SYSTEM)
    finally:
        clock.set_frozen(None)
        builder.durable(True)


class _Maker:
    """Draws tasks for the units of the province and writes them batch by batch."""

    def __init__(self, province: Province, now: datetime, count: int) -> None:
        self.random = Random(20261123)
        self.now, self.count = now, count
        self.dispatcher = province.actors[CAST["dispatcher"]]
        self.owners: dict[int, list[Actor]] = {}
        for person in PEOPLE:
            if {"liaison", "officer"} & set(person.roles):
                actor = province.actors[person.login]
                self.owners.setdefault(actor.unit_id or 0, []).append(actor)
        self.units = sorted(self.owners)
        self.names = {unit_id: owners[0].unit_name for unit_id, owners in self.owners.items()}
        self.titles = [title.title for title in seasons.TITLES]
        self.measures = list(self._measures())
        self.states = [state for state, share in STATES for _n in range(share)]

    def _measures(self) -> Iterator[tuple[int, int]]:
        for paper in POLICIES[:5]:
            policy_id = adopt.adopt_text(
                self.dispatcher, text=paper.text(), name=f"{paper.title}.txt", level=1
            )
            yield from ((policy_id, row.pk) for row in measures_of(actor=SYSTEM, policy_id=policy_id))

    def batch(self, first: int, size: int) -> None:
        """So many tasks of one instant, then the history of every fifth of them."""
        with clock.freeze(self.now):
            works = clockwork()
        items, drawn = [], []
        for n, task_id in zip(range(first, first + size), new_ids(size), strict=True):
            columns = self._columns(n)
            columns |= lamp(columns, works)
            event = e.TaskAssigned(
                title=f"{self.random.choice(self.titles)}（{n + 1}）", lead_name=self.names[columns["lead_id"]],
                due_on=clock.local(columns["due_at"]).strftime("%Y-%m-%d"), changes=encode(columns),
                partners=sorted(set(self.random.sample(self.units, self.random.choice((0, 0, 0, 1, 2))))
                                - {columns["lead_id"]}),
            )  # fmt: skip
            items.append(Item(event, task_id, 0, self.random.choices((0, 1, 2), (5, 92, 3))[0]))
            drawn.append(columns)
        self._write(self.dispatcher, items, clock.now())
        self._history(items[::HISTORY_EVERY], drawn[::HISTORY_EVERY])

    def _columns(self, n: int) -> dict[str, Any]:
        """One task's columns, drawn: state, place, term and what was reported."""
        random, at = self.random, clock.now()
        lead = random.choice(self.units)
        state = random.choice(self.states)
        due = self.now + timedelta(seconds=random.randrange(-WINDOW, WINDOW))
        start, done = due - TERM, state in DONE
        policy, measure = random.choice(self.measures) if n % 10 < 3 else (None, None)
        share = min(max((self.now - start) / TERM, 0), 1)
        spoken = state != "assigned" and start < self.now
        reported = max(self.now - timedelta(seconds=random.randrange(20 * 86400)), start) if spoken else None
        ended = min(self.now, due + timedelta(hours=random.randrange(-240, 120))) if done else None
        year = self.now.year - n // NUMBERS_A_YEAR
        return {
            "number": f"DC-{year}-{n % NUMBERS_A_YEAR + 1:06d}", "detail": "按要求组织实施并按期反馈。",
            "acceptance": "提交书面报告并附佐证材料，经督查办核验。", "urgency": int(random.random() < 0.06),
            "state": state, "policy_id": policy, "measure_id": measure, "parent_id": None, "mandatory": True,
            "lead_id": lead, "owner_id": random.choice(self.owners[lead]).person_id,
            "assigner_unit_id": self.dispatcher.unit_id, "assigner_ref": self.dispatcher.ref,
            "progress": 100 if done else min(95, max(0, int(share * 100) + random.randrange(-40, 15))),
            "start_at": start, "due_at": due, "assigned_at": at, "reported_at": reported, "first_report_at": reported,
            "acknowledged_at": None if state == "assigned" else at + timedelta(hours=random.randrange(1, 90)),
            "concluded_at": ended, "ended_at": ended if state == "closed_out" else None,
            "paused_at": self.now - timedelta(days=3) if state == "paused" else None,
        }  # fmt: skip

    def _history(self, items: list[Item], drawn: list[dict[str, Any]]) -> None:
        """An acknowledgement and three reports; they leave the columns as the first event has them."""
        rows = [
            (item.stream_id, item.level, columns)
            for item, columns in zip(items, drawn, strict=True)
            if columns["acknowledged_at"]
        ]
        if not rows:
            return
        at, actor = clock.now(), self.owners[rows[0][2]["lead_id"]][0]
        taken = e.TaskAcknowledged(changes={})
        self._write(
            actor, [Item(taken, task_id, 1, level) for task_id, level, _c in rows], at + timedelta(days=1)
        )
        words = seasons.phrases("progress_middle")
        for step in (1, 2, 3):
            reports = new_ids(len(rows))
            told = [
                Item(
                    e.ProgressReported(
                        report_id=report_id, unit_id=columns["lead_id"], progress=columns["progress"] * step // 3,
                        text=words[(task_id + step) % len(words)], files=[], changes={},
                    ),
                    task_id, step + 1, level,
                )
                for report_id, (task_id, level, columns) in zip(reports, rows, strict=True)
            ]  # fmt: skip
            self._write(actor, told, at + timedelta(days=10 * step))

    def _write(self, actor: Actor, items: list[Item], at: datetime) -> None:
        cls: type[Event] = type(items[0].event)
        with transaction.atomic():
            entries = record(actor, items, at=at)
            for fold in FOLDS.get(cls, ()):
                if not fold.__module__.startswith(SILENT):
                    fold(entries)
