"""Whose word makes a head sealed: a trust policy as C2SP's tlog-policy writes it, with nested groups of witnesses.

The shipped policy wants three of four: with two of three, the operator of the log and one office could together show
two different histories, each with a quorum; with three of four that takes the log and two offices (LEDGER.md, 4).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from sanban.base.ledger.tlog.notes import LOGS, BadNote, Key, read_key

_WORDS: Final = {"log": (2, 3), "witness": (3, 4), "group": (4, None), "quorum": (2, 2)}
"""How many words a line of each kind has, at least and at most."""


class BadPolicy(ValueError):
    """The text is no trust policy; the message names the line."""


@dataclass(frozen=True, slots=True)
class Witness:
    """One witness: its name in the policy, its key, and where it listens (nothing in a policy for reading alone)."""

    name: str
    key: Key
    url: str = ""


@dataclass(slots=True)
class Trust:
    """A policy that was read."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Witness] = field(default_factory=dict)
    groups: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = ""

    @property
    def keys(self) -> list[Key]:
        """The keys of all witnesses."""
        return [witness.key for witness in self.witnesses.values()]

    def sealed_by(self, signers: Iterable[Key]) -> bool:
        """Whether these witnesses are enough."""
        return self._holds(self.quorum, set(signers))

    def _holds(self, name: str, signers: Collection[Key]) -> bool:
        if name == "none":
            return True
        if name in self.witnesses:
            return self.witnesses[name].key in signers
        least, members = self.groups[name]
        return sum(self._holds(member, signers) for member in members) >= least


def write(logs: Iterable[Key], witnesses: Collection[Witness], least: int) -> str:
    """A policy that wants so many of these witnesses."""
    names = tuple(one.name for one in witnesses)
    made = Trust(list(logs), {one.name: one for one in witnesses}, {"offices": (least, names)}, "offices")
    return text_of(made, urls=True)


def text_of(policy: Trust, *, urls: bool = False) -> str:
    """The policy as a text; without the addresses it is what a proof is judged by, wherever the witnesses listen."""
    lines = [f"log {key.text()}" for key in policy.logs]
    for one in policy.witnesses.values():
        lines.append(f"witness {one.name} {one.key.text()}" + (f" {one.url}" if urls and one.url else ""))
    lines += [f"group {name} {least} {' '.join(members)}" for name, (least, members) in policy.groups.items()]
    return "\n".join([*lines, f"quorum {policy.quorum}", ""])


def read(text: str) -> Trust:
    """The policy in a text. BadPolicy names the first line that is wrong."""
    made, used = Trust(), set[str]()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            _take(made, used, words)
        except (BadNote, ValueError) as fault:
            raise BadPolicy(f"line {number}: {fault}") from fault
    if not made.quorum:
        raise BadPolicy("there is no quorum line")
    return made


def _take(made: Trust, used: set[str], words: list[str]) -> None:
    kind, (fewest, most) = words[0], _WORDS.get(words[0], (0, 0))
    if not fewest or len(words) < fewest or (most and len(words) > most):
        raise ValueError(f"{kind} is not understood")
    if kind == "log":
        _add_log(made, read_key(words[1]))
    elif kind == "witness":
        _add_witness(made, Witness(words[1], read_key(words[2]), words[3] if len(words) > 3 else ""))
    elif kind == "group":
        _add_group(made, used, words[1], words[2], tuple(words[3:]))
    else:
        if made.quorum:
            raise ValueError("there is a quorum already")
        _known(made, words[1], none=True)
        made.quorum = words[1]


def _add_log(made: Trust, key: Key) -> None:
    if key.kind not in LOGS or any(
        key.public == other.public and key.name == other.name for other in made.logs
    ):
        raise ValueError("not the key of another log")
    made.logs.append(key)


def _add_witness(made: Trust, witness: Witness) -> None:
    _unnamed(made, witness.name)
    if witness.key.kind in LOGS or any(witness.key.public == other.public for other in made.keys):
        raise ValueError("not the key of another witness")
    made.witnesses[witness.name] = witness


def _add_group(made: Trust, used: set[str], name: str, least: str, members: tuple[str, ...]) -> None:
    _unnamed(made, name)
    for member in members:
        _known(made, member)
        if member in used:
            raise ValueError(f"{member} is in a group already")
        used.add(member)
    count = {"any": 1, "all": len(members)}.get(least) or int(least)
    if not 1 <= count <= len(members):
        raise ValueError(f"{least} of {len(members)} cannot be")
    made.groups[name] = (count, members)


def _unnamed(made: Trust, name: str) -> None:
    if name == "none" or name in made.witnesses or name in made.groups:
        raise ValueError(f"{name} is named already")


def _known(made: Trust, name: str, *, none: bool = False) -> None:
    if name not in made.witnesses and name not in made.groups and not (none and name == "none"):
        raise ValueError(f"{name} is not known here")
