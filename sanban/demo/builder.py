"""The demo world: eighteen months of an invented province, made by calling the real actions under a moved clock."""

from collections.abc import Callable
from datetime import datetime, time
from random import Random
from typing import Final

from django.db import connection

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.calendar.queries import current_axis
from sanban.base.ledger.queries import size
from sanban.demo.agenda import Agenda
from sanban.demo.history import History
from sanban.demo.settle import settle
from sanban.demo.world import seasons
from sanban.demo.world.people import BY_LOGIN, CAST

PASSWORD: Final = "Sanban-demo-2026"  # noqa: S105 - the demo's own, said so on the sign-in page
Progress = Callable[[int], object]


def is_empty() -> bool:
    """Whether the ledger holds nothing yet: the demo is loaded into an empty house only."""
    return size(actor=SYSTEM)["events"] == 0


def accounts() -> list[tuple[str, str, str]]:
    """(login, name, post) of the persons of the guided tour."""
    return [(login, BY_LOGIN[login].name, BY_LOGIN[login].post) for login in CAST.values()]


def build(*, progress: Progress = lambda step: None, password: str = PASSWORD, share: int = 55) -> None:
    """Live through the history up to now; `share` per cent of the tasks (tests take few).

    Durability is relaxed while the file is being made: a demo that is cut off is made again.
    """
    end = clock.now()
    first = datetime.combine(seasons.MONTHS[0].first, time(9), clock.SHANGHAI)
    durable(False)
    try:
        clock.set_frozen(first)
        province = settle(password)
        agenda = Agenda(current_axis(), end)
        history = History(agenda=agenda, province=province, random=Random(20250501), share=share)
        history.plan()
        done = 0
        for instant in agenda.run():
            percent = int(100 * (instant - first) / (end - first))
            if percent > done:
                progress(percent - done)
                done = percent
        clock.set_frozen(end)
        history.look(end)
        progress(100 - done)
    finally:
        clock.set_frozen(None)
        durable(True)


def durable(wanted: bool) -> None:
    """Wait for the disk at every commit, or not: only while a demo file is being made."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={'FULL' if wanted else 'OFF'}")
