"""The mark of a page that was shown: its level, and the number that leads from a photograph back to the read log."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

_GROUP: Final = 5
_DIGITS: Final = 15
"""48 bits of milliseconds and 12 of counter: what an event's id has before its random part."""


@dataclass(frozen=True, slots=True)
class ReadMark:
    """The highest level that this answer shows; of secrets, the number of the read's event as well."""

    level: int
    number: str = ""


def number_of(event_id: UUID) -> str:
    """The short number of a read: `01234-56789-abcde`, the part of the event's id that tells it from others."""
    said = event_id.hex[:12] + event_id.hex[13:16]
    return "-".join(said[start : start + _GROUP] for start in range(0, _DIGITS, _GROUP))


def ids_of(number: str) -> tuple[UUID, UUID] | None:
    """The lowest and the highest event id with this number; or nothing. Blanks and hyphens do not count."""
    said = "".join(number.split()).replace("-", "").lower()
    if len(said) != _DIGITS or set(said) - set("0123456789abcdef"):
        return None
    head = f"{said[:12]}7{said[12:]}"
    return UUID(head + "0" * 16), UUID(head + "f" * 16)
