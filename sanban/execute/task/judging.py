"""Judging a task list row by row, then as a tree."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.axis import Axis
from sanban.base.calendar.queries import current_axis
from sanban.execute.task import queries, reading
from sanban.execute.task.days import read_day
from sanban.execute.task.importing import HEADINGS, Plan, Questions, Table, Verdict
from sanban.execute.task.naming import Directory, bare, directory, split
from sanban.execute.task.sheets import SheetRow, letters
from sanban.execute.task.trees import link
from sanban.execute.task.words import LEVEL_BY_WORD, URGENCY_BY_WORD

TITLE_LENGTH: Final = 200
_ODD: Final = {
    "formula": _lazy("“%(column)s”（%(cell)s 格）是公式，请复制后“选择性粘贴为数值”。"),
    "error": _lazy("“%(column)s”（%(cell)s 格）是错误值，请改正公式或直接填写。"),
    "merged": _lazy("“%(column)s”（%(cell)s 格）是合并单元格，请取消合并并逐行填写。"),
}


def plan(actor: Actor, table: Table, answers: Mapping[str, str]) -> Plan:
    """The dry run: judge every row, link parts to wholes, and put the questions together."""
    judge = _judge(actor, table, answers)
    verdicts = [judge.row(row) for row in table.rows]
    _twins(judge, verdicts)
    ordered = link(actor, verdicts, has_keys="key" in table.columns)
    return Plan(verdicts, list(judge.open.asked.values()), table.notes, ordered)


def _judge(actor: Actor, table: Table, answers: Mapping[str, str]) -> "_Judge":
    def texts(name: str) -> set[str]:
        column = table.columns.get(name)
        return (
            set() if column is None else {str(row.cells[column]) for row in table.rows if column in row.cells}
        )

    names = {bare(text) for text in texts("owner")}
    return _Judge(
        actor=actor, columns=table.columns, open=Questions(answers), units=directory(actor), axis=current_axis(actor),
        people=queries.people_by_name(actor=actor, names=names) if names else {},
        standing=reading.open_namesakes(actor=actor, titles=texts("title")), today=clock.local(clock.now()).date(),
    )  # fmt: skip


@dataclass(slots=True)
class _Judge:
    """What all rows are held against, fetched once, and the questions met on the way."""

    actor: Actor
    columns: Mapping[str, int]
    open: Questions
    units: Directory
    axis: Axis
    people: Mapping[str, list[queries.Officer]]
    standing: Mapping[tuple[str, int], str]
    today: date

    def row(self, row: SheetRow) -> Verdict:
        """One row by itself."""
        made = Verdict(row.number)
        for name, column in self.columns.items():
            if (odd := row.marks.get(column)) is not None:
                made.blame(
                    name,
                    str(_ODD[odd]) % {"column": HEADINGS[name][0], "cell": f"{letters(column)}{row.number}"},
                )
        made.key, made.parent = bare(self._text(row, "key")), bare(self._text(row, "parent"))
        made.detail, made.acceptance = self._text(row, "detail"), self._text(row, "acceptance")
        self._title(row, made)
        self._lead(row, made)
        self._partners(row, made)
        self._due(row, made)
        self._owner(row, made)
        made.level = self._word(row, made, "level", LEVEL_BY_WORD, 1)
        made.urgency = self._word(row, made, "urgency", URGENCY_BY_WORD, 0)
        if made.level > self.actor.clearance:
            made.blame("level", _("高于您本人的知悉范围，请改为较低的密级，或由有权限的人员导入。"))
        if row.hidden:
            self.open.ask(made, "hidden", "", _("表中隐藏的行是否导入？"), [("yes", _("一并导入"))])
        return made

    def _text(self, row: SheetRow, name: str) -> str:
        column = self.columns.get(name)
        value = "" if column is None else row.cells.get(column, "")
        return str(value).strip()

    def _title(self, row: SheetRow, made: Verdict) -> None:
        made.title = re.sub(r"\s+", " ", self._text(row, "title"))
        if not made.title:
            made.blame("title", _("没有填写，请补上事项名称。"))
        elif len(made.title) > TITLE_LENGTH:
            made.blame(
                "title", _("有 %(n)d 字，最长 200 字，请缩短，细节写入“内容”。") % {"n": len(made.title)}
            )

    def _lead(self, row: SheetRow, made: Verdict) -> None:
        text = self._text(row, "lead")
        if not text:
            return made.blame("lead", _("没有填写，请写一个牵头单位。"))
        members = self.units.members(text)
        if not members or self.units.units(text):
            if len(split(text)) > 1 and not self.units.units(text):
                return made.blame("lead", _("牵头单位只能有一个，其余请移到“配合单位”。"))
            made.lead_id = self._unit(made, "lead", text)
            return None
        made.members = members
        made.remarks.append(
            _("“%(text)s”共 %(n)d 个单位：由%(own)s总牵头，各单位一件子项")
            % {"text": text, "n": len(members), "own": self.actor.unit_name}
        )
        return None

    def _partners(self, row: SheetRow, made: Verdict) -> None:
        found: list[int] = []
        for text in split(self._text(row, "partners")):
            members = () if self.units.units(text) else self.units.members(text)
            unit = None if members else self._unit(made, "partners", text)
            found += members if unit is None else (unit,)
        made.partners = tuple(dict.fromkeys(unit for unit in found if unit != made.lead_id))

    def _unit(self, made: Verdict, column: str, text: str) -> int | None:
        exact = self.units.units(text)
        if len(exact) == 1:
            return next(iter(exact))
        near = sorted(exact) or self.units.candidates(text)
        if not near:
            made.blame(column, _("单位名录里没有“%(text)s”，请写全称或简称。") % {"text": text[:40]})
            return None
        options = [(str(unit), self.units.full[unit]) for unit in near]
        answer = self.open.ask(
            made, "unit", bare(text), _("“%(text)s”指的是哪个单位？") % {"text": text[:40]}, options
        )
        return int(answer) if answer else None

    def _due(self, row: SheetRow, made: Verdict) -> None:
        value = row.cells.get(self.columns["due"], "")
        if value == "":
            return made.blame("due", _("没有填写，请写明日期。"))
        reading = read_day(value, self.today)
        if reading.fault:
            return made.blame("due", reading.fault)
        day = reading.day
        if day is None and reading.asked is not None:
            words = _("时限“%(text)s”没有年份，而今年的这一天已过。是指哪一天？") % {"text": value}
            options = [(reading.asked.isoformat(), reading.asked.isoformat())]
            answer = self.open.ask(made, "day", str(value), words, options)
            day = date.fromisoformat(answer) if answer else None
        if day is None:
            return None
        made.due_at = self.axis.end_of_day(day)
        made.remarks += [reading.remark] if reading.remark else []
        if day < self.today or made.due_at <= clock.now():
            made.blame("due", _("%(day)s 已经过去，请改为今后的日期。") % {"day": day.isoformat()})
        elif not self.axis.covers(made.due_at):
            made.blame(
                "due", _("%(day)s 超出已发布的工作日历，请选择更早的日期。") % {"day": day.isoformat()}
            )
        elif not self.axis.is_working_day(day):
            made.remarks.append(_("%(day)s 不是工作日") % {"day": day.isoformat()})
        return None

    def _owner(self, row: SheetRow, made: Verdict) -> None:
        text = bare(self._text(row, "owner"))
        if not text:
            return
        if made.members:
            made.blame("owner", _("牵头为一类单位时不能指定责任人，请留空。"))
        if made.lead_id is None:
            return
        fitting = [one for one in self.people.get(text, []) if made.lead_id in one.above]
        if len(fitting) == 1:
            made.owner_id = fitting[0].id
        elif fitting:
            unit = self.units.full[made.lead_id]
            words = _("%(unit)s有 %(n)d 位“%(name)s”，是哪一位？") % {
                "unit": unit,
                "n": len(fitting),
                "name": text,
            }
            options = [(str(one.id), one.label) for one in fitting]
            answer = self.open.ask(made, "owner", f"{made.lead_id}:{text}", words, options)
            made.owner_id = int(answer) if answer else None
        else:
            words = _("“%(name)s”不是%(unit)s的在岗人员，请核对姓名或留空。")
            made.blame("owner", words % {"name": text[:20], "unit": self.units.full[made.lead_id]})

    def _word(self, row: SheetRow, made: Verdict, name: str, words: Mapping[str, int], default: int) -> int:
        text = unicodedata.normalize("NFKC", self._text(row, name))
        if text and text not in words:
            known = "、".join(words)
            made.blame(
                name, _("“%(text)s”不认识，可填：%(known)s；或留空。") % {"text": text[:20], "known": known}
            )
        return words.get(text, default)


def _twins(judge: _Judge, verdicts: Sequence[Verdict]) -> None:
    """Ask once about rows that repeat each other, and once about rows that stand in the register already."""
    seen: dict[tuple[str, int | None, object, str], int] = {}
    for made in verdicts:
        if not made.title or made.lead_id is None or made.faults:
            continue
        number = judge.standing.get((made.title, made.lead_id))
        if number:
            words = _("台账里已有同名、同一牵头单位的在办事项（例如 %(number)s）。仍要再交办吗？") % {
                "number": number
            }
            judge.open.ask(made, "standing", "", words, [("yes", _("仍然导入"))])
        place = (made.title, made.lead_id, made.due_at, made.parent)
        if seen.setdefault(place, made.number) != made.number:
            words = _("表内有名称、牵头单位和时限都相同的行（例如第 %(row)d 行）。重复的行也导入吗？")
            judge.open.ask(made, "twin", "", words % {"row": seen[place]}, [("yes", _("重复的也导入"))])
