"""Acts on policies: register, propose, settle each measure, confirm the list, hand over to the tasks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.access.explain import first_failure
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.ids import new_id, new_ids
from sanban.base.ledger.log import Item, append, append_many
from sanban.decide.policy import queries, rules
from sanban.decide.policy.events import (
    MeasureAdded,
    MeasureConfirmed,
    MeasureDispatched,
    MeasureEdited,
    MeasureProposed,
    MeasureRejected,
    PolicyConfirmed,
    PolicyRegistered,
)
from sanban.decide.policy.models import Measure, Policy

MEASURES_A_POLICY = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDraft:
    """What a measure says: its span in the policy text, and what was read from it."""

    start: int
    end: int
    title: str
    path: str = ""
    lead_id: int | None = None
    partners: tuple[int, ...] = ()
    due_on: date | None = None
    acceptance: str = ""
    targets: tuple[dict[str, str], ...] = ()
    facts: tuple[dict[str, Any], ...] = field(default=())


@act
def register(
    *,
    actor: Actor,
    title: str,
    text: str,
    doc_number: str = "",
    organ: str = "",
    issued_on: date | None = None,
    level: int = 1,
    file_id: int | None = None,
    file_no: int = 1,
) -> int:
    """Register a policy file with its text (§4.3). Its unit is the registrar's."""
    if not rules.REGISTER.test(actor, None) or actor.unit_id is None:
        raise Denied(_("只有交办员、研究员和单位联络员可以登记政策文件。"))
    if level > actor.clearance:
        raise Denied(_("您的知悉范围不能登记这一密级的文件，请由有权限的人员登记。"))
    if not title.strip():
        raise Refused(_("请写明文件标题。"), field="title")
    if not text.strip():
        raise Refused(_("文件没有正文，无法登记。请上传有正文的文件。"), field="file")
    policy_id = new_id()
    event = PolicyRegistered(
        title=title.strip()[:300],
        doc_number=doc_number.strip()[:60],
        organ=organ.strip()[:120],
        issued_on=issued_on,
        file_id=file_id,
        file_no=file_no,
        text=text,
        unit_id=actor.unit_id,
    )
    append(actor, event, stream_id=policy_id, version=0, level=level)
    return policy_id


@act
def propose_measures(*, actor: Actor, policy_id: int, drafts: Sequence[MeasureDraft]) -> list[int]:
    """Write down what was read, one event a measure. Nothing follows from a proposal until a person confirms."""
    policy = _settled_by(actor, policy_id)
    if len(drafts) > MEASURES_A_POLICY:
        raise Refused(
            _("一份文件最多识别 %(most)d 条举措，请拆分后上传。") % {"most": MEASURES_A_POLICY}, field="file"
        )
    ids = new_ids(len(drafts)) if drafts else range(0)
    items = [
        Item(MeasureProposed(**_payload(policy, draft, order)), key, 0, policy.level)
        for order, (key, draft) in enumerate(zip(ids, drafts, strict=True), 1)
    ]
    append_many(actor, items)
    return list(ids)


@act
def add_measure(*, actor: Actor, policy_id: int, draft: MeasureDraft) -> int:
    """Add a measure by marking its words in the text; the person who marks it confirms it with that."""
    policy = _settled_by(actor, policy_id)
    taken = queries.measures_of(actor=actor, policy_id=policy_id)
    if any((row.start, row.end) == (draft.start, draft.end) and row.state != rules.REJECTED for row in taken):
        raise Refused(_("这段文字已经是一条举措，请直接修改该条。"), field="start")
    order = max((row.order for row in taken), default=0) + 1
    measure_id = new_id()
    append(
        actor,
        MeasureAdded(**_payload(policy, draft, order)),
        stream_id=measure_id,
        version=0,
        level=policy.level,
    )
    return measure_id


@act
def edit_measure(
    *,
    actor: Actor,
    measure_id: int,
    title: str,
    lead_id: int | None,
    partners: Sequence[int],
    due_on: date | None,
    acceptance: str,
    version: int | None = None,
) -> None:
    """Correct a measure. `version` is the one the person saw; if somebody was faster, nothing is written."""
    row = _open_measure(actor, measure_id, (rules.PROPOSED, rules.CONFIRMED))
    if version is not None and version != row.version:
        raise Conflict(_("这条举措刚被他人修改，您的输入仍在表单中，请核对后再保存。"))
    if not title.strip():
        raise Refused(_("请写明举措标题。"), field="title")
    if len(title.strip()) > rules.TITLE_LENGTH:
        raise Refused(_("标题不超过 %(n)d 字。") % {"n": rules.TITLE_LENGTH}, field="title")
    if lead_id is None and partners:
        raise Refused(_("有配合单位的，请先选定牵头单位。"), field="lead")
    event = MeasureEdited(
        policy_id=row.policy_id,
        title=title.strip(),
        lead_id=lead_id,
        partners=[key for key in dict.fromkeys(partners) if key != lead_id],
        due_on=due_on,
        acceptance=acceptance.strip(),
    )
    append(actor, event, stream_id=row.id, version=row.version, level=row.policy.level)


@act
def confirm_measures(*, actor: Actor, policy_id: int, measure_ids: Sequence[int]) -> int:
    """Confirm proposed measures, one event each; what is no longer proposed is refused by its title."""
    policy = _settled_by(actor, policy_id)
    rows = {row.id: row for row in queries.measures_of(actor=actor, policy_id=policy_id)}
    chosen = [rows[key] for key in dict.fromkeys(measure_ids) if key in rows]
    if not chosen or len(chosen) != len(set(measure_ids)):
        raise Refused(_("请从本文件的举措中选择要确认的条目。"))
    stale = next((row for row in chosen if row.state not in (rules.PROPOSED, rules.REJECTED)), None)
    if stale is not None:
        raise Refused(_("“%(title)s”已经确认过，请刷新后再选。") % {"title": stale.title})
    append_many(
        actor,
        [
            Item(MeasureConfirmed(policy_id=policy.id, title=row.title), row.id, row.version, policy.level)
            for row in chosen
        ],
    )
    return len(chosen)


@act
def reject_measure(*, actor: Actor, measure_id: int, reason: str) -> None:
    """Say that a span is no measure, with the reason; the rules that read it are named in the event."""
    row = _open_measure(actor, measure_id, (rules.PROPOSED, rules.CONFIRMED))
    if not reason.strip():
        raise Refused(_("请写明剔除理由，例如“属于背景表述”。"), field="reason")
    event = MeasureRejected(
        policy_id=row.policy_id,
        title=row.title,
        reason=reason.strip()[:200],
        rules=sorted({str(fact.get("rule", "")) for fact in row.facts}),
    )
    append(actor, event, stream_id=row.id, version=row.version, level=row.policy.level)


@act
def confirm_policy(*, actor: Actor, policy_id: int) -> None:
    """Settle the list of measures: each was decided on, and at least one stands."""
    policy = _settled_by(actor, policy_id)
    if policy.state != "registered":
        raise Refused(_("本文件的举措已经核定。"))
    rows = queries.measures_of(actor=actor, policy_id=policy_id)
    waiting = sum(1 for row in rows if row.state == rules.PROPOSED)
    if waiting:
        raise Refused(_("还有 %(n)d 条举措没有确认或剔除，请逐条处理后再核定。") % {"n": waiting})
    standing = sum(1 for row in rows if row.state == rules.CONFIRMED)
    if not standing:
        raise Refused(_("没有一条确认的举措，不能核定。请先确认或从原文补录。"))
    event = PolicyConfirmed(title=policy.title, measures=standing)
    append(actor, event, stream_id=policy.id, version=policy.version, level=policy.level)


@act
def mark_dispatched(*, actor: Actor, policy_id: int, tasks: Mapping[int, int]) -> int:
    """Write on each measure which task it became: `tasks` maps measure to task."""
    policy = queries.get_policy(actor=actor, policy_id=policy_id)
    if not rules.DISPATCH.test(actor, policy):
        raise Denied(first_failure(rules.DISPATCH, actor, policy))
    rows = {row.id: row for row in queries.measures_of(actor=actor, policy_id=policy_id)}
    wrong = next((key for key in tasks if key not in rows or rows[key].state != rules.CONFIRMED), None)
    if not tasks or wrong is not None:
        raise Refused(_("只有已确认、未交办的举措可以转为任务，请刷新后重选。"))
    append_many(
        actor,
        [
            Item(
                MeasureDispatched(policy_id=policy.id, title=rows[key].title, task_id=task_id),
                key,
                rows[key].version,
                policy.level,
            )
            for key, task_id in tasks.items()
        ],
    )
    return len(tasks)


def _settled_by(actor: Actor, policy_id: int) -> Policy:
    policy = queries.get_policy(actor=actor, policy_id=policy_id)
    if not rules.SETTLE.test(actor, policy):
        raise Denied(_("只有交办员、研究员，或登记单位的联络员可以核定举措。"))
    if policy.state == "abolished":
        raise Refused(_("本文件已废止，不再改动其举措。"))
    return policy


def _open_measure(actor: Actor, measure_id: int, states: tuple[str, ...]) -> Measure:
    row = queries.get_measure(actor=actor, measure_id=measure_id)
    _settled_by(actor, row.policy_id)
    if row.state not in states:
        raise Refused(_("“%(title)s”已剔除或已交办，不能再改。") % {"title": row.title})
    return row


def _payload(policy: Policy, draft: MeasureDraft, order: int) -> dict[str, Any]:
    """The event's values; a span outside the text or a fact that does not quote it is refused."""
    if not 0 <= draft.start < draft.end <= len(policy.text):
        raise Refused(_("所选文字不在正文之内，请重新选择。"), field="start")
    text = policy.text[draft.start : draft.end]
    if not text.strip():
        raise Refused(_("所选文字是空白，请重新选择。"), field="start")
    for fact in draft.facts:
        if not 0 <= fact["start"] < fact["end"] <= len(policy.text):
            raise Refused(_("识别出的要点在正文中没有出处，已拒绝写入。"))
    return {
        "policy_id": policy.id,
        "order": order,
        "path": draft.path[:120],
        "text": text,
        "start": draft.start,
        "end": draft.end,
        "title": (draft.title.strip() or rules.title_of(text))[: rules.TITLE_LENGTH],
        "lead_id": draft.lead_id,
        "partners": list(draft.partners),
        "due_on": draft.due_on,
        "acceptance": draft.acceptance,
        "targets": list(draft.targets),
        "facts": list(draft.facts),
    }
