"""What a room wants said about one event, and to whom; the room names offices, this room finds the people."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sanban.base.ledger.entry import Entry
from sanban.base.notify.kinds import Kind

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One thing to say about one object. `words` and `many` are Chinese patterns marked with gettext_noop.

    Addressees: liaisons of `units`, `people` by id, `refs` as the ledger knows them, all holders of `roles`;
    `reserve` is a unit whose dispatchers are told when none of the `refs` is still there. Nobody is told of his
    own act. Of two letters about one event to one person the first counts.
    """

    kind: Kind
    words: str
    many: str
    values: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""
    title: str = ""
    level: int
    link: str
    link_many: str
    urgent: bool = False
    units: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    refs: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    reserve: int | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person to be told, with what he may know."""

    person_id: int
    ref: str
    clearance: int


Sent = tuple[Entry, Letter]


def message_id(entry: Entry, letter: Letter, person_id: int) -> uuid.UUID:
    """The identity of the message that tells this person of this act.

    An act is known by its instant, its actor and its kind of event, for a bulk act writes one event an object.
    48 bits of milliseconds, then 74 bits of a digest: ids rise with time and are the same at every rebuild.
    """
    parts = (
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"), entry.actor_ref, entry.on_behalf_of,
        entry.event.kind, letter.kind.value, letter.words, str(person_id),
    )  # fmt: skip
    digest = int.from_bytes(hashlib.sha256("\n".join(parts).encode()).digest(), "big")
    high, low = (digest >> 62) & 0xFFF, digest & ((1 << 62) - 1)
    return uuid.UUID(int=milliseconds(entry.at) << 80 | 0x8 << 76 | high << 64 | 0b10 << 62 | low)


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970, without the roundings of a float."""
    return (at - _EPOCH) // timedelta(milliseconds=1)
