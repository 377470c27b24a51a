"""One act: one immediate transaction, one primary event, and a record when it is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction

from sanban.base.ledger.errors import Refused
from sanban.base.ledger.events import ActRefused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append

P = ParamSpec("P")
R = TypeVar("R")


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Run a public action atomically. A refusal rolls everything back, is recorded after that, and raised on."""
    name = f"{function.__module__.removeprefix('sanban.').partition('.actions')[0]}.{function.__name__}"

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outermost = not connection.in_atomic_block
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except Refused as refusal:
            if outermost or not connection.needs_rollback:
                record_refusal(kwargs.get("actor") or (args[0] if args else None), name, refusal)
            raise

    run.is_act = True  # type: ignore[attr-defined]
    return run


def record_refusal(actor: Any, name: str, refusal: Refused) -> None:
    """Write the refusal to the access stream, in a transaction of its own. Inner acts leave it to the outer one."""
    if actor is None or getattr(refusal, "recorded", False):
        return
    with transaction.atomic():
        append(
            actor,
            ActRefused(act=name, code=refusal.code, reason=refusal.message),
            stream_id=new_id(),
            version=0,
        )
    refusal.recorded = True  # type: ignore[attr-defined]
