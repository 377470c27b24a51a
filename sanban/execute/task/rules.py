"""Who may see a task and who may do what to it, in which state."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from sanban.base.access.actor import SECRET, Actor
from sanban.base.access.explain import first_failure
from sanban.base.access.policy import (
    AllOf,
    AnyOf,
    Granted,
    HasRole,
    Level,
    MemberOf,
    Node,
    NotDenied,
    OwnUnit,
    Same,
    SharedWith,
    StandsInFor,
)
from sanban.base.access.registry import LABEL, SEE, register_part, register_rules
from sanban.base.access.sharing import HANDLERS, LABELLERS, of_unit
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.execute.task.models import Extension, Handover, ProgressReport, TaskItem, TaskPartner

STATES: Final[dict[str, str | Promise]] = {
    "assigned": _lazy("待签收"),
    "acknowledged": _lazy("办理中"),
    "sent_back": _lazy("已退回"),
    "paused": _lazy("已暂停"),
    "concluded": _lazy("待核验"),
    "verified": _lazy("已核验"),
    "closed_out": _lazy("已销号"),
    "withdrawn": _lazy("已撤销"),
}
OPEN_STATES: Final = ("assigned", "acknowledged", "sent_back", "paused")
WAITING_STATES: Final = ("sent_back", "concluded", "verified")
"""The unit has done its part: the offices are next."""
DONE_STATES: Final = ("verified", "closed_out", "withdrawn")
HANDOVER_LIMIT: Final = 2
"""A third hand-over is not the units' own any more: it needs the assigner (§2.1)."""

OFFICES: Final = HasRole(("dispatcher", "supervisor", "signer", "researcher", "leader"))
PARTNER: Final = SharedWith(TaskPartner, "task_id", "partners")
OWNER: Final = AnyOf((Same("owner_id", "person_id"), StandsInFor("owner_id")))
LED: Final = OwnUnit("lead_id", _lazy("牵头单位"))
GIVEN: Final = OwnUnit("assigner_unit_id", _lazy("交办单位"))
MAY_ASSIGN: Final = ("dispatcher", "supervisor", "leader", "liaison")
WORKING: Final = HasRole((*MAY_ASSIGN, "signer", "researcher", "officer"))
"""Who does the work of a unit; its system, security and audit administrators do not (三员分立)."""

LEAD_SIDE: Final = AnyOf((AllOf((WORKING, LED)), OWNER))
OWN_ASSIGNERS: Final = AllOf((HasRole(MAY_ASSIGN), GIVEN))
ASSIGNER_SIDE: Final = AnyOf((HasRole(("dispatcher", "leader")), OWN_ASSIGNERS))
VERIFIER: Final = AnyOf((HasRole(("supervisor", "dispatcher", "signer")), OWN_ASSIGNERS))
NAMED: Final = (MemberOf("task"), Granted("task"))
TASK_VISIBLE: Final = AllOf(
    (Level(), NotDenied("task"), AnyOf((OFFICES, of_unit(LED, GIVEN, PARTNER), OWNER, *NAMED)))
)
NAMING: Final = AnyOf((AllOf((HANDLERS, LED)), OWNER, ASSIGNER_SIDE))
OF_SECRETS: Final = ("name_member", "remove_member")
"""Verbs of work secrets alone: what is internal is shared with units."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that can be done to a task: its word, from which states, by whom."""

    word: str | Promise
    states: tuple[str, ...]
    who: Node


VERBS: Final[dict[str, Verb]] = {
    "acknowledge": Verb(_lazy("签收"), ("assigned",), LEAD_SIDE),
    "report": Verb(_lazy("反馈"), ("acknowledged",), AnyOf((LEAD_SIDE, PARTNER))),
    "set_owner": Verb(_lazy("定责任人"), ("assigned", "acknowledged"), LEAD_SIDE),
    "set_partners": Verb(_lazy("调整配合单位"), OPEN_STATES, ASSIGNER_SIDE),
    "break_down": Verb(_lazy("分解"), ("acknowledged",), LEAD_SIDE),
    "ask_extension": Verb(_lazy("申请延期"), ("acknowledged",), LEAD_SIDE),
    "decide_extension": Verb(_lazy("批复延期"), ("acknowledged", "paused", "concluded"), ASSIGNER_SIDE),
    "send_back": Verb(_lazy("退回"), ("assigned",), LEAD_SIDE),
    "forward": Verb(
        _lazy("转办"), ("assigned", "acknowledged", "sent_back"), AnyOf((LEAD_SIDE, ASSIGNER_SIDE))
    ),
    "pause": Verb(_lazy("暂停"), ("assigned", "acknowledged"), ASSIGNER_SIDE),
    "resume": Verb(_lazy("恢复"), ("paused",), ASSIGNER_SIDE),
    "conclude": Verb(_lazy("申请办结"), ("acknowledged",), LEAD_SIDE),
    "verify": Verb(_lazy("核验"), ("concluded",), VERIFIER),
    "close_out": Verb(_lazy("销号"), ("verified",), VERIFIER),
    "reopen": Verb(_lazy("重新启动"), ("verified", "closed_out"), VERIFIER),
    "withdraw": Verb(_lazy("撤销"), OPEN_STATES, ASSIGNER_SIDE),
    "name_member": Verb(_lazy("列入知悉人员"), tuple(STATES), NAMING),
    "remove_member": Verb(_lazy("移出知悉人员"), tuple(STATES), NAMING),
}

register_rules(
    "task", _lazy("事项"), TaskItem,
    {
        SEE: (_lazy("查看事项"), TASK_VISIBLE),
        LABEL: (_lazy("标注密级"), AllOf((LABELLERS, GIVEN, TASK_VISIBLE))),
        **{name: (verb.word, AllOf((TASK_VISIBLE, verb.who))) for name, verb in VERBS.items()},
    },
    page="task:detail", key=("number", "number"),
)  # fmt: skip
for _part in (ProgressReport, Extension, Handover):
    register_part(_part, "task_id", of="task")


def may(actor: Actor, verb: str, task: TaskItem) -> bool:
    """Whether the verb is open to the actor on this task now."""
    rule = VERBS[verb]
    return _suits(verb, task) and TASK_VISIBLE.test(actor, task) and _holds(rule.who, actor, task)


def permitted_verbs(actor: Actor, task: TaskItem) -> list[tuple[str, str | Promise]]:
    """The verbs the page offers, in their order."""
    if not TASK_VISIBLE.test(actor, task):
        return []
    return [
        (name, rule.word)
        for name, rule in VERBS.items()
        if _suits(name, task) and _holds(rule.who, actor, task)
    ]


def require(actor: Actor, verb: str, task: TaskItem, version: int | None) -> None:
    """Raise the sentence that says why the verb is not open: unseen, moved on, not yours, or not in this state."""
    rule = VERBS[verb]
    if not actor.system and not TASK_VISIBLE.test(actor, task):
        raise Denied(_("没有这件事项，或您无权查看。"))
    if not _holds(rule.who, actor, task):
        why = first_failure(rule.who, actor, task)
        raise Denied(_("“%(verb)s”不在您的权限之内：%(why)s") % {"verb": rule.word, "why": why})
    if version is not None and version != task.version:
        raise Conflict(_("您打开页面之后，这件事项已有新的变动。请核对后再提交，您填写的内容已保留。"))
    if verb in OF_SECRETS and task.level < SECRET:
        raise Refused(_("只有工作秘密事项才按人列知悉人员；内部事项请调整配合单位。"))
    if task.state not in rule.states:
        raise Refused(
            _("事项现为“%(state)s”，不能%(verb)s。请刷新页面查看最新状态。")
            % {"state": STATES[task.state], "verb": rule.word}
        )


def require_text(text: str, field: str, what: str) -> str:
    """Words that must not be missing."""
    kept = text.strip()
    if not kept:
        raise Refused(_("请填写%(what)s。") % {"what": what}, field=field)
    return kept


def _suits(verb: str, task: TaskItem) -> bool:
    """Whether the task's state and level are ones that the verb is for."""
    return task.state in VERBS[verb].states and (verb not in OF_SECRETS or task.level >= SECRET)


def _holds(node: Node, actor: Actor, task: Any) -> bool:
    return actor.system or node.test(actor, task)
