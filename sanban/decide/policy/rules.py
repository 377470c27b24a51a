"""Who may see a policy, who may settle its measures, who may make tasks of them (§4.3, §5.2)."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from sanban.base.access.policy import AllOf, AnyOf, HasRole, Level, Node, NotDenied, OwnUnit
from sanban.base.access.registry import LABEL, SEE, register_part, register_rules
from sanban.base.access.sharing import LABELLERS
from sanban.decide.policy.models import Measure, Policy

PROPOSED, CONFIRMED, REJECTED, DISPATCHED = "proposed", "confirmed", "rejected", "dispatched"
TITLE_LENGTH: Final = 200

VISIBLE: Final[Node] = AllOf((Level("level"), NotDenied("policy")))
"""A policy is for everybody whose clearance reaches its level."""

REGISTER: Final[Node] = HasRole(("dispatcher", "researcher", "liaison"))
"""The offices register policies; a unit's liaison registers those of the own unit."""

REGISTERED: Final = OwnUnit("unit_id", _("登记单位"))

SETTLE: Final[Node] = AllOf(
    (
        VISIBLE,
        AnyOf((HasRole(("dispatcher", "researcher")), AllOf((HasRole(("liaison",)), REGISTERED)))),
    )
)
"""Confirming, correcting and rejecting measures."""

DISPATCH: Final[Node] = AllOf(
    (VISIBLE, AnyOf((HasRole(("dispatcher",)), AllOf((HasRole(("liaison",)), REGISTERED)))))
)
"""Making tasks of confirmed measures."""

register_rules(
    "policy", _("政策文件"), Policy,
    {
        SEE: (_("查看政策文件及其举措"), VISIBLE),
        LABEL: (_("标注密级"), AllOf((LABELLERS, REGISTERED, VISIBLE))),
        "settle": (_("核定举措"), SETTLE),
        "dispatch": (_("交办举措"), DISPATCH),
    },
    page="policy:detail", key=("id", "policy_id"),
)  # fmt: skip
register_part(Measure, "policy_id", of="policy", stream="measure")


def title_of(text: str) -> str:
    """The first sentence of a measure, or the first cell of its table row, short enough for a title."""
    flat = " ".join(text.partition("\t")[0].split())
    head = flat.split("。")[0] or flat
    return head if len(head) <= 60 else head[:59] + "…"
