"""The whole audit in one go: stored bytes against seals, tables against the ledger; the result is kept for the page."""

import time
from collections.abc import Callable, Iterable
from typing import Final

from django.db import transaction

from sanban.base import clock
from sanban.base.ledger.act import writing
from sanban.base.ledger.models import LedgerAudit, LedgerEvent
from sanban.base.ledger.replay import one_moment, replay_difference
from sanban.base.ledger.standing import MACHINE, standing_as
from sanban.base.ledger.tlog.audit import Fault, examine

MOST_KEPT: Final = 200
"""Faults and differences kept of one audit; whoever changed more has been found out all the same."""
Progress = Callable[[int], object]


def audit(
    progress: Progress = lambda _n: None, *, also: Callable[[], Iterable[Fault]] = tuple
) -> LedgerAudit:
    """Look everything over and keep what was found. `progress` is told of each event twice: as stored, as folded.

    `also` gives the faults of what rooms above keep beside the ledger and seal in it.
    """
    began, at = time.perf_counter(), clock.now()
    with standing_as(MACHINE):  # whoever asks for it: what is secret is looked over as well
        with one_moment():
            events = LedgerEvent.objects.count()
            faults = [fault.plain() for fault in (*examine(progress), *also())]
        differences = [one.plain() for one in replay_difference(progress=progress)]
    made = LedgerAudit(
        at=at, seconds=round(time.perf_counter() - began, 3), events=events,
        faults=faults[:MOST_KEPT], differences=differences[:MOST_KEPT],
    )  # fmt: skip
    with writing(), transaction.atomic():
        made.save()
    return made
