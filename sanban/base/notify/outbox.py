"""The outbox: queue once, claim, send, mark. Its rows are the memory of transport, not facts of the office.

A row is claimed in one statement before it is sent and marked after it. Whoever stops in between leaves it claimed:
ten minutes later it is queued once more, so at most one mail, text or call is sent twice; stopped again, it fails
and says so. A failed try is repeated after growing pauses, eight tries in all over about two days.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F
from django.utils.translation import gettext as _

from sanban.base.notify.models import Outgoing

MAIL, SMS, HOOK = "mail", "sms", "hook"
QUEUED, SENDING, SENT, FAILED = "queued", "sending", "sent", "failed"
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60))
STUCK: Final = timedelta(minutes=10)
CHUNK: Final = 500
KEPT: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Something to be sent: over which channel, to whom, and about which messages."""

    channel: str
    target: int
    ref: str
    urgent: bool = False
    messages: tuple[str, ...] = field(default=())
    covers_until: datetime | None = None


def queue(parcels: Iterable[Parcel], *, now: datetime) -> int:
    """Put parcels into the outbox; one that is there already is not put again."""
    wanted = list(parcels)
    Outgoing.objects.bulk_create(
        [
            Outgoing(
                channel=one.channel, target=one.target, ref=one.ref, urgent=one.urgent, messages=list(one.messages),
                covers_until=one.covers_until, created_at=now, next_try_at=now,
            )
            for one in wanted
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return len(wanted)


def known(*, channel: str, refs: Iterable[str]) -> set[tuple[int, str]]:
    """Which of these are in the outbox already, each with its target."""
    wanted = sorted(set(refs))
    found: set[tuple[int, str]] = set()
    for start in range(0, len(wanted), CHUNK):
        rows = Outgoing.objects.filter(channel=channel, ref__in=wanted[start : start + CHUNK])
        found.update(rows.values_list("target", "ref"))
    return found


def due(*, now: datetime, limit: int) -> list[Outgoing]:
    """What is due, urgent ones first, then the longest waiting."""
    rows = Outgoing.objects.filter(state=QUEUED, next_try_at__lte=now)
    return list(rows.order_by("-urgent", "next_try_at", "id")[:limit])


def claim(row: Outgoing, *, now: datetime) -> bool:
    """Take a row for this process; False when another one was faster."""
    mine: dict[str, Any] = {"state": SENDING, "claimed_at": now, "tries": F("tries") + 1}
    return Outgoing.objects.filter(pk=row.pk, state=QUEUED, tries=row.tries).update(**mine) == 1


def sent(row: Outgoing, *, now: datetime) -> None:
    """It is out."""
    Outgoing.objects.filter(pk=row.pk).update(state=SENT, sent_at=now, last_error="")


def failed(row: Outgoing, *, now: datetime, why: str, final: bool) -> None:
    """It did not work: again after a pause, or never when it cannot work or was tried often enough."""
    made = row.tries + 1
    if final or made > len(PAUSES):
        Outgoing.objects.filter(pk=row.pk).update(state=FAILED, last_error=why[:300])
    else:
        again = now + PAUSES[made - 1]
        Outgoing.objects.filter(pk=row.pk).update(state=QUEUED, next_try_at=again, last_error=why[:300])


def postpone(row: Outgoing, *, until: datetime) -> None:
    """Not now: it is a quiet hour. This is no try."""
    Outgoing.objects.filter(pk=row.pk, state=QUEUED).update(next_try_at=until)


def take_up_stuck(*, now: datetime) -> int:
    """Rows whose sender stopped half way: once more, then failed."""
    stuck = Outgoing.objects.filter(state=SENDING, claimed_at__lt=now - STUCK)
    if not stuck.exists():  # a look that finds nothing takes no write lock
        return 0
    lost = stuck.filter(interrupted=True).update(
        state=FAILED, last_error=_("发送中两次中断，可能已送达。请核对后重发。")
    )
    return lost + stuck.update(
        state=QUEUED, interrupted=True, next_try_at=now, last_error=_("发送中断，重发一次。")
    )


def forget(*, now: datetime) -> None:
    """What was sent or failed two months ago is no longer kept."""
    old = Outgoing.objects.filter(created_at__lt=now - KEPT, state__in=(SENT, FAILED))
    if old.exists():
        old.delete()
