"""In whose name the database is asked: one person's, the machine's own, or nobody's.

The machine (acts, clock, log, migrations) stands as itself; a request stands as who makes it; whoever forgot to say
stands as nobody, for whom PostgreSQL keeps what is secret out of sight (`base/access/wall.py`). On SQLite it only says.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db import connection

from sanban.base.vault import columns

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database is told: settings by name."""

    settings: tuple[tuple[str, str], ...] = ()

    def opens(self, level: str) -> bool:
        """Whether what lies sealed for this level is opened for it: for the machine, and up to one's clearance."""
        told = dict(self.settings)
        return bool(told.get("system")) or told.get("clearance", "") >= level


MACHINE: Final = Standing((("system", "1"),))
NOBODY: Final = Standing()
_now: ContextVar[Standing] = ContextVar("standing", default=NOBODY)
_in_request: ContextVar[bool] = ContextVar("standing_in_request", default=False)


columns.ask(lambda level: _now.get().opens(level))


def current() -> Standing:
    """Who asks now."""
    return _now.get()


def in_request() -> bool:
    """Whether a request is being answered, so that its reads may share one transaction."""
    return _in_request.get()


def stand_as(standing: Standing) -> None:
    """From here on, until the block around it ends or for the life of this process."""
    _now.set(standing)


@contextmanager
def standing_as(standing: Standing) -> Iterator[None]:
    """For the while of a block."""
    before = _now.set(standing)
    try:
        yield
    finally:
        _now.reset(before)


@contextmanager
def answering() -> Iterator[None]:
    """While one request is answered: nobody's, until it is settled who asks. Its reads end with it."""
    held = _in_request.set(True)
    try:
        with standing_as(NOBODY):
            yield
    finally:
        _in_request.reset(held)
        end_reading()


def carried(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts of an answer that is made while it is sent, each made in the name of who asked for it."""
    standing, source = current(), iter(parts)
    while True:
        with standing_as(standing):
            try:
                part = next(source)
            except StopIteration:
                return
        yield part


def end_reading() -> None:
    """End the transaction that the reads of a request share, where there is one."""
    base: Any = connection
    if connection.vendor == "postgresql":
        base.end_reading()
