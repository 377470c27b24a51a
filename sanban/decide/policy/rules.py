"""Who may see a policy, who may settle its measures, who may make tasks of them (§4.3, §5.2)."""

from typing import Final

from sanban.base.access.policy import AllOf, AnyOf, HasRole, Level, Node, NotDenied, OwnUnit

PROPOSED, CONFIRMED, REJECTED, DISPATCHED = "proposed", "confirmed", "rejected", "dispatched"
TITLE_LENGTH: Final = 200

VISIBLE: Final[Node] = AllOf((Level("level"), NotDenied("policy")))
"""A policy is for everybody whose clearance reaches its level."""

REGISTER: Final[Node] = HasRole(("dispatcher", "researcher", "liaison"))
"""The offices register policies; a unit's liaison registers those of the own unit."""

SETTLE: Final[Node] = AllOf(
    (
        VISIBLE,
        AnyOf((HasRole(("dispatcher", "researcher")), AllOf((HasRole(("liaison",)), OwnUnit("unit_id"))))),
    )
)
"""Confirming, correcting and rejecting measures."""

DISPATCH: Final[Node] = AllOf(
    (VISIBLE, AnyOf((HasRole(("dispatcher",)), AllOf((HasRole(("liaison",)), OwnUnit("unit_id"))))))
)
"""Making tasks of confirmed measures."""


def title_of(text: str) -> str:
    """The first sentence of a measure, or the first cell of its table row, short enough for a title."""
    flat = " ".join(text.partition("\t")[0].split())
    head = flat.split("。")[0] or flat
    return head if len(head) <= 60 else head[:59] + "…"
