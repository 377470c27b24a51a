"""The laws of events: named `room.noun_verbed`, declared in their own room, with a sentence that can be said."""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass

from tests.laws.source import Breach, room_of_module

KIND = re.compile(r"[a-z]+\.[a-z0-9]+(?:_[a-z0-9]+)+")
IRREGULAR = {
    "begun", "bound", "broken", "built", "cast", "chosen", "cut", "done", "drawn", "found", "frozen", "given", "held",
    "kept", "known", "left", "lent", "made", "met", "put", "read", "sent", "set", "shown", "spent", "split", "taken",
    "told", "withdrawn", "won", "written",
}  # fmt: skip


@dataclass(frozen=True)
class Declared:
    """An event type as its room declares it."""

    kind: str
    module: str
    sentence: str
    hints: dict[str, str]


def _is_participle(word: str) -> bool:
    return word.endswith("ed") or word in IRREGULAR


def _fields_said(sentence: str) -> set[str]:
    return {
        name.split(".")[0].split("[")[0]
        for _, name, _, _ in string.Formatter().parse(sentence)
        if name is not None
    }


def events(declared: Iterable[Declared]) -> list[Breach]:
    """Every event that is out of form, with what is wrong."""
    found = []
    for row in declared:
        faults = []
        room = room_of_module(row.module)
        if not KIND.fullmatch(row.kind) or not any(
            map(_is_participle, row.kind.partition(".")[2].split("_")[1:])
        ):
            faults.append("is not named room.noun_verbed")
        if room is None or row.kind.partition(".")[0] != room.name:
            faults.append(f"does not begin with its room, {room.name if room else row.module}")
        if not row.sentence.strip():
            faults.append("has no sentence")
        unknown = _fields_said(row.sentence) - set(row.hints)
        if unknown:
            faults.append(f"says what it does not carry: {', '.join(sorted(unknown))}")
        floats = [name for name, hint in row.hints.items() if re.search(r"\bfloat\b", hint)]
        if floats:
            faults.append(f"carries floats: {', '.join(sorted(floats))}")
        found += [Breach("events", row.module, 0, f"{row.kind} {fault}") for fault in faults]
    return found
