"""What people do with slips: units answer, signers sign, the supervision office judges the answers."""

from datetime import datetime
from random import Random

from sanban.base.access.actor import Actor
from sanban.demo.agenda import Agenda, Step
from sanban.demo.life import acting
from sanban.demo.world import seasons
from sanban.supervise.chase import actions as slips
from sanban.supervise.chase import queries

ANSWERED, SIGNED, CONTENT = 0.8, 0.85, 0.85
"""Shares of slips that are answered, of proposals that are signed, of answers that are accepted."""


class Answers:
    """Looks after the clock did for slips it has not met, and plans what will be done with each."""

    def __init__(
        self, *, agenda: Agenda, random: Random, supervisor: Actor, signer: Actor, liaisons: dict[int, Actor]
    ) -> None:
        self.agenda, self.random, self.liaisons = agenda, random, liaisons
        self.supervisor, self.signer = supervisor, signer
        self.met = 0

    def look(self, now: datetime) -> None:
        """Plan for every slip opened since the last look."""
        fresh = list(queries.register(actor=self.signer).filter(id__gt=self.met).exclude(rung="remind"))
        for slip in sorted(fresh, key=lambda row: row.pk):
            self.met = slip.pk
            if slip.state == "proposed" and self.random.random() < SIGNED:
                self.agenda.after(now, self.random.uniform(2, 9), self._sign(slip.pk, slip.unit_id))
            elif slip.state == "issued":
                self._answer(now, slip.pk, slip.unit_id)

    def _sign(self, slip_id: int, unit_id: int) -> Step:
        def step(now: datetime) -> None:
            with acting(now):
                slips.sign(self.signer, slip_id=slip_id)
                self._answer(now, slip_id, unit_id)

        return step

    def _answer(self, now: datetime, slip_id: int, unit_id: int) -> None:
        if unit_id in self.liaisons and self.random.random() < ANSWERED:
            self.agenda.after(now, self.random.uniform(1, 6), self._reply(slip_id, unit_id))

    def _reply(self, slip_id: int, unit_id: int) -> Step:
        def step(now: datetime) -> None:
            with acting(now):
                words = self.random.choice(seasons.phrases("progress_late"))
                slips.reply(self.liaisons[unit_id], slip_id=slip_id, text=words)
                self.agenda.after(now, self.random.uniform(1, 8), self._judge(slip_id, unit_id))

        return step

    def _judge(self, slip_id: int, unit_id: int) -> Step:
        def step(now: datetime) -> None:
            with acting(now):
                if self.random.random() < CONTENT:
                    slips.accept_reply(self.supervisor, slip_id=slip_id, note="请按回复的时间节点推进。")
                else:
                    why = "未写明完成时间和责任人，请补充。"
                    slips.reject_reply(self.supervisor, slip_id=slip_id, reason=why)
                    self._answer(now, slip_id, unit_id)

        return step
