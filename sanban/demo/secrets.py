"""The work secrets of the demo province: labelled with a reason, known to named persons, one waiting to be lowered."""

from datetime import timedelta

from sanban.base import clock
from sanban.base.label import actions as labels
from sanban.base.label import rules
from sanban.demo.agenda import Agenda
from sanban.demo.scene import Scene
from sanban.demo.settle import Province
from sanban.demo.world.people import CAST
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft

OFFICE = "research-office"
LIAISON, NAMED, OTHER = "mengweiye", "haozhaoye", "moyuejin"
"""Who takes it in, and who is named for it."""


def plan(agenda: Agenda, province: Province) -> None:
    """Put the secrets on the agenda."""
    scene = _Secrets(agenda, province)
    reform = scene.assign(14, "省直机构改革方案（未公开稿）论证", "论证意见一份，附利弊比较。", 45)
    scene.label(13.8, reform, "涉及未公布的机构和编制调整，提前泄露会影响队伍稳定。", ("important",))
    scene.name(13, reform, NAMED, "承担方案比较部分")
    scene.name(13, reform, OTHER, "承担数据测算部分")
    prices = scene.assign(11, "居民用水阶梯价格调整预案测算", "测算表和影响分析各一份。", 30)
    scene.label(10.5, prices, "价格调整未经听证，提前公开会引起市场波动。", ())
    scene.lower(0.6, prices, "听证会公告已经发布，预案内容已可在内部使用。")


class _Secrets(Scene):
    """Matters that the General Office gives the research office."""

    def assign(self, days_ago: float, title: str, acceptance: str, days: int) -> list[int]:
        """A work secret, taken in on the same day."""
        made: list[int] = []

        def act() -> None:
            draft = TaskDraft(
                title=title, lead_id=self.province.units[OFFICE], due_at=clock.now() + timedelta(days=days),
                acceptance=acceptance, level=2,
            )  # fmt: skip
            made.extend(tasks.assign_many(self.actor(CAST["dispatcher"]), drafts=[draft]))
            tasks.acknowledge(self.actor(LIAISON), task_id=made[0])

        self.at(days_ago, act)
        return made

    def label(self, days_ago: float, made: list[int], reason: str, flags: tuple[str, ...]) -> None:
        """Why it is secret, and when it is looked at again."""
        self.at(
            days_ago,
            lambda: labels.set_label(
                self.actor(CAST["dispatcher"]), stream="task", object_id=made[0], level=2, reason=reason,
                review_on=rules.today() + timedelta(days=180), flags=flags,
            ),
        )  # fmt: skip

    def name(self, days_ago: float, made: list[int], login: str, reason: str) -> None:
        """Who is to know it, for two months."""
        self.at(
            days_ago,
            lambda: tasks.name_member(
                self.actor(LIAISON), task_id=made[0], person_id=self.actor(login).person_id or 0,
                until=clock.now() + timedelta(days=60), reason=reason,
            ),
        )  # fmt: skip

    def lower(self, days_ago: float, made: list[int], reason: str) -> None:
        """The first of two signatures; a leader's is awaited."""
        self.at(
            days_ago,
            lambda: labels.ask_lowering(
                self.actor(CAST["dispatcher"]), stream="task", object_id=made[0], level=1, reason=reason,
                review_on=rules.today() + timedelta(days=365),
            ),
        )  # fmt: skip
