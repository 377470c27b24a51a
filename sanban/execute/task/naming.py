"""Units as people write them: an index of names in memory, so that ten thousand rows ask the directory once."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sanban.base.access.actor import Actor
from sanban.base.people.queries import classes, register

SEPARATORS: Final = re.compile(r"[、，,；;\n/]+")
MOST_CANDIDATES: Final = 8
MOST_NAMES_COMPARED: Final = 300
"""Likeness is costly: a list with more unknown names than this is a list of the wrong thing."""


def bare(text: str) -> str:
    """A name without the differences nobody means: width, spaces, brackets' shape."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def split(text: str) -> list[str]:
    """The names of a cell, each once, in their order; full and half width marks separate."""
    return list(dict.fromkeys(part.strip() for part in SEPARATORS.split(text) if part.strip()))


@dataclass(slots=True)
class Directory:
    """Every name that a unit or a class of units goes by."""

    full: Mapping[int, str]
    short: Mapping[int, str]
    exact: Mapping[str, frozenset[int]]
    classes: Mapping[str, tuple[int, ...]]
    _near: dict[str, list[int]] = field(default_factory=dict)

    def units(self, text: str) -> frozenset[int]:
        """The units whose full, short or other name this is."""
        return self.exact.get(bare(text), frozenset())

    def members(self, text: str) -> tuple[int, ...]:
        """The units of a class of this name."""
        return self.classes.get(bare(text), ())

    def candidates(self, text: str) -> list[int]:
        """Units that may be meant when the name is not quite right, the likeliest first."""
        words = bare(text)
        if words not in self._near and len(self._near) >= MOST_NAMES_COMPARED:
            return []
        if words not in self._near:
            held = [name for name in self.exact if len(words) > 1 and (words in name or name in words)]
            held.sort(key=lambda name: (abs(len(name) - len(words)), name))
            held += difflib.get_close_matches(words, self.exact, n=MOST_CANDIDATES, cutoff=0.6)
            found = [unit for name in held for unit in sorted(self.exact[name])]
            self._near[words] = list(dict.fromkeys(found))[:MOST_CANDIDATES]
        return self._near[words]


def directory(actor: Actor) -> Directory:
    """The names in force now. Three queries."""
    rows = register(actor=actor)
    exact: dict[str, set[int]] = {}
    for unit_id, name, others in rows:
        for word in (name, *others):
            exact.setdefault(bare(word), set()).add(unit_id)
    known = {unit_id for unit_id, _name, _others in rows}
    groups: Mapping[str, Iterable[int]] = classes(actor=actor)
    return Directory(
        full={unit_id: name for unit_id, name, _others in rows},
        short={unit_id: others[0] for unit_id, _name, others in rows},
        exact={name: frozenset(ids) for name, ids in exact.items()},
        classes={
            bare(name): members
            for name, ids in groups.items()
            if (members := tuple(unit for unit in ids if unit in known))
        },
    )
