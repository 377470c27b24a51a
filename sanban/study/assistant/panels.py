"""What the assistant draws on the pages of policies: the button to the next step."""

from sanban.base.access.actor import Actor
from sanban.base.ledger.errors import Denied
from sanban.base.ui.registry import Panel
from sanban.decide.policy import queries, rules


def upload_button(actor: Actor, object_id: int) -> Panel | None:
    """The way to hand a file in, for those who may register."""
    if not rules.REGISTER.test(actor, None):
        return None
    return Panel("assistant/_upload_button.html", {})


def next_steps(actor: Actor, object_id: int) -> Panel | None:
    """Check the measures, or make tasks of them, for those who may."""
    try:
        policy = queries.get_policy(actor=actor, policy_id=object_id)
    except Denied:
        return None
    may_settle = rules.SETTLE.test(actor, policy)
    may_dispatch = rules.DISPATCH.test(actor, policy)
    if not may_settle and not may_dispatch:
        return None
    return Panel(
        "assistant/_next_steps.html",
        {"policy": policy, "may_settle": may_settle, "may_dispatch": may_dispatch},
    )
