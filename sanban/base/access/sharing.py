"""Who of a unit handles what is shared with it (§5.2)."""

from typing import Final

from sanban.base.access.actor import INTERNAL
from sanban.base.access.policy import AllOf, AnyOf, HasRole, Node, UpTo

HANDLERS: Final = HasRole(("leader", "liaison"))
"""Who takes a matter in for a unit, and so sees its work secrets; the others of the unit are named one by one."""

LABELLERS: Final = HasRole(("leader", "liaison", "dispatcher"))
"""Who sets the level of what his unit made."""


def of_unit(*units: Node) -> Node:
    """What belongs to the actor's unit: all of it up to internal, a work secret only for who handles it (§5.2)."""
    return AllOf((AnyOf((UpTo(INTERNAL), HANDLERS)), AnyOf(units)))
