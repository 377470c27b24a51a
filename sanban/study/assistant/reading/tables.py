"""Task tables: rows whose cells are parted by tabs or upright strokes (序号, 任务, 牵头单位, 配合单位, 完成时限)."""

import re
from dataclasses import dataclass
from typing import Final

from .dates import read_times
from .duties import named_units
from .facts import Context
from .grounding import state, state_name
from .headings import Line
from .model import Fact, Measure, UnitRole
from .targets import read_targets

_COLUMNS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("lead", re.compile(r"牵头|主办")),
    ("coop", re.compile(r"配合|协办|参与|协助")),
    ("deadline", re.compile(r"时限|时间|期限|进度")),
    ("resp", re.compile(r"(?:责任|负责|承办|实施|落实)(?:单位|部门|主体|处室|科室)|分工")),
    ("person", re.compile(r"责任人|领导")),
    ("ordinal", re.compile(r"^(?:序号|编号|号)$")),
    ("task", re.compile(r"任务|事项|措施|内容|项目|举措|工作")),
)
_PARTING: Final = re.compile(r"\t|\|")


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    end: int


def read_table(context: Context, lines: list[Line], start: int) -> tuple[list[Measure], set[int]]:
    """The rows of every task table among the lines, and the starts of the lines they took."""
    measures: list[Measure] = []
    taken: set[int] = set()
    columns: list[str] = []
    for line in lines:
        cells = _cells(context.text, line)
        if len(cells) < 3:
            columns = []
            continue
        header = _columns(context.view, cells)
        if header:
            columns = header
            taken.add(line.start)
        elif columns and len(cells) <= len(columns):
            taken.add(line.start)
            measures.append(
                _row(context, line, cells, columns[len(columns) - len(cells) :], len(measures) + 1)
            )
    return measures, taken


def _cells(text: str, line: Line) -> list[_Cell]:
    if "\t" not in text[line.start : line.end] and "|" not in text[line.start : line.end]:
        return []
    cells: list[_Cell] = []
    position = line.start
    for match in [*_PARTING.finditer(text, line.start, line.end), None]:
        stop = match.start() if match else line.end
        if stop > position or len(cells) > 0:
            cells.append(_Cell(position, stop))
        position = match.end() if match else stop
    return cells


def _columns(view: str, cells: list[_Cell]) -> list[str]:
    """The meaning of each column, when the row is a heading row with a task and a doer among its cells."""
    kinds: list[str] = []
    for cell in cells:
        words = re.sub(r"\s", "", view[cell.start : cell.end])
        kind = next((name for name, pattern in _COLUMNS if len(words) <= 12 and pattern.search(words)), "")
        kinds.append(kind)
    doers = {"lead", "coop", "resp"} & set(kinds)
    return kinds if "task" in kinds and doers else []


def _row(context: Context, line: Line, cells: list[_Cell], columns: list[str], ordinal: int) -> Measure:
    facts: list[Fact] = []
    begin = line.start
    for cell, kind in zip(cells, columns, strict=True):
        if kind in ("lead", "coop", "resp"):
            role: UnitRole = "lead" if kind == "lead" else "coop" if kind == "coop" else "resp"
            facts.extend(
                state_name(context.text, doer.role, doer.start, doer.end, rule=f"table.{doer.role}")
                for doer in named_units(context.masked, cell.start, cell.end, context.register, role)
            )
        elif kind == "deadline":
            facts.extend(
                state(
                    context.text,
                    "deadline",
                    due.value,
                    due.start,
                    due.end,
                    rule=due.rule,
                    confidence=due.confidence,
                )
                for due in read_times(context.view, cell.start, cell.end, context.issue, slot=True)
            )
        elif kind == "task":
            begin = cell.start if begin == line.start else begin
            facts.extend(
                state(context.text, "target", aim.target, aim.start, aim.end, rule="target.figure")
                for aim in read_targets(context.view, cell.start, cell.end)
            )
    while begin < line.end and context.text[begin].isspace():
        begin += 1
    return Measure(f"表/{ordinal}", context.text[begin : line.end], begin, line.end, tuple(facts))
