"""Where drafts stand: under which whole, of which policy and measure, and whether everything they name is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.people.queries import active_units, units_of_people
from sanban.decide.policy.queries import policies_of_measures, visible_ids
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import TaskItem
from sanban.execute.task.recording import day_of
from sanban.execute.task.rules import ASSIGNER_SIDE, LEAD_SIDE, OPEN_STATES, TASK_VISIBLE, require_text


@dataclass(frozen=True, slots=True)
class Place:
    """What a task takes from where it stands; `due_at` is its own, for its parts to keep within."""

    parent_id: int | None
    policy_id: int | None
    measure_id: int | None
    level: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything drafts may name, fetched once an act however many drafts there are."""

    units: Mapping[int, str]
    people: Mapping[int, frozenset[int]]
    policies: set[int]
    measures: Mapping[int, int]
    wholes: Mapping[int, TaskItem]


def places(
    actor: Actor, drafts: Sequence[TaskDraft], ids: Sequence[int], whole: TaskItem | None, now: datetime
) -> list[Place]:
    """The place of each draft, or the refusal that says which draft is wrong and how to mend it."""
    known, by_key, made = _known(actor, drafts), dict[str, tuple[int, Place]](), list[Place]()
    for draft, task_id in zip(drafts, ids, strict=True):
        _check(actor, draft, known, now)
        place = _place(actor, draft, known, by_key, whole)
        made.append(place)
        if draft.key:
            by_key[draft.key] = (task_id, place)
    return made


def _known(actor: Actor, drafts: Sequence[TaskDraft]) -> _Known:
    def named(field: str) -> set[int]:
        return {value for draft in drafts if (value := getattr(draft, field)) is not None}

    owners, policies, measures, wholes = map(named, ("owner_id", "policy_id", "measure_id", "parent_id"))
    return _Known(
        units=active_units(actor=actor),
        people=units_of_people(actor=actor, person_ids=owners) if owners else {},
        policies=visible_ids(actor=actor, policy_ids=policies) if policies else set(),
        measures=policies_of_measures(actor=actor, measure_ids=measures) if measures else {},
        wholes=TaskItem.objects.filter(TASK_VISIBLE.q(actor)).in_bulk(list(wholes)) if wholes else {},
    )


def _check(actor: Actor, draft: TaskDraft, known: _Known, now: datetime) -> None:
    title = require_text(draft.title, "title", _("事项名称"))

    def refuse(words: str, field: str, **values: Any) -> Refused:
        return Refused(words % {"title": title, **values}, field=field)

    if len(title) > 200:
        raise refuse(_("事项名称最长 200 字：“%(title).30s…”，请缩短，细节写入说明。"), "title")
    if draft.lead_id not in known.units:
        raise refuse(_("“%(title)s”的牵头单位不在册，请从单位名录中选择。"), "lead")
    if not set(draft.partners) <= known.units.keys():
        raise refuse(_("“%(title)s”的配合单位中有不在册的，请从单位名录中选择。"), "partners")
    if draft.owner_id is not None and draft.lead_id not in known.people.get(draft.owner_id, ()):
        raise refuse(_("“%(title)s”的责任人不是牵头单位的在岗人员，请重选或留空。"), "owner")
    if draft.due_at <= (draft.start_at or now):
        raise refuse(_("“%(title)s”的时限须晚于开始时间。"), "due_at")
    if draft.level > actor.clearance:
        raise Denied(_("不能交办高于本人知悉范围的事项。"))
    if draft.policy_id is not None and draft.policy_id not in known.policies:
        raise refuse(_("“%(title)s”所属的政策文件不存在，或您无权查看，请重选。"), "policy")
    if draft.measure_id is not None and known.measures.get(draft.measure_id) is None:
        raise refuse(_("“%(title)s”所属的举措不存在、未被采用，或您无权查看，请重选。"), "measure")


def _place(
    actor: Actor,
    draft: TaskDraft,
    known: _Known,
    by_key: Mapping[str, tuple[int, Place]],
    whole: TaskItem | None,
) -> Place:
    above = _above(actor, draft, known, by_key, whole)
    of_measure = known.measures[draft.measure_id] if draft.measure_id else None
    policy_id = draft.policy_id or of_measure
    if of_measure and policy_id != of_measure:
        raise Refused(
            _("“%(title)s”的举措不属于所选政策文件，请重选。") % {"title": draft.title}, field="measure"
        )
    if above is None:
        return Place(None, policy_id, draft.measure_id, draft.level, draft.due_at)
    parent_id, whole_place = above
    if draft.due_at > whole_place.due_at:
        raise Refused(
            _("子项“%(title)s”的时限晚于所属事项的时限 %(due)s，请提前。")
            % {"title": draft.title, "due": day_of(whole_place.due_at)},
            field="due_at",
        )
    return Place(
        parent_id,
        policy_id or whole_place.policy_id,
        draft.measure_id or (whole_place.measure_id if not draft.policy_id else None),
        max(draft.level, whole_place.level),
        draft.due_at,
    )


def _above(
    actor: Actor,
    draft: TaskDraft,
    known: _Known,
    by_key: Mapping[str, tuple[int, Place]],
    whole: TaskItem | None,
) -> tuple[int, Place] | None:
    """The whole that a part belongs to: one of the same list, the task broken down, or a task that stands already."""
    if draft.parent_key:
        if draft.parent_key not in by_key:
            raise Refused(
                _("“%(title)s”所属的事项须排在它之前，请调整顺序。") % {"title": draft.title}, field="parent"
            )
        return by_key[draft.parent_key]
    task = whole
    if task is None and draft.parent_id is not None:
        task = known.wholes.get(draft.parent_id)
        if task is None or not (LEAD_SIDE.test(actor, task) or ASSIGNER_SIDE.test(actor, task)):
            raise Denied(_("“%(title)s”所属的事项不存在，或您无权在其下交办。") % {"title": draft.title})
        if task.state not in OPEN_STATES:
            raise Refused(
                _("“%(title)s”所属的事项已经办结或撤销，不能再加子项。") % {"title": draft.title},
                field="parent",
            )
    if task is None:
        return None
    return task.pk, Place(task.parent_id, task.policy_id, task.measure_id, task.level, task.due_at)
