"""Which registered organ a written name means: exact name, alias, abbreviation or suffix, else the nearest
spelling."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Generic, Literal, TypeVar

from .signs import squeeze, view

Key = TypeVar("Key", bound=Hashable)
Reason = Literal["exact", "alias", "suffix", "abbreviation", "similar"]
_RANK: Final[dict[Reason, int]] = {"exact": 0, "alias": 1, "suffix": 2, "abbreviation": 3, "similar": 4}
_NEAR: Final = 0.6
_SAME_WORDS: Final = (("委员会", "委"), ("办公室", "办"), ("和", ""), ("与", ""), ("人民政府", "政府"))


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Key]):
    """A registered organ a name may mean, with the reason and a score from 0 to 1."""

    id: Key
    name: str
    reason: Reason
    score: float


def resolve_unit(
    name: str, register: Iterable[tuple[Key, str, Sequence[str]]], *, limit: int = 5
) -> list[Candidate[Key]]:
    """Rank the organs of a register (id, name, aliases) for a written name; the best stands first."""
    wanted = _plain(name)
    if not wanted:
        return []
    found = [
        Candidate(key, official, *verdict)
        for key, official, aliases in register
        if (verdict := _verdict(wanted, official, aliases)) is not None
    ]
    found.sort(
        key=lambda candidate: (_RANK[candidate.reason], -candidate.score, len(candidate.name), candidate.name)
    )
    return found[:limit]


def _plain(name: str) -> str:
    return squeeze(view(name)).removesuffix("等")


def _short(name: str) -> str:
    """A name in the short forms of everyday writing (委员会 -> 委, 和 left out)."""
    for long_form, short_form in _SAME_WORDS:
        name = name.replace(long_form, short_form)
    return name


def _verdict(wanted: str, official: str, aliases: Sequence[str]) -> tuple[Reason, float] | None:
    plain = _plain(official)
    if wanted == plain:
        return "exact", 1.0
    names = [plain, *(_plain(alias) for alias in aliases)]
    if wanted in names[1:]:
        return "alias", 0.98
    short = _short(wanted)
    for known in names:
        if _is_suffix(short, _short(known)):
            shorter, longer = sorted((len(short), len(_short(known))))
            return "suffix", round(0.8 + 0.15 * shorter / longer, 4)
    for known in names:
        if _abbreviates(short, _short(known)):
            return "abbreviation", round(0.6 + 0.2 * len(short) / max(len(_short(known)), 1), 4)
    likeness = max(
        (SequenceMatcher(None, short, _short(known)).ratio() for known in names if known), default=0.0
    )
    return ("similar", round(likeness, 4)) if likeness >= _NEAR else None


def _is_suffix(one: str, other: str) -> bool:
    """One name is the tail of the other: 财政厅 of 清江省财政厅 (at least two characters)."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 2 and longer.endswith(shorter)


def _abbreviates(short: str, long_name: str) -> bool:
    """The letters of the short name stand in the long one in order, first or last letters agreeing: 发改委."""
    if not 2 <= len(short) < len(long_name) or short[-1] != long_name[-1]:
        return False
    position = -1
    for char in short:
        position = long_name.find(char, position + 1)
        if position < 0:
            return False
    return True
