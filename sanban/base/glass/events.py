"""What happens when something must be read at once."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("glass.sight_asked", stream="glass", sentence=_("请求紧急查阅：{reason}"))
class SightAsked(Event):
    """A person must read an object at once and may not; he says why."""

    person_id: int
    person_name: str
    person_unit: str
    address: str
    of_stream: str
    object_id: int | None
    object_level: int
    owner_units: list[int]
    reason: str


@event("glass.sight_opened", stream="glass", sentence=_("同意紧急查阅，至 {until}"))
class SightOpened(Event):
    """A second person opens it until an instant; it must be reviewed by another."""

    person_id: int
    of_stream: str
    object_id: int
    second_id: int
    until: datetime
    review_due: datetime
    terms_number: int
    note: str


@event("glass.sight_refused", stream="glass", sentence=_("不同意紧急查阅：{note}"))
class SightRefused(Event):
    """The second person says no, and why."""

    second_id: int
    note: str


@event("glass.sight_ended", stream="glass", sentence=_("提前结束紧急查阅"))
class SightEnded(Event):
    """It is over before its time; what was opened is shut."""


@event("glass.sight_reviewed", stream="glass", sentence=_("复核紧急查阅：{finding}"))
class SightReviewed(Event):
    """A third person has judged whether it was justified."""

    justified: bool
    finding: str


@event("glass.terms_published", stream="glass_terms", sentence=_("发布紧急查阅规则第 {number} 版：{note}"))
class TermsPublished(Event):
    """For how long from now on, and within how many working days it is reviewed."""

    number: int
    minutes: int
    review_days: int
    note: str
