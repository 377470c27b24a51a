"""Who sees a slip, who urges, signs, answers and judges; and what a slip in each state still allows."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base.access.actor import Actor
from sanban.base.access.policy import (
    AllOf,
    AnyOf,
    Granted,
    HasRole,
    Level,
    NotDenied,
    NotSame,
    OwnUnit,
)
from sanban.base.access.registry import SEE as SEEING
from sanban.base.access.registry import register_part, register_rules
from sanban.base.access.sharing import of_unit
from sanban.base.ledger.errors import Denied, Refused
from sanban.supervise.chase.ladder import CIRCULAR, NOTICE, REMIND, URGE
from sanban.supervise.chase.models import Slip, Watch

PROPOSED, ISSUED, REPLIED, ACCEPTED = "proposed", "issued", "replied", "accepted"
UNSATISFIED, OVERDUE, ESCALATED = "unsatisfied", "overdue", "escalated"
WITHDRAWN, DISMISSED, CLOSED = "withdrawn", "dismissed", "closed"
WAITING: Final = (ISSUED, UNSATISFIED)
"""States in which an answer is awaited and its deadline runs."""
ANSWERABLE: Final = (ISSUED, UNSATISFIED, OVERDUE, ESCALATED)
LIVE: Final = (PROPOSED, ISSUED, REPLIED, UNSATISFIED, OVERDUE, ESCALATED)
READ_ACROSS_UNITS: Final = ("supervisor", "signer", "dispatcher", "leader")
ACROSS: Final = HasRole(READ_ACROSS_UNITS)
ADDRESSED: Final = OwnUnit("unit_id", gettext_lazy("被督办单位"))
SEE: Final = AllOf((Level(), NotDenied("slip"), AnyOf((ACROSS, of_unit(ADDRESSED), Granted("slip")))))
CHASE: Final = HasRole(("supervisor", "dispatcher", "signer"))
JUDGE: Final = HasRole(("supervisor", "signer"))
SIGNER: Final = HasRole(("signer",))
SIGN: Final = AllOf((SIGNER, NotSame("opened_by", "ref", gettext_lazy("拟发人"))))
REPLY: Final = AllOf((HasRole(("liaison", "officer")), ADDRESSED))

RUNG_NAMES: Final = {
    REMIND: gettext_lazy("提醒"),
    URGE: gettext_lazy("催办"),
    NOTICE: gettext_lazy("督办单"),
    CIRCULAR: gettext_lazy("通报"),
}
STATE_NAMES: Final = {
    PROPOSED: gettext_lazy("待签发"),
    ISSUED: gettext_lazy("已发出"),
    REPLIED: gettext_lazy("已回复"),
    ACCEPTED: gettext_lazy("已认可"),
    UNSATISFIED: gettext_lazy("未认可"),
    OVERDUE: gettext_lazy("逾期未复"),
    ESCALATED: gettext_lazy("已提级"),
    WITHDRAWN: gettext_lazy("已撤回"),
    DISMISSED: gettext_lazy("不予签发"),
    CLOSED: gettext_lazy("已了结"),
}

register_rules(
    "slip", gettext_lazy("督办单"), Slip,
    {
        SEEING: (gettext_lazy("查看督办单"), SEE),
        "sign": (gettext_lazy("签发督办单"), AllOf((SEE, SIGN))),
        "reply": (gettext_lazy("回复督办单"), AllOf((SEE, REPLY))),
        "judge": (gettext_lazy("认可或退回回复"), AllOf((SEE, JUDGE))),
    },
    page="chase:detail", key=("id", "slip_id"),
)  # fmt: skip
register_part(Watch, "task_id", of="task")


def may_chase(actor: Actor) -> bool:
    """The supervision office and the dispatchers of the general office may urge (§4.1)."""
    return CHASE.test(actor, None)


def may_judge(actor: Actor) -> bool:
    """Answers are judged, slips proposed and taken back by the supervision office."""
    return JUDGE.test(actor, None)


def may_sign(actor: Actor, slip: Any) -> bool:
    """A slip is signed by a named signer, never by the machine and never by the one who proposed it."""
    return not actor.system and SIGN.test(actor, slip)


def may_dismiss(actor: Actor) -> bool:
    """Not to sign is every signer's to decide."""
    return not actor.system and SIGNER.test(actor, None)


def may_reply(actor: Actor, slip: Any) -> bool:
    """The addressed unit answers through its liaison or its officer."""
    return REPLY.test(actor, slip)


def may_publish(actor: Actor) -> bool:
    """The ladder is published by the administrator, or by a supervisor who also signs."""
    return "admin" in actor.roles or {"supervisor", "signer"} <= actor.roles


def require(allowed: bool, message: str) -> None:
    """Refuse with the reason when the right is missing."""
    if not allowed:
        raise Denied(message)


def require_state(slip: Any, states: tuple[str, ...]) -> None:
    """Refuse an act that the slip's state does not allow, naming the state."""
    if slip.state not in states:
        raise Refused(
            _("这份%(rung)s“%(state)s”，不能再办理此项。请刷新后查看最新状态。")
            % {"rung": RUNG_NAMES[slip.rung], "state": STATE_NAMES[slip.state]}
        )


def require_text(text: str, field: str, message: str) -> str:
    """The text without outer space, or a refusal at its field."""
    if not text.strip():
        raise Refused(message, field=field)
    return text.strip()
