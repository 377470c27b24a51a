"""Which steps a case offers to a person now: no button that would be refused."""

from collections.abc import Collection
from datetime import datetime

from sanban.base.access.actor import Actor
from sanban.decide.dispute import rules
from sanban.decide.dispute.models import Dispute

ORDER = ("answer", "arbiter", "rule", "accept", "evidence", "mediate", "offer", "withdraw", "correct")
"""The steps in the order of the page: what others wait for comes first."""


def offered(actor: Actor, dispute: Dispute, homes: Collection[int], now: datetime) -> list[str]:
    """The steps open to this person."""
    claims = rules.speaks_for(actor, dispute.claimant_id, homes)
    answers = rules.speaks_for(actor, dispute.respondent_id, homes)
    names = rules.may_name(actor, dispute, homes)
    live, early = dispute.state in rules.LIVE, dispute.state in rules.BEFORE_RULING
    waits = dispute.state == rules.OPENED and now <= dispute.answer_due_at
    agrees = answers if dispute.offer_by_id == dispute.claimant_id else claims
    may = {
        "answer": answers and dispute.state == rules.OPENED,
        "arbiter": names and live,
        "rule": live and not waits and rules.may_rule(actor, dispute),
        "accept": early and dispute.offer_by_id is not None and agrees,
        "evidence": live and (claims or answers),
        "mediate": live and rules.may_mediate(actor, dispute, homes),
        "offer": early and (claims or answers),
        "withdraw": early and claims,
        "correct": names and dispute.state == rules.RULED,
    }
    return [step for step in ORDER if may[step]]
