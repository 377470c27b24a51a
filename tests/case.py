"""One address as the tests ask it."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class Case:
    """One address: its name, its parts, and what a complete form says. Without words it is only read."""

    url: str
    parts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] | None = None
    asked: str = ""
    """What stands behind the question mark."""

    @property
    def path(self) -> str:
        """The address itself."""
        return reverse(self.url, kwargs=self.parts) + self.asked
