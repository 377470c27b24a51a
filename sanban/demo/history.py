"""What the simulated office does over the months: policies read and dispatched, tasks assigned, the clock's looks."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.ledger.errors import Refused
from sanban.base.notify import actions as messages
from sanban.decide.policy import actions as policies
from sanban.decide.policy.queries import measures_of
from sanban.demo import quarrels, secrets, vigilance
from sanban.demo.agenda import Agenda, Step
from sanban.demo.answers import Answers
from sanban.demo.life import Cast, Life, acting
from sanban.demo.settle import Province
from sanban.demo.world import seasons
from sanban.demo.world.people import CAST, liaison_of, receiver_of
from sanban.demo.world.policies import POLICIES, PolicyData
from sanban.demo.world.units import BY_CODE
from sanban.execute.task import actions as tasks
from sanban.execute.task import ticking
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.queries import TaskFilter, task_list
from sanban.study.assistant import adopt, dispatch
from sanban.supervise.chase import steps as slips

LOOK_HOURS = 12
UNREAD = timedelta(days=3)
"""What the inboxes of the demo hold unread."""
CITY_LED = 0.45
"""Share of the matters of single counties that their city leads."""
TERMS = (10, 15, 20, 30, 45, 60, 90)


class History:
    """Plans everything that begins from outside; lives follow by themselves."""

    def __init__(self, *, agenda: Agenda, province: Province, random: Random, share: int) -> None:
        self.agenda, self.province, self.random, self.share = agenda, province, random, share
        self.titles = self._titles()
        self.codes = {unit_id: code for code, unit_id in province.units.items()}
        self.answers = Answers(
            agenda=agenda, random=random, supervisor=self._actor("supervisor"), signer=self._actor("signer"),
            liaisons={unit_id: province.actors[who.login] for code, unit_id in province.units.items()
                      if (who := receiver_of(code))},
        )  # fmt: skip

    def plan(self) -> None:
        """Months of new tasks, the policies, the clock's looks, disputes, and what the watchers met."""
        for month in seasons.MONTHS:
            for _n in range(month.new_tasks * self.share // 100):
                day = month.first + timedelta(days=self.random.randrange(28))
                self.agenda.at(self._morning(day), self._assign)
        for policy in POLICIES if self.share > 50 else POLICIES[:1]:
            self.agenda.at(self._morning(policy.signed_on + timedelta(days=2)), self._policy(policy))
        self.agenda.at(clock.now() + timedelta(hours=LOOK_HOURS), self._look)
        self.agenda.at(self.agenda.end - UNREAD, self._read)
        quarrels.plan(self.agenda, self.province)
        secrets.plan(self.agenda, self.province)
        vigilance.plan(self.agenda, self.province)

    def _read(self, now: datetime) -> None:
        """Everybody has read what came until the day before yesterday."""
        with acting(now):
            for actor in self.province.actors.values():
                messages.read_all(actor)

    def look(self, now: datetime) -> None:
        """The clock's work of this instant."""
        ticking.tick_all(SYSTEM)
        slips.tick_all(SYSTEM)

    def _look(self, now: datetime) -> None:
        clock.set_frozen(now)
        self.look(now)
        self.answers.look(now)
        self.agenda.at(now + timedelta(hours=LOOK_HOURS), self._look)

    def _titles(self) -> list[seasons.TitleData]:
        made = list(seasons.TITLES)
        self.random.shuffle(made)
        return [*reversed(list(seasons.local_titles())), *made]

    def _morning(self, day: date) -> datetime:
        start = datetime.combine(day, time(8, 40), clock.SHANGHAI)
        return self.agenda.axis.add(start, self.random.randrange(10, 380)) + timedelta(
            seconds=self.random.randrange(60)
        )

    def _actor(self, part: str) -> Actor:
        return self.province.actors[CAST[part]]

    def _cast(self, code: str, assigner: Actor) -> Cast:
        liaison = self.province.actors[liaison_of(code).login]
        return Cast(assigner=assigner, liaison=liaison, verifier=self._actor("supervisor"))

    def _assign(self, now: datetime) -> None:
        title = self._title()
        due = self.agenda.axis.end_of_day((now + timedelta(days=self.random.choice(TERMS))).date())
        others = [code for code in seasons.HABITS if code != title.unit and code in BY_CODE]
        partners = self.random.sample(others, self.random.choice((0, 0, 1, 2)))
        assigner = self._actor("dispatcher")
        with acting(now):
            (task_id,) = tasks.assign_many(
                assigner,
                drafts=[
                    TaskDraft(
                        title=title.title,
                        lead_id=self.province.units[title.unit],
                        partners=tuple(self.province.units[code] for code in partners),
                        due_at=due,
                        acceptance="提交书面报告并附佐证材料，经督查办核验。",
                        urgency=int(self.random.random() < 0.06),
                    )
                ],
            )
        self._live(task_id, title.unit, now, due, assigner)

    def _title(self) -> seasons.TitleData:
        """The next matter; every other one of a county is led by its city instead of the department."""
        title = self.titles.pop()
        city = BY_CODE[title.place].parent if title.place else ""
        if city in seasons.HABITS and self.random.random() < CITY_LED:
            return replace(title, unit=city)
        return title

    def _live(self, task_id: int, code: str, now: datetime, due: datetime, assigner: Actor) -> None:
        Life(
            agenda=self.agenda, random=self.random, task_id=task_id, cast=self._cast(code, assigner), unit=code,
            start=now, due=due, elsewhere=self._elsewhere(code),
        ).begin()  # fmt: skip

    def _elsewhere(self, code: str) -> tuple[int, Actor]:
        """A unit of the same kind that might lead instead, and who receives its tasks."""
        kind = code.partition("-")[0]
        others = [other for other in seasons.HABITS if other.startswith(kind) and other != code]
        chosen = self.random.choice(others or sorted(seasons.HABITS))
        return self.province.units[chosen], self.province.actors[liaison_of(chosen).login]

    def _policy(self, paper: PolicyData) -> Step:
        def step(now: datetime) -> None:
            actor = self._actor("dispatcher")
            with acting(now):
                policy_id = adopt.adopt_text(actor, text=paper.text(), name=f"{paper.title}.txt", level=1)
                rows = measures_of(actor=actor, policy_id=policy_id)
                ready = [
                    row for row in rows if row.lead_id and row.due_on and row.due_on > clock.local(now).date()
                ]
                policies.confirm_measures(
                    actor=actor, policy_id=policy_id, measure_ids=[row.pk for row in ready]
                )
                try:
                    dispatch.dispatch(actor, policy_id=policy_id, measure_ids=[row.pk for row in ready])
                except Refused:
                    return
            page = task_list(actor=actor, filter=TaskFilter(policy=policy_id), size=100)
            for task in page.rows:
                if self.codes[task.lead_id] in BY_CODE:
                    self._live(task.pk, self.codes[task.lead_id], now, task.due_at, actor)

        return step
