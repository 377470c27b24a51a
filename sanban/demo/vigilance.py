"""What the watchers of the demo province had to do: two interceptions, and two emergency readings."""

from sanban.base.access.actor import SYSTEM
from sanban.base.glass import actions as glass
from sanban.base.watch import actions as watch
from sanban.base.watch.numbers import REFUSALS
from sanban.demo.agenda import Agenda
from sanban.demo.scene import Scene
from sanban.demo.settle import Province
from sanban.demo.world.people import CAST, liaison_of
from sanban.execute.task.queries import TaskFilter, task_list

TRIES = 5
ASKED_BY, OTHER = "dept-finance", "dept-industry"


def plan(agenda: Agenda, province: Province) -> None:
    """Put the episodes on the agenda."""
    scene = _Watch(agenda, province)
    looked = scene.tries(9, liaison_of("dept-commerce").login)
    scene.at(7.5, lambda: scene.close(looked, "逐条核对，五次都是点开了外单位转来的旧链接，已提醒本人。"))
    scene.tries(0.8, liaison_of("dept-science").login)
    opened = scene.ask(12, "省界断面水质突变，须当夜核对上游整改事项的完成情况。")
    scene.at(11.95, lambda: scene.open(opened, "情况属实，同意。"))
    scene.at(10, lambda: scene.review(opened, "值班记录与处置时间相符，只打开了这一件。"))
    scene.ask(0.1, "暴雨红色预警，须立即核对外单位排涝事项的责任人。")


class _Watch(Scene):
    """Refusals that add up, and readings that two people open."""

    def _foreign(self) -> str:
        """The address of an open matter of another department."""
        page = task_list(
            actor=SYSTEM, filter=TaskFilter(lead=self.province.units[OTHER], open_only=True), size=1
        )
        return f"/tasks/{page.rows[0].number}/" if page.rows else "/tasks/"

    def tries(self, days_ago: float, login: str) -> list[int]:
        """A person opens what is not his again and again, is intercepted, and proves who he is."""
        made: list[int] = []

        def act() -> None:
            actor = self.actor(login)
            for _n in range(TRIES):
                watch.note_refused_read(actor, page="task:detail", reason="该事项不由本单位承办。")
            words = f"10 分钟内被拒绝 {TRIES} 次。"
            person = actor.person_id or 0
            made.append(watch.open_case(SYSTEM, rule=REFUSALS, person_id=person, words=words))
            watch.prove_identity(self.actor(login), method="口令")

        self.at(days_ago, act)
        return made

    def close(self, made: list[int], finding: str) -> None:
        """The auditor's finding."""
        for key in made:
            watch.close_case(self.actor(CAST["auditor"]), case_id=key, finding=finding)

    def ask(self, days_ago: float, reason: str) -> list[int]:
        """Somebody must read what another department answers for."""
        made: list[int] = []
        self.at(
            days_ago,
            lambda: made.append(
                glass.ask(self.actor(liaison_of(ASKED_BY).login), address=self._foreign(), reason=reason)
            ),
        )
        return made

    def open(self, made: list[int], note: str) -> None:
        """The security administrator is the second person."""
        for key in made:
            glass.open_sight(self.actor(CAST["security"]), sight_id=key, note=note)

    def review(self, made: list[int], finding: str) -> None:
        """The auditor judges afterwards."""
        for key in made:
            glass.review(self.actor(CAST["auditor"]), sight_id=key, justified=True, finding=finding)
