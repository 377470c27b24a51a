"""What happens about sight: a page refused, a request made, granted, denied."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("watch.read_refused", stream="access", sentence=_("查阅“{page}”被拒绝：{reason}"))
class ReadRefused(Event):
    """Somebody opened what is not for him; it was answered as if it were not there, and put on record."""

    page: str
    of_stream: str
    object_id: int | None
    reason: str


@event("watch.sight_requested", stream="sight_request", sentence=_("申请查阅：{purpose}"))
class SightRequested(Event):
    """A person asks to see one object until an instant, for a stated purpose."""

    person_id: int
    person_name: str
    person_unit: str
    address: str
    of_stream: str
    object_id: int | None
    object_level: int
    owner_units: list[int]
    purpose: str
    until: datetime


@event("watch.sight_granted", stream="sight_request", sentence=_("同意查阅：{note}"))
class SightGranted(Event):
    """The owning unit lets him see it, until the instant named here."""

    person_id: int
    of_stream: str
    object_id: int
    until: datetime
    note: str


@event("watch.sight_denied", stream="sight_request", sentence=_("不同意查阅：{note}"))
class SightDenied(Event):
    """The owning unit says no, and why."""

    note: str
