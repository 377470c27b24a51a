"""What the read log puts into the access log of the ledger: each secret read, and the digests of all the others."""

from datetime import datetime

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
