"""What the read log puts into the access log of the ledger: each secret read, and the digests of all the others."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("access.secret_read", stream="access", sentence=_("查阅工作秘密：{page}，{count} 项"))
class SecretRead(Event):
    """Work secrets were about to be shown: written before a byte of them left (§5.2). A list has no `object_id`."""

    of_stream: str
    object_id: int | None
    how: str
    page: str
    fields: list[str]
    predicate: dict[str, str]
    count: int
    digest: str
    purpose: str


@event("access.reads_sealed", stream="access", sentence=_("查阅登记 {count} 条封存"))
class ReadsSealed(Event):
    """So many rows of the read log, from the first to the last id, have this digest."""

    first_id: int
    last_id: int
    count: int
    sha256: str
    until: datetime


@event(
    "access.label_set", stream="label",
    sentence=_("定为“{level_name}”，{review_on}前复核：{reason}"),
)  # fmt: skip
class LabelSet(Event):
    """An object has this level from now on, for this reason, until it is looked at again. A lowering says who asked
    for it; who signs the event is the second."""

    of_stream: str
    object_id: int
    unit_id: int
    level_from: int
    level: int
    level_name: str
    reason: str
    review_on: date
    flags: list[str]
    asked_by: str


@event("access.lowering_asked", stream="label", sentence=_("申请降为“{level_name}”：{reason}"))
class LoweringAsked(Event):
    """The first of two signatures under a lower level."""

    of_stream: str
    object_id: int
    unit_id: int
    level_from: int
    level: int
    level_name: str
    reason: str
    review_on: date
    flags: list[str]


@event("access.lowering_refused", stream="label", sentence=_("不同意降低密级：{note}"))
class LoweringRefused(Event):
    """The second person says no, and why; or who asked takes it back."""

    note: str
    asked_by: str
