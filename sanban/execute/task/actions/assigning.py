"""Giving tasks out: one, a list, a tree, or the parts of a task; and who cooperates."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_ids
from sanban.base.ledger.log import Item, append, append_many
from sanban.base.ledger.registry import encode
from sanban.base.ledger.series import hold
from sanban.base.people.queries import active_units, unit_names
from sanban.execute.task import events as e
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import TaskItem
from sanban.execute.task.placing import Place, places
from sanban.execute.task.recording import day_of, light_after, task_for_act
from sanban.execute.task.rules import MAY_ASSIGN, require, require_text
from sanban.execute.task.terms import Clockwork, clockwork

SERIES = 1
"""Numbers of tasks."""


@act
def assign_many(actor: Actor, *, drafts: Sequence[TaskDraft]) -> list[int]:
    """Assign a list or tree of tasks in one act, one event a task, and return their ids (§3.4 交办)."""
    if not actor.has(*MAY_ASSIGN):
        raise Denied(_("只有交办员、督查员、领导和单位联络员可以交办。"))
    return _assign(actor, drafts)


@act
def break_down(
    actor: Actor, *, task_id: int, drafts: Sequence[TaskDraft], version: int | None = None
) -> list[int]:
    """Break a task down into parts led by own or other units; the parts carry the whole's light (§6.3 分解)."""
    whole = task_for_act(task_id)
    require(actor, "break_down", whole, version)
    return _assign(actor, drafts, whole)


@act
def set_partners(
    actor: Actor, *, task_id: int, partners: Sequence[int], reason: str, version: int | None = None
) -> None:
    """Settle anew which units cooperate, with the reason (配合单位); the lead unit is never its own partner."""
    task = task_for_act(task_id)
    require(actor, "set_partners", task, version)
    words, wanted = require_text(reason, "reason", _("调整理由")), set(partners) - {task.lead_id}
    before = {row.unit_id for row in task.partners.all()}
    names = active_units(actor=actor)
    if not (wanted - before) <= names.keys():
        raise Refused(_("配合单位须是在册单位，请从单位名录中选择。"), field="partners")
    if wanted == before:
        raise Refused(_("配合单位没有变动，请先调整再提交。"), field="partners")
    names |= unit_names(actor=actor, ids=wanted)
    words_of = "、".join(names[unit_id] for unit_id in sorted(wanted)) or _("无")
    event = e.PartnersSet(partner_names=words_of, partners=sorted(wanted), reason=words)
    append(actor, event, stream_id=task.pk, version=task.version, level=task.level)


def _assign(actor: Actor, drafts: Sequence[TaskDraft], whole: TaskItem | None = None) -> list[int]:
    if not drafts:
        raise Refused(_("没有可交办的事项。"))
    works, names, ids = clockwork(), active_units(actor=actor), new_ids(len(drafts))
    items = []
    for draft, place, task_id, number in zip(
        drafts,
        places(actor, drafts, ids, whole, works.now),
        ids,
        _numbers(works.now.year, len(drafts)),
        strict=True,
    ):
        columns = _columns(actor, draft, place, works)
        event = e.TaskAssigned(
            title=draft.title.strip(), lead_name=names[draft.lead_id], due_on=day_of(draft.due_at),
            changes=encode({"number": number, **columns, **light_after(columns, works)}),
            partners=sorted(set(draft.partners) - {draft.lead_id}),
        )  # fmt: skip
        items.append(Item(event, task_id, 0, place.level))
    append_many(actor, items, at=works.now)
    return list(ids)


def _columns(actor: Actor, draft: TaskDraft, place: Place, works: Clockwork) -> dict[str, Any]:
    return {
        "detail": draft.detail,
        "acceptance": draft.acceptance,
        "urgency": draft.urgency,
        "state": "assigned",
        "policy_id": place.policy_id,
        "measure_id": place.measure_id,
        "parent_id": place.parent_id,
        "mandatory": draft.mandatory,
        "lead_id": draft.lead_id,
        "owner_id": draft.owner_id,
        "assigner_unit_id": actor.unit_id or draft.lead_id,
        "assigner_ref": actor.ref,
        "progress": 0,
        "start_at": draft.start_at or works.now,
        "due_at": draft.due_at,
        "assigned_at": works.now,
    }


def _numbers(year: int, count: int) -> list[str]:
    """The next numbers of the year's series."""
    hold(SERIES)
    stem = f"DC-{year}-"
    last = (
        TaskItem.objects.filter(number__startswith=stem)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    start = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    return [f"{stem}{n:06d}" for n in range(start, start + count)]
