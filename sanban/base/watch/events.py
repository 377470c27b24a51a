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


@event("watch.case_opened", stream="watch_case", sentence=_("拦截：{words}"))
class CaseOpened(Event):
    """A rule of interception was met: the person must prove who he is before the instant named here."""

    rule: str
    rules_number: int
    person_id: int
    person_ref: str
    unit_id: int | None
    of_stream: str
    object_id: int | None
    words: str
    hold_until: datetime


@event("watch.identity_proved", stream="watch_case", sentence=_("已重新核验身份"))
class IdentityProved(Event):
    """The person has proved once more who he is; the case stays open."""

    method: str


@event("watch.case_closed", stream="watch_case", sentence=_("拦截办结：{finding}"))
class CaseClosed(Event):
    """What came out; who was kept outside may come in again."""

    finding: str


@event("watch.rules_published", stream="interception", sentence=_("发布拦截规则第 {number} 版：{note}"))
class RulesPublished(Event):
    """The numbers of interception from now on."""

    number: int
    refusals: int
    refusal_minutes: int
    quota_internal: int
    quota_secret: int
    after_deputy_days: int
    step_up_minutes: int
    note: str


@event("watch.bait_set", stream="bait", sentence=_("设为诱饵：{reason}"))
class BaitSet(Event):
    """This object is bait from now on."""

    of_stream: str
    object_id: int
    reason: str


@event("watch.bait_lifted", stream="bait", sentence=_("不再作为诱饵"))
class BaitLifted(Event):
    """It is bait no longer."""
