"""One act: one immediate transaction, one primary event, and a record when it is refused."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

from sanban.base.ledger.errors import Refused
from sanban.base.ledger.events import ActRefused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.ledger.registry import EVENTS
from sanban.base.ledger.standing import MACHINE, standing_as

P = ParamSpec("P")
R = TypeVar("R")


class _Depth(threading.local):
    """How many acts of this thread are under way, one inside the other."""

    acts = 0


_under_way = _Depth()


_writers = threading.Lock()


def writing() -> AbstractContextManager[Any]:
    """On SQLite the threads of one process queue for the one writer's place; its own waiting is a lottery in which
    a thread may lose for seconds. Who writes already has the place."""
    queued = connection.vendor == "sqlite" and not connection.in_atomic_block
    return _writers if queued else nullcontext()


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Run a public action atomically. A refusal rolls everything back, is recorded after that, and raised on.

    An act inside another act is a part of it: only the outermost records, under its own name and actor, because
    what an inner act writes goes with the outer one's roll-back. What it reads it reads as the machine: the action
    asks its own rules.
    """
    name = f"{function.__module__.removeprefix('sanban.').partition('.actions')[0]}.{function.__name__}"

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outermost = _under_way.acts == 0
        _under_way.acts += 1
        try:
            with standing_as(MACHINE), writing(), transaction.atomic():
                return function(*args, **kwargs)
        except Refused as refusal:
            if outermost:
                record_refusal(
                    kwargs.get("actor") or (args[0] if args else None), name, refusal, _about(kwargs)
                )
            raise
        finally:
            _under_way.acts -= 1

    run.is_act = True  # type: ignore[attr-defined]
    return run


def _about(given: dict[str, Any]) -> tuple[str, int] | None:
    """The object of an act: its first argument that is the id of something that has a stream."""
    streams = {cls.stream for cls in EVENTS.values()}
    for name, value in given.items():
        stream = name.removesuffix("_id")
        if name.endswith("_id") and stream in streams and isinstance(value, int):
            return stream, value
    return None


def record_refusal(actor: Any, name: str, refusal: Refused, about: tuple[str, int] | None = None) -> None:
    """Write the refusal to the access stream, in a transaction of its own, once."""
    if actor is None or getattr(refusal, "recorded", False):
        return
    stream, object_id = about or ("", None)
    with standing_as(MACHINE), transaction.atomic():
        append(
            actor,
            ActRefused(
                act=name, code=refusal.code, reason=refusal.message, of_stream=stream, object_id=object_id
            ),
            stream_id=new_id(),
            version=0,
        )
    refusal.recorded = True  # type: ignore[attr-defined]


def settle() -> None:
    """Move what SQLite's log of writes holds into its file, so that no act of a person has to."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
