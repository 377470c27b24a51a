"""What a message may say to whom, and the words a reader sees."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

LINES: Final = 5
"""So many objects are named in a message; the link leads to all of them."""


class _Gap(dict[str, Any]):
    """A value that is missing reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "—"


def sentence(words: str, values: Mapping[str, Any]) -> str:
    """A stored pattern in the reader's language, filled with its values."""
    shown = {name: ("—" if value in (None, "") else value) for name, value in values.items()}
    return _(words).format_map(_Gap(shown)) if words else ""


def line_text(number: str, title: str, *, may_know: bool) -> str:
    """An object in a message: its title for who is cleared, else its number only."""
    return title if title and may_know else number
