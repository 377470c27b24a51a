"""What was seen of the house in one go, and one look at it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sanban.base.label.queries import Grading
from sanban.base.ledger.queries import LogHead, Watcher
from sanban.base.people.queries.checkup import Accounts
from sanban.base.vault.keyring import Status
from sanban.desk.compliance.drills import Drill


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that was looked at: whether it holds (None: it does not apply here), and what was seen."""

    name: str
    held: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class Audit:
    """The last audit: when, of how many events, how many faults, and the tables that did not follow."""

    at: datetime
    events: int
    faults: int
    tables: list[str]


@dataclass(frozen=True, slots=True)
class Reads:
    """The read log: its first row, since when a row waits for its seal, and gaps of half a year."""

    oldest: datetime | None
    loose_since: datetime | None
    gaps: int


@dataclass(frozen=True, slots=True)
class Content:
    """The level of a stored content and the name of its key; empty when it lies open."""

    level: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everything the looks need. Settings they read themselves."""

    at: datetime
    accounts: Accounts
    guards_missing: list[str]
    role_faults: list[str]
    walled: bool | None
    heads: list[LogHead]
    sizes: dict[str, dict[str, int]]
    sm3_signed: dict[str, list[str]]
    waiting: datetime | None
    witnesses: list[Watcher]
    audit: Audit | None
    reads: Reads
    refusals: tuple[int, datetime | None]
    contents: list[Content]
    words_in_clear: dict[str, int]
    promised: tuple[bytes, int, bool] | None
    grants: int
    keys: list[Status]
    retired: list[datetime]
    open_keys: tuple[int, list[str]]
    grading: Grading
    backup: Drill | None
    rehearsal: Drill | None


Check = Callable[[Seen], Look]


def check(function: Callable[[Seen], tuple[bool | None, str]]) -> Check:
    """Makes a look of a function that says whether it holds and what was seen; it goes by the function's name."""

    def looked(seen: Seen) -> Look:
        return Look(function.__name__, *function(seen))

    return looked


def named(logins: list[str], most: int = 5) -> str:
    """The first of these login names, for a sentence."""
    return "、".join(logins[:most]) + ("…" if len(logins) > most else "")
