"""What a ruling lays on a unit, as the arbiter writes it down."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyLine:
    """One line of responsibility: which unit, in which role (R, A, C, I), for what, from which day."""

    unit_id: int
    role: str
    matter: str
    since: date
