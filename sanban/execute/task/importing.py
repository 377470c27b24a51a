"""The dry run of a task list: a verdict for every row, questions where a row may mean two things, drafts at the end.

Nothing here writes. The same function judges the list before and after the person has answered, so what is confirmed
is what was shown.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.naming import bare
from sanban.execute.task.sheets import SheetRefused, SheetRow

SKIP: Final = "skip"
"""The answer that leaves the rows of a question out."""
HEADINGS: Final = {
    "key": ("序号", "编号"),
    "parent": ("上级序号", "上级编号", "上级", "上级事项", "所属事项"),
    "title": ("事项名称", "事项", "任务名称", "任务", "名称", "工作任务"),
    "lead": ("牵头单位", "牵头", "责任单位", "牵头部门"),
    "partners": ("配合单位", "配合", "协办单位", "参与单位"),
    "due": ("完成时限", "时限", "截止日期", "完成时间", "办结时限"),
    "owner": ("责任人", "负责人", "承办人"),
    "detail": ("内容", "任务内容", "工作内容", "说明", "具体内容"),
    "acceptance": ("验收标准", "完成标志", "成果形式", "完成标准"),
    "level": ("密级",),
    "urgency": ("紧急程度", "缓急"),
}
REQUIRED: Final = ("title", "lead", "due")
_HEADER_ROWS = 10
_OF_HEADING = {name: field for field, names in HEADINGS.items() for name in names}
_DRESSING = re.compile(r"[(（【\[].*?[)）】\]]|[*＊:：]")


@dataclass(slots=True)
class Question:
    """What the list leaves open, asked once for all rows it touches."""

    key: str
    words: str
    options: list[tuple[str, str]]
    rows: list[int] = field(default_factory=list)
    answer: str = ""


@dataclass(slots=True)
class Verdict:
    """One row as understood; `faults` name the column and how to mend it, `waits` the open questions."""

    number: int
    key: str = ""
    parent: str = ""
    title: str = ""
    lead_id: int | None = None
    members: tuple[int, ...] = ()
    partners: tuple[int, ...] = ()
    due_at: datetime | None = None
    owner_id: int | None = None
    detail: str = ""
    acceptance: str = ""
    level: int = 1
    urgency: int = 0
    above: "Verdict | None" = None
    parent_id: int | None = None
    faults: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    waits: set[str] = field(default_factory=set)
    left_out: bool = False

    @property
    def state(self) -> str:
        """good 好, bad 需改, doubt 疑问, out 不导入."""
        if self.left_out:
            return "out"
        return "bad" if self.faults else "doubt" if self.waits else "good"

    def blame(self, column: str, words: str) -> None:
        """Note what is wrong in which column."""
        self.faults.append((str(HEADINGS[column][0]), words))


@dataclass(slots=True)
class Questions:
    """The questions met so far, and the answers given to them."""

    answers: Mapping[str, str]
    asked: dict[str, Question] = field(default_factory=dict)

    def ask(self, made: Verdict, kind: str, about: str, words: str, options: list[tuple[str, str]]) -> str:
        """The answer to a question, or nothing while it is open; "not imported" takes the row out."""
        key = "q-" + hashlib.sha256(f"{kind}|{about}".encode()).hexdigest()[:12]
        question = self.asked.get(key)
        if question is None:
            choices = [*options, (SKIP, _("这些行不导入"))]
            given = self.answers.get(key, "")
            question = Question(key, words, choices, answer=given if given in dict(choices) else "")
            self.asked[key] = question
        question.rows.append(made.number)
        if question.answer == SKIP:
            made.left_out = True
        elif not question.answer:
            made.waits.add(key)
        return "" if question.answer == SKIP else question.answer


@dataclass(slots=True)
class Table:
    """The rows under the header, and where each column stands."""

    columns: Mapping[str, int]
    rows: Sequence[SheetRow]
    notes: list[str]


@dataclass(slots=True)
class Plan:
    """Everything the page shows of a list, in the order of the sheet, and the drafts of its good rows."""

    verdicts: list[Verdict]
    questions: list[Question]
    notes: list[str]
    ordered: list[Verdict]

    def count(self, state: str) -> int:
        """How many rows have this verdict."""
        return sum(verdict.state == state for verdict in self.verdicts)

    @property
    def settled(self) -> bool:
        """Nothing is in doubt and nothing must be mended."""
        return all(verdict.state in ("good", "out") for verdict in self.verdicts)

    def drafts(self, actor: Actor, names: Mapping[int, str]) -> list[TaskDraft]:
        """The good rows, a whole before its parts. A class of units becomes a whole with a part for each unit."""
        made: list[TaskDraft] = []
        for verdict in self.ordered:
            if verdict.state == "good":
                made += _drafts(verdict, actor, names)
        return made


def _drafts(verdict: Verdict, actor: Actor, names: Mapping[int, str]) -> list[TaskDraft]:
    if verdict.due_at is None:
        return []
    lead = verdict.lead_id if verdict.lead_id is not None else actor.unit_id or verdict.members[0]
    whole = TaskDraft(
        title=verdict.title, lead_id=lead, due_at=verdict.due_at, detail=verdict.detail,
        acceptance=verdict.acceptance, level=verdict.level, urgency=verdict.urgency, owner_id=verdict.owner_id,
        partners=verdict.partners, parent_id=verdict.parent_id, key=f"r{verdict.number}",
        parent_key=f"r{verdict.above.number}" if verdict.above else "",
    )  # fmt: skip
    parts = [
        TaskDraft(
            title=f"{verdict.title[:150]}（{names[unit]}）"[:200], lead_id=unit, due_at=verdict.due_at,
            detail=verdict.detail, acceptance=verdict.acceptance, level=verdict.level, urgency=verdict.urgency,
            parent_key=whole.key,
        )
        for unit in verdict.members
    ]  # fmt: skip
    return [whole, *parts]


def table(rows: Sequence[SheetRow]) -> Table:
    """Find the header among the first rows; a table without the needed columns is refused with what is missing."""
    best: tuple[int, dict[str, int], list[str]] = (0, {}, [])
    for place, row in enumerate(rows[:_HEADER_ROWS]):
        columns, unknown = _columns(row)
        if len(columns) > len(best[1]):
            best = (place, columns, unknown)
    place, columns, unknown = best
    missing = [HEADINGS[name][0] for name in REQUIRED if name not in columns]
    if missing:
        raise SheetRefused(
            _("前 %(rows)d 行里找不到表头，缺少列：%(names)s。请下载模板，或把表头改成这些名称后再上传。")
            % {"rows": _HEADER_ROWS, "names": "、".join(missing)}
        )
    below = [
        row for row in rows[place + 1 :] if set(columns.values()) & (row.cells.keys() | row.marks.keys())
    ]
    if not below:
        raise SheetRefused(_("表头下面没有任何事项。请填写后再上传。"))
    notes = [_("不认识的列没有读取：%(names)s。") % {"names": "、".join(unknown)}] if unknown else []
    return Table(columns, below, notes)


def _columns(row: SheetRow) -> tuple[dict[str, int], list[str]]:
    found: dict[str, int] = {}
    unknown = []
    for column, value in sorted(row.cells.items()):
        name = _DRESSING.sub("", bare(str(value)))
        meant = _OF_HEADING.get(name)
        if meant is None or meant in found:
            unknown.append(str(value)[:20])
        else:
            found[meant] = column
    return found, unknown
