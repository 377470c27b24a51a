"""Three disputes of the demo province: one ruled on in six working days, one without an arbiter, one to be answered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sanban.base import clock
from sanban.decide.dispute import actions as disputes
from sanban.decide.dispute.drafts import DutyLine
from sanban.demo.agenda import Agenda
from sanban.demo.scene import Scene
from sanban.demo.settle import Province
from sanban.demo.world.people import CAST, liaison_of
from sanban.execute.task.queries import TaskFilter, task_list


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarrel:
    """Who is at odds with whom, how many working days before the end of the history, and over what."""

    days_ago: int
    claimant: str
    respondent: str
    question: str
    claim: str
    asks: str
    ground: str
    answer: str = ""


DATA = Quarrel(
    days_ago=28, claimant="dept-science", respondent="dept-data",
    question="联合事项的数据接口由哪家建设和维护",
    claim="事项方案只写明我厅牵头，数据接口依托省级数据平台，平台由省数据局运行，接口理应由其建设和维护。",
    asks="请裁决接口由省数据局建设和维护，我厅提供业务口径。",
    ground="交办时所附工作方案第三条；省级数据平台运行办法。",
    answer="平台只提供通道，业务接口历来由需求单位开发。我局可以提供规范和测试环境，不承担开发经费。",
)  # fmt: skip
CHECKS = Quarrel(
    days_ago=4, claimant="dept-industry", respondent="dept-finance",
    question="配套资金的绩效自评由牵头单位还是资金主管单位组织",
    claim="我厅负责事项推进，资金由省财政厅分配，绩效自评应由资金主管单位组织。",
    asks="请裁决由省财政厅组织自评，我厅配合提供进度和佐证。",
    ground="资金管理办法关于绩效管理的规定；本事项交办单的职责分工。",
    answer="办法所称主管单位是项目主管单位，即牵头单位。我厅负责复核和结果运用。",
)  # fmt: skip
REPORTS = Quarrel(
    days_ago=1, claimant="dept-commerce", respondent="dept-industry",
    question="配合单位是否应当按月报送进度数据",
    claim="我厅牵头的事项需按月汇总，省工业和信息化厅作为配合单位连续两月未报，影响整体进度。",
    asks="请裁决配合单位于每月 25 日前报送进度数据。",
    ground="本事项交办单关于配合单位职责的要求。",
)  # fmt: skip
RULING: dict[str, Any] = {
    "findings": "双方对平台由省数据局运行没有异议。工作方案未写明接口的建设单位；近两年同类接口七个，"
    "其中五个由平台运行单位按统一规范建设，业务口径由牵头单位提供。",
    "grounds": "省级数据平台运行办法关于统一规范、统一接入的要求；同类事项的既有做法。",
    "decision": "一、接口由省数据局按统一规范建设和维护。二、业务口径、字段说明由省科学技术厅在五个工作日内提供。"
    "三、联调由双方共同完成，结果抄送综合办。",
}


def plan(agenda: Agenda, province: Province) -> None:
    """Put the three cases on the agenda, counted back from the end of the history."""
    scene = _Cases(agenda, province)
    ruled = scene.open(DATA)
    scene.after(DATA, 1, lambda: scene.name(ruled))
    scene.after(DATA, 2, lambda: scene.answer(DATA, ruled))
    scene.after(DATA, 3, lambda: scene.mediate(ruled))
    scene.after(DATA, 6, lambda: scene.rule(ruled))
    waits = scene.open(CHECKS)
    scene.after(CHECKS, 2, lambda: scene.answer(CHECKS, waits))
    scene.open(REPORTS)


class _Cases(Scene):
    """The steps of the cases; what `open` gives holds a case when it is open."""

    def after(self, quarrel: Quarrel, days: float, act: Callable[[], object]) -> None:
        """Plan a step so many working days after the opening."""
        self.at(quarrel.days_ago - days, act)

    def open(self, quarrel: Quarrel) -> list[int]:
        """Plan the opening on the first open task that the claimant leads; the case stands in the list then."""
        made: list[int] = []

        def act() -> None:
            actor = self.actor(liaison_of(quarrel.claimant).login)
            lead = self.province.units[quarrel.claimant]
            page = task_list(actor=actor, filter=TaskFilter(lead=lead, open_only=True), size=1)
            for task in page.rows:
                made.append(
                    disputes.open_dispute(
                        actor, stream="task", object_id=task.pk,
                        respondent_id=self.province.units[quarrel.respondent], question=quarrel.question,
                        claim=quarrel.claim, asks=quarrel.asks, ground=quarrel.ground,
                    )
                )  # fmt: skip

        self.at(quarrel.days_ago, act)
        return made

    def name(self, made: list[int]) -> None:
        """The dispatcher names the researcher."""
        arbiter = self.actor(CAST["researcher"])
        for key in made:
            disputes.name_arbiter(
                self.actor(CAST["dispatcher"]), dispute_id=key, person_id=arbiter.person_id or 0
            )

    def answer(self, quarrel: Quarrel, made: list[int]) -> None:
        """The other party answers."""
        actor = self.actor(liaison_of(quarrel.respondent).login)
        for key in made:
            disputes.answer(actor, dispute_id=key, text=quarrel.answer)

    def mediate(self, made: list[int]) -> None:
        """The arbiter brings the parties together once."""
        text = "召集双方当面会商，对业务口径的提供时间达成一致，对建设经费未达成一致。"
        for key in made:
            disputes.note_mediation(self.actor(CAST["researcher"]), dispute_id=key, text=text)

    def rule(self, made: list[int]) -> None:
        """The arbiter rules, with duties for both."""
        first: date = clock.today() + timedelta(days=7)
        units = self.province.units
        lines = [
            DutyLine(unit_id=units["dept-data"], role="R", matter="数据接口建设和维护", since=first),
            DutyLine(unit_id=units["general-office"], role="A", matter="数据接口建设和维护", since=first),
            DutyLine(unit_id=units["dept-science"], role="C", matter="提供业务口径和字段说明", since=first),
        ]
        for key in made:
            disputes.rule(self.actor(CAST["researcher"]), dispute_id=key, duties=lines, **RULING)
