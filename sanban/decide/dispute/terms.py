"""The terms of a case in working days, by the day from which they hold; a case keeps those of its first day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from sanban.base.calendar.axis import DAY_MINUTES, Axis, OutsideCalendar
from sanban.base.ledger.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long the answer and the ruling may take, both from the opening of the case."""

    since: date
    answer_days: int
    ruling_days: int

    @property
    def answer_minutes(self) -> int:
        """Working minutes for the answer."""
        return self.answer_days * DAY_MINUTES

    @property
    def ruling_minutes(self) -> int:
        """Working minutes for the whole case."""
        return self.ruling_days * DAY_MINUTES


SHIPPED: Final = Terms(since=date(2025, 1, 1), answer_days=3, ruling_days=8)
"""What a house begins with (§5.1); it publishes its own, each with the day from which it holds."""


def terms_on(day: date, versions: Sequence[Terms]) -> Terms:
    """The terms in force on a day; of two that begin on one day the later published; before the first, the first."""
    held = [one for one in versions if one.since <= day]
    return max(reversed(held or versions[:1]), key=lambda one: one.since)


def days_between(axis: Axis, start: datetime, end: datetime) -> float:
    """Working days from one instant to another, with one place after the point."""
    return round(axis.between(start, end) / DAY_MINUTES, 1)


def due(axis: Axis, start: datetime, minutes: int) -> datetime:
    """The end of a term. Refused when it lies beyond the published calendar: nobody can say which days are worked."""
    try:
        return axis.add(start, minutes)
    except OutsideCalendar:
        raise Refused(
            _(
                "本案的期限超出已发布的工作日历（至 %(day)s）。"
                "请综合办交办员先在“工作日历”发布含下一年度的新版本，再办理此项。"
            )
            % {"day": axis.spec.last_day}
        ) from None
