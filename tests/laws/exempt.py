"""The written list of exemptions: each names a law, a place and a reason, and must still be needed."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.laws.source import Breach

LIST = Path(__file__).with_name("exemptions.toml")


@dataclass(frozen=True)
class Exemption:
    """One permitted place."""

    law: str
    path: str
    reason: str
    text: str = ""

    def covers(self, breach: Breach) -> bool:
        return breach.law == self.law and breach.path == self.path and self.text in breach.text


@lru_cache(maxsize=1)
def exemptions() -> tuple[Exemption, ...]:
    """The list as written."""
    return tuple(
        Exemption(**row) for row in tomllib.loads(LIST.read_text(encoding="utf-8")).get("exemption", [])
    )


def remaining(breaches: Iterable[Breach]) -> list[str]:
    """Breaches that no exemption covers, as lines to print."""
    return [str(breach) for breach in breaches if not any(row.covers(breach) for row in exemptions())]
