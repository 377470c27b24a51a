"""One task's life in the simulated office: each step is the real action by the person who would do it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.errors import Refused
from sanban.demo.agenda import Agenda, Step
from sanban.demo.world import seasons
from sanban.execute.task import actions as tasks

PRESSED = 0.4
"""Share of the matters due in the last weeks before the year's end that slip: then everything comes at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays which part in one task."""

    assigner: Actor
    liaison: Actor
    verifier: Actor


@contextmanager
def acting(now: datetime) -> Iterator[None]:
    """The clock stands at the instant of the act. A refusal is part of an office's life and ends the step."""
    clock.set_frozen(now)
    with suppress(Refused):
        yield


class Life:
    """The fate of one task, drawn once from its unit's habits, then acted out on the agenda."""

    def __init__(
        self,
        *,
        agenda: Agenda,
        random: Random,
        task_id: int,
        cast: Cast,
        unit: str,
        start: datetime,
        due: datetime,
        elsewhere: tuple[int, Actor],
    ) -> None:
        self.agenda, self.random, self.task_id, self.cast = agenda, random, task_id, cast
        self.start, self.due, self.elsewhere = start, due, elsewhere
        habit = seasons.HABITS.get(unit) or seasons.HABITS["dept-drc"]
        self.reply_hours = habit.reply_hours * random.uniform(0.4, 2.2)
        self.returned, longest = random.randrange(100) < habit.return_pct, 1.6
        self.punctual = random.randrange(100) < habit.punctual_pct
        if agenda.end - timedelta(days=18) < due < agenda.end and random.random() < PRESSED:
            self.punctual, longest = False, 2.6
        span = max((due - start).total_seconds() / 3600, 48)
        late = random.uniform(0.82, 0.98) if self.punctual else random.choice((1.04, 1.1, 1.25, longest))
        self.finish = start + timedelta(hours=span * late)
        self.asks = not self.punctual and random.random() < 0.35
        self.reports = random.choice((1, 2, 2, 3))
        self.misplaced = random.random() < 0.05
        self.done = 0

    def begin(self) -> None:
        """Plan the acknowledgement, the reports and the end."""
        first = self._send_back if self.misplaced else self._acknowledge
        self.agenda.after(self.start, self.reply_hours, first)
        for n in range(1, self.reports + 1):
            share = n / (self.reports + 1)
            self.agenda.at(
                self._office_hours(self.start + (self.finish - self.start) * share), self._report(n)
            )
        if self.asks:
            self.agenda.at(self._office_hours(self.due - timedelta(days=2)), self._ask)
        self.agenda.at(self._office_hours(self.finish), self._conclude)

    def _office_hours(self, instant: datetime) -> datetime:
        moved = self.agenda.axis.add(instant, self.random.randrange(5, 180))
        return moved + timedelta(seconds=self.random.randrange(60))

    def _words(self, kind: seasons.PhraseKind) -> str:
        return self.random.choice(seasons.phrases(kind))

    def _acknowledge(self, now: datetime) -> None:
        with acting(now):
            tasks.acknowledge(self.cast.liaison, task_id=self.task_id)

    def _send_back(self, now: datetime) -> None:
        with acting(now):
            tasks.send_back(self.cast.liaison, task_id=self.task_id, reason=self._words("send_back"))
        self.agenda.after(now, self.random.uniform(2, 12), self._forward)

    def _forward(self, now: datetime) -> None:
        unit_id, liaison = self.elsewhere
        with acting(now):
            words = self._words("forward")
            tasks.forward(self.cast.assigner, task_id=self.task_id, to_id=unit_id, reason=words)
            self.cast = replace(self.cast, liaison=liaison)
            self.agenda.after(now, self.random.uniform(2, 10), self._acknowledge)

    def _report(self, n: int) -> Step:
        def step(now: datetime) -> None:
            percent = min(95, round(100 * n / (self.reports + 1)) + self.random.randrange(-12, 10))
            kind: seasons.PhraseKind = "progress_start" if n == 1 else "progress_middle"
            if not self.punctual and n == self.reports:
                kind, percent = "progress_stuck", max(10, percent - 25)
            self.done = max(self.done, percent)
            with acting(now):
                tasks.report(
                    self.cast.liaison, task_id=self.task_id, progress=self.done, text=self._words(kind)
                )

        return step

    def _ask(self, now: datetime) -> None:
        longer = self.agenda.axis.end_of_day(
            (self.due + timedelta(days=self.random.choice((7, 10, 15)))).date()
        )
        extension = 0
        with acting(now):
            extension = tasks.ask_extension(
                self.cast.liaison, task_id=self.task_id, due_at=longer, reason=self._words("extension")
            )
        granted = self.random.random() < 0.6

        def decide(later: datetime) -> None:
            note = "情况属实，同意。" if granted else "请倒排工期，按原时限完成。"
            with acting(later):
                tasks.decide_extension(
                    self.cast.assigner,
                    task_id=self.task_id,
                    extension_id=extension,
                    approve=granted,
                    note=note,
                )

        self.agenda.after(now, self.random.uniform(2, 10), decide)

    def _conclude(self, now: datetime) -> None:
        with acting(now):
            tasks.conclude(self.cast.liaison, task_id=self.task_id, text=self._words("progress_done"))
        self.agenda.after(now, self.random.uniform(3, 20), self._verify)

    def _verify(self, now: datetime) -> None:
        accept = not self.returned
        note = self._words("verify_pass" if accept else "verify_fail")
        with acting(now):
            tasks.verify(self.cast.verifier, task_id=self.task_id, accept=accept, note=note)
        if accept:
            self.agenda.after(now, self.random.uniform(1, 14), self._close)
        else:
            self.returned = False
            self.agenda.after(now, self.random.uniform(10, 40), self._conclude)

    def _close(self, now: datetime) -> None:
        with acting(now):
            tasks.close_out(self.cast.verifier, task_id=self.task_id)
