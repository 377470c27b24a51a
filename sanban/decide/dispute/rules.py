"""Who sees a dispute, who speaks for a party, who names the arbiter, and what each state still allows (§5.1)."""

from collections.abc import Collection
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base.access.actor import Actor
from sanban.base.access.policy import AllOf, AnyOf, Granted, HasRole, Level, Node, NotDenied, OwnUnit
from sanban.base.access.registry import SEE, register_part, register_rules
from sanban.base.access.sharing import of_unit
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.decide.dispute.models import Dispute, Ruling, Statement

OPENED, ANSWERED, RULED, CORRECTING = "opened", "answered", "ruled", "correcting"
SETTLED, WITHDRAWN = "settled", "withdrawn"
BEFORE_RULING: Final = (OPENED, ANSWERED)
LIVE: Final = (OPENED, ANSWERED, CORRECTING)
EVIDENCE, MEDIATION = "evidence", "mediation"
STATE_NAMES: Final[dict[str, str | Promise]] = {
    OPENED: gettext_lazy("待答辩"),
    ANSWERED: gettext_lazy("待裁决"),
    RULED: gettext_lazy("已裁决"),
    CORRECTING: gettext_lazy("更正中"),
    SETTLED: gettext_lazy("已和解"),
    WITHDRAWN: gettext_lazy("已撤回"),
}
DUTY_ROLES: Final[dict[str, str | Promise]] = {
    "R": gettext_lazy("R 牵头负责"),
    "A": gettext_lazy("A 批准"),
    "C": gettext_lazy("C 会商"),
    "I": gettext_lazy("I 知会"),
}
ADMINISTRATORS: Final = frozenset({"admin", "security", "auditor"})
SPEAKERS: Final = frozenset({"liaison", "leader"})
NAMERS: Final = frozenset({"dispatcher", "leader"})
NOT_ARGUED: Final = frozenset({"unit", "person", "file", "dispute"})
"""Kinds of the directory and of this room: nobody has a dispute on them."""

VISIBLE: Final[Node] = AllOf(
    (
        Level(),
        NotDenied("dispute"),
        AnyOf(
            (
                HasRole(("dispatcher", "supervisor", "signer", "leader")),
                of_unit(
                    OwnUnit("claimant_id", gettext_lazy("申请方")),
                    OwnUnit("respondent_id", gettext_lazy("被申请方")),
                ),
                Granted("dispute"),
            )
        ),
    )
)
"""The parties, the offices that read across units, the arbiter of the case while his sight lasts, and who ruled in
it: he reads his own cases again."""
register_rules(
    "dispute", gettext_lazy("争议"), Dispute, {SEE: (gettext_lazy("查看争议案件"), VISIBLE)},
    page="dispute:detail", key=("id", "dispute_id"),
)  # fmt: skip
for _part in (Statement, Ruling):
    register_part(_part, "dispute_id", of="dispute")


def may_open(actor: Actor) -> bool:
    """A unit opens a dispute through its liaison or its leader."""
    return actor.unit_id is not None and bool(actor.roles & SPEAKERS) and not actor.roles & ADMINISTRATORS


def speaks_for(actor: Actor, unit_id: int | None, homes: Collection[int]) -> bool:
    """Whether this person speaks for a party: its liaison or its leader, and himself of that unit.

    Who leads the house has every unit below him, but speaks for none of them in a dispute.
    """
    return may_open(actor) and unit_id in actor.unit_ids and unit_id in homes


def of_a_party(dispute: Any, homes: Collection[int]) -> bool:
    """Whether somebody who sits in these units (his own and those above) is of one of the parties."""
    return dispute.claimant_id in homes or dispute.respondent_id in homes


def may_name(actor: Actor, dispute: Any, homes: Collection[int]) -> bool:
    """The arbiter is named by a dispatcher or a leader who is of neither party."""
    return bool(actor.roles & NAMERS) and not actor.roles & ADMINISTRATORS and not of_a_party(dispute, homes)


def may_rule(actor: Actor, dispute: Any) -> bool:
    """The named arbiter himself decides; nobody stands in for him."""
    return (
        dispute.arbiter_id is not None
        and dispute.arbiter_id == actor.person_id
        and not actor.roles & ADMINISTRATORS
    )


def may_mediate(actor: Actor, dispute: Any, homes: Collection[int]) -> bool:
    """The arbiter, and whoever might name one, may bring the parties together."""
    return may_rule(actor, dispute) or may_name(actor, dispute, homes)


def require(allowed: bool, message: str) -> None:
    """Refuse with the reason when the right is missing."""
    if not allowed:
        raise Denied(message)


def require_state(dispute: Any, states: tuple[str, ...]) -> None:
    """Refuse an act that the state does not allow, naming the state."""
    if dispute.state not in states:
        raise Refused(
            _("本案“%(state)s”，不能再办理此项。请刷新后查看最新状态。")
            % {"state": STATE_NAMES[dispute.state]}
        )


def require_version(dispute: Any, version: int | None) -> None:
    """Refuse when the case changed since the person saw it."""
    if version is not None and version != dispute.version:
        raise Conflict(_("您打开页面之后，本案已有新的变动。请核对后再提交，您填写的内容已保留。"))


def require_text(text: str, field: str, what: str | Promise, most: int = 4000) -> str:
    """Words that must not be missing, and not be too many."""
    kept = text.strip()
    if not kept:
        raise Refused(_("请填写%(what)s。") % {"what": what}, field=field)
    if len(kept) > most:
        raise Refused(_("%(what)s不超过 %(n)d 字。") % {"what": what, "n": most}, field=field)
    return kept
