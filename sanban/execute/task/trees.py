"""Parts and wholes of a task list: by own number (1, 1.1, 1.1.2), by row, by title, or under a task that stands."""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.execute.task import reading
from sanban.execute.task.importing import Verdict
from sanban.execute.task.models import TaskItem
from sanban.execute.task.recording import day_of
from sanban.execute.task.rules import ASSIGNER_SIDE, LEAD_SIDE, OPEN_STATES

_ROW = re.compile(r"第?(\d+)行")
_DOTTED = re.compile(r"\d+(?:[.-]\d+)+")
_STANDING = re.compile(r"DC-\d{4}-\d{6}", re.I)


def link(actor: Actor, verdicts: Sequence[Verdict], *, has_keys: bool) -> list[Verdict]:
    """Give each part its whole, then judge wholes before parts. Returns that order."""
    by_row = {verdict.number: verdict for verdict in verdicts}
    by_key = _keys(verdicts)
    by_title = _titles(verdicts)
    wanted = {verdict.parent.upper() for verdict in verdicts if _STANDING.fullmatch(verdict.parent)}
    standing = reading.tasks_by_numbers(actor=actor, numbers=wanted) if wanted else {}
    for verdict in verdicts:
        text = verdict.parent
        if not text:
            _by_own_number(verdict, by_key)
        elif text in by_key:
            verdict.above = by_key[text]
        elif _STANDING.fullmatch(text):
            _under_standing(actor, verdict, standing)
        elif (found := _ROW.fullmatch(text)) or (not has_keys and text.isdigit()):
            verdict.above = by_row.get(int(found.group(1) if found else text))
            if verdict.above is None:
                verdict.blame(
                    "parent", _("第 %(row)s 行不是事项，请核对行号。") % {"row": text.strip("第行")}
                )
        elif (named := by_title.get(text)) is not None:
            verdict.above = named
        else:
            verdict.blame("parent", _("表中没有序号或名称为“%(text)s”的事项，请核对。") % {"text": text[:40]})
    ordered = _ordered(verdicts)
    for verdict in ordered:
        _under(verdict)
    return ordered


def _keys(verdicts: Sequence[Verdict]) -> dict[str, Verdict]:
    found: dict[str, Verdict] = {}
    for verdict in verdicts:
        if not verdict.key:
            continue
        first = found.setdefault(verdict.key, verdict)
        if first is not verdict:
            words = _("序号“%(key)s”与第 %(row)d 行重复。")
            if _DOTTED.fullmatch(verdict.key):
                words = _("序号“%(key)s”与第 %(row)d 行重复；若原为 1.10 一类，请先把该列设为“文本”再填写。")
            verdict.blame("key", words % {"key": verdict.key, "row": first.number})
    return found


def _titles(verdicts: Sequence[Verdict]) -> dict[str, Verdict | None]:
    """Rows by title; a title that stands twice names nothing."""
    found: dict[str, Verdict | None] = {}
    for verdict in verdicts:
        name = verdict.title.replace(" ", "")
        found[name] = None if name in found else verdict
    return found


def _by_own_number(verdict: Verdict, by_key: Mapping[str, Verdict]) -> None:
    if not _DOTTED.fullmatch(verdict.key):
        return
    stem = re.split(r"[.-]\d+$", verdict.key)[0]
    verdict.above = by_key.get(stem)
    if verdict.above is None:
        verdict.blame("key", _("“%(key)s”的上级“%(stem)s”不在表中，请补上该行或改序号。") % {
            "key": verdict.key, "stem": stem,
        })  # fmt: skip


def _under_standing(actor: Actor, verdict: Verdict, standing: Mapping[str, TaskItem]) -> None:
    task = standing.get(verdict.parent.upper())
    if task is None or not (LEAD_SIDE.test(actor, task) or ASSIGNER_SIDE.test(actor, task)):
        verdict.blame("parent", _("没有事项 %(number)s，或您无权在其下交办。") % {"number": verdict.parent})
    elif task.state not in OPEN_STATES:
        verdict.blame(
            "parent", _("事项 %(number)s 已办结或撤销，不能再加子项。") % {"number": verdict.parent}
        )
    else:
        verdict.parent_id = task.pk
        if verdict.due_at is not None and verdict.due_at > task.due_at:
            verdict.blame("due", _("晚于上级 %(number)s 的时限 %(due)s，请提前。") % {
                "number": task.number, "due": day_of(task.due_at),
            })  # fmt: skip


def _ordered(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Wholes before parts, else as in the sheet; rows that contain each other are blamed and cut loose."""
    made: list[Verdict] = []
    placed: set[int] = set()
    for verdict in verdicts:
        chain: list[Verdict] = []
        on_chain: set[int] = set()
        at: Verdict | None = verdict
        while at is not None and at.number not in placed:
            if at.number in on_chain:
                at.blame("parent", _("第 %(row)d 行和它的上级互为上下级，请改正。") % {"row": at.number})
                at.above = None
                break
            on_chain.add(at.number)
            chain.append(at)
            at = at.above
        for link_of in reversed(chain):
            if link_of.number not in placed:
                placed.add(link_of.number)
                made.append(link_of)
    return made


def _under(verdict: Verdict) -> None:
    """A part goes with its whole: it cannot be taken in alone, nor end later."""
    whole = verdict.above
    if whole is None or verdict.left_out:
        return
    if whole.state in ("bad", "out"):
        verdict.blame("parent", _("上级（第 %(row)d 行）不能导入，本行也不能。") % {"row": whole.number})
        return
    verdict.waits |= whole.waits
    if verdict.due_at is not None and whole.due_at is not None and verdict.due_at > whole.due_at:
        verdict.blame("due", _("晚于上级（第 %(row)d 行）的时限 %(due)s，请提前。") % {
            "row": whole.number, "due": day_of(whole.due_at),
        })  # fmt: skip
    verdict.level = max(verdict.level, whole.level)
