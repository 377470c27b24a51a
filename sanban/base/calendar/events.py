"""The calendar is one object; each of its events is the next version."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("calendar.version_published", stream="calendar", sentence=_("发布工作日历第 {number} 版“{name}”"))
class VersionPublished(Event):
    """A new calendar version holds from now on; deadlines whose span meets `changed` days are counted anew."""

    version_id: int
    number: int
    name: str
    first_day: date
    last_day: date
    provisional_from: date | None
    week: list[list[list[int]]]
    days: list[dict[str, str]]
    """Every dated exception: date (ISO), kind, note."""
    changed: list[str]
    """ISO dates whose working hours differ from the version before."""
