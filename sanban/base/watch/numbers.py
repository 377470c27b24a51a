"""The numbers of interception: how many refusals, how much at once, how long a person has to prove who he is."""

from dataclasses import dataclass
from typing import Final

REFUSALS, BULK, BAIT, AFTER_DEPUTY = "refusals", "bulk", "bait", "after_deputy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """One version; `number` 0 is the one the house is delivered with."""

    number: int = 0
    refusals: int = 5
    refusal_minutes: int = 10
    quota_internal: int = 10_000
    quota_secret: int = 100
    after_deputy_days: int = 30
    step_up_minutes: int = 30


NAMES: Final = (
    "refusals", "refusal_minutes", "quota_internal", "quota_secret", "after_deputy_days", "step_up_minutes",
)  # fmt: skip
