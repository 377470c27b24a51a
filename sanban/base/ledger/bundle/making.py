"""Making a bundle is an act: who took evidence out of the house, of what, and for what, is itself recorded."""

from collections.abc import Collection, Sequence
from typing import Protocol

from sanban.base.ledger.act import act
from sanban.base.ledger.bundle.pack import Bundle, pack
from sanban.base.ledger.events import BundleMade
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import ActorLike, append
from sanban.base.ledger.queries import Reader


class Maker(ActorLike, Reader, Protocol):
    """Who makes a bundle."""


@act
def make_bundle(
    actor: Maker,
    *,
    subject: tuple[str, int],
    streams: Sequence[tuple[str, int]],
    purpose: str = "",
    redact: Collection[str] = (),
    since: int = 0,
) -> Bundle:
    """Pack the evidence of an object and record that it was made.

    `subject` is the object, `streams` all streams of its story that the maker may read (see `pack`).
    """
    made = pack(actor=actor, streams=streams, redact=redact, since=since)
    stream, object_id = subject
    event = BundleMade(
        of_stream=stream, of_id=object_id, streams=[f"{name}/{key}" for name, key in streams], events=made.events,
        redacted=sorted(redact), purpose=purpose.strip(), sha256=made.sha256,
    )  # fmt: skip
    append(actor, event, stream_id=new_id(), version=0, level=made.level)
    return made
