"""From confirmed measures to tasks: what would be assigned to whom, and the one act that does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.access.explain import first_failure
from sanban.base.calendar.axis import Axis
from sanban.base.calendar.queries import current_axis
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.people import queries as people
from sanban.decide.policy import actions, rules
from sanban.decide.policy import queries as policies
from sanban.execute.task.actions import assign_many
from sanban.execute.task.drafts import TaskDraft

MANY = 5
"""From so many cooperating units on the preview proposes a part for each: nobody steers eleven cities in one row."""


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One task that would be made; `obstacles` say why it cannot be, in words that tell how to mend it."""

    measure: Any
    lead: str
    partners: tuple[str, ...]
    owner_id: int | None
    owner: str
    obstacles: tuple[str, ...]

    @property
    def splittable(self) -> bool:
        """Whether cooperating units could have parts of their own."""
        return bool(self.measure.partners) and not self.obstacles

    @property
    def split(self) -> bool:
        """What the preview proposes."""
        return self.splittable and len(self.measure.partners) >= MANY


def plan(*, actor: Actor, policy_id: int) -> list[PlannedTask]:
    """The preview: every confirmed measure as a task, with its lead, partners, liaison, due date and acceptance."""
    rows = policies.measures_of(actor=actor, policy_id=policy_id, states=(rules.CONFIRMED,))
    liaisons = people.liaisons(actor=actor, unit_ids=[row.lead_id for row in rows if row.lead_id])
    made = []
    for line in policies.measure_lines(actor=actor, measures=rows):
        owner_id, owner = liaisons.get(line.measure.lead_id or 0, (None, ""))
        made.append(
            PlannedTask(line.measure, line.lead, line.partners, owner_id, owner, _obstacles(line.measure))
        )
    return made


def _obstacles(row: Any) -> tuple[str, ...]:
    found = []
    if row.lead_id is None:
        found.append(_("没有牵头单位，请先修改并选定。"))
    if row.due_on is None:
        found.append(_("没有完成时限，请先修改并填写。"))
    elif row.due_on < clock.today():
        found.append(_("时限 %(day)s 已过，请先改为今天之后的日期。") % {"day": row.due_on.isoformat()})
    return tuple(found)


@act
def dispatch(actor: Actor, *, policy_id: int, measure_ids: Sequence[int], split: Sequence[int] = ()) -> int:
    """Make one task of each chosen measure and mark the measures, all or nothing (§3.4).

    A measure named in `split` becomes a tree: a part for each cooperating unit below the task of the lead.
    """
    policy = policies.get_policy(actor=actor, policy_id=policy_id)
    if not rules.DISPATCH.test(actor, policy):
        raise Denied(first_failure(rules.DISPATCH, actor, policy))
    planned = {line.measure.pk: line for line in plan(actor=actor, policy_id=policy_id)}
    chosen = [planned[key] for key in dict.fromkeys(measure_ids) if key in planned]
    if not chosen or len(chosen) != len(set(measure_ids)):
        raise Refused(_("请选择已确认、未交办的举措；列表可能已被他人更新，请刷新后重选。"))
    blocked = next((line for line in chosen if line.obstacles), None)
    if blocked is not None:
        raise Refused(
            _("“%(title)s”不能交办：%(why)s") % {"title": blocked.measure.title, "why": blocked.obstacles[0]}
        )
    axis = current_axis(actor)
    wholes = [_draft(policy, line, axis) for line in chosen]
    parting = [whole for whole in wholes if whole.measure_id in set(split)]
    liaisons = people.liaisons(actor=actor, unit_ids={unit for whole in parting for unit in whole.partners})
    parts = [part for whole in parting for part in _parts(whole, liaisons)]
    ids = assign_many(actor, drafts=[*wholes, *parts])
    tasks = {line.measure.pk: task_id for line, task_id in zip(chosen, ids, strict=False)}
    return actions.mark_dispatched(actor=actor, policy_id=policy_id, tasks=tasks)


def _draft(policy: Any, line: PlannedTask, axis: Axis) -> TaskDraft:
    """The task of a measure without obstacles: due at the close of office hours of its day."""
    row = line.measure
    if row.lead_id is None or row.due_on is None:
        raise Refused(_("“%(title)s”没有牵头单位或时限。") % {"title": row.title})
    return TaskDraft(
        key=str(row.pk),
        title=row.title,
        detail=row.text,
        acceptance=row.acceptance,
        level=policy.level,
        policy_id=policy.pk,
        measure_id=row.pk,
        lead_id=row.lead_id,
        partners=tuple(row.partners),
        owner_id=line.owner_id,
        due_at=axis.end_of_day(row.due_on),
    )


def _parts(whole: TaskDraft, liaisons: Mapping[int, tuple[int, str]]) -> list[TaskDraft]:
    """The share of each cooperating unit: same words, same term, its own liaison."""
    return [
        replace(
            whole, key="", parent_key=whole.key, lead_id=unit, partners=(),
            owner_id=liaisons[unit][0] if unit in liaisons else None,
        )
        for unit in whole.partners
        if unit != whole.lead_id
    ]  # fmt: skip
