"""From a reading to proposals: names become units of the register, dates become due dates, facts keep their spans."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sanban.decide.policy.actions import MeasureDraft
from sanban.decide.policy.rules import title_of
from sanban.study.assistant.reading import Candidate, Fact, Measure, Reading, resolve_unit
from sanban.study.assistant.reading.model import Target

SURE: Final = frozenset({"exact", "alias"})
_PERIOD: Final = re.compile(r"P(\d+)([DMY])")
_NUMBERING: Final = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百零〇\d]+[条章节]|[（(]?[一二三四五六七八九十百\d]+[)）、.．]|[①-⑳—-])\s*"
)

Register = Sequence[tuple[int, str, Sequence[str]]]


@dataclass(slots=True)
class Names:
    """The register of units as the assistant asks it; each written name is looked up once."""

    register: Register
    classes: Mapping[str, Sequence[int]]
    _seen: dict[str, list[Candidate[int]]] = field(default_factory=dict)

    def known(self) -> list[str]:
        """Every name the reading engine should know for a unit."""
        return [name for _id, official, others in self.register for name in (official, *others)]

    def candidates(self, name: str) -> list[Candidate[int]]:
        """Units a written name may mean, the best first."""
        if name not in self._seen:
            self._seen[name] = resolve_unit(name, self.register)
        return self._seen[name]

    def unit(self, name: str) -> int | None:
        """The one unit a name means; two that fit equally well are left to a person."""
        found = self.candidates(name)
        if not found or found[0].reason == "similar":
            return None
        rivals = [other for other in found[1:] if other.reason == found[0].reason]
        return None if rivals else found[0].id

    def units(self, name: str) -> tuple[int, ...]:
        """The units a name means: the members of a class, or the one unit; nothing when unknown."""
        if name in self.classes:
            return tuple(self.classes[name])
        one = self.unit(name)
        return () if one is None else (one,)


def drafts_of(reading: Reading, text: str, names: Names) -> list[MeasureDraft]:
    """One draft a measure of the reading."""
    issued = day_of(reading.meta.date)
    return [draft_of(measure, text, names, issued) for measure in reading.measures]


def draft_of(measure: Measure, text: str, names: Names, issued: date | None, offset: int = 0) -> MeasureDraft:
    """What one measure proposes. `offset` is where the read piece begins in the whole text."""
    lead, others = doers(measure)
    lead_id = names.unit(lead) if lead else None
    partners = dict.fromkeys(key for name in others for key in names.units(name) if key != lead_id)
    return MeasureDraft(
        start=measure.start + offset,
        end=measure.end + offset,
        title=title_of(_NUMBERING.sub("", measure.text)),
        path=measure.path,
        lead_id=lead_id,
        partners=tuple(partners) if lead_id is not None else (),
        due_on=due_of(measure.deadlines, issued),
        acceptance=acceptance_of(measure, text, offset),
        targets=tuple(target_values(target) for target in measure.targets),
        facts=tuple(fact_values(fact, offset) for fact in measure.facts),
    )


def doers(measure: Measure) -> tuple[str, list[str]]:
    """The written name of the lead and those of the others: the first responsible unit leads if nobody is named."""
    leads = measure.lead or measure.resp
    rest = [*leads[1:], *(measure.resp if measure.lead else ()), *measure.coop]
    return (leads[0] if leads else ""), [name for name in dict.fromkeys(rest) if name != (leads or ("",))[0]]


def due_of(deadlines: Sequence[str], issued: date | None) -> date | None:
    """The last fixed day among the deadlines; recurring and permanent duties have none."""
    days = [day for entry in deadlines if (day := _day(entry, issued)) is not None]
    return max(days, default=None)


def _day(entry: str, issued: date | None) -> date | None:
    if entry.startswith(("from:", "R:")):
        return None
    period = _PERIOD.fullmatch(entry)
    if period and issued:
        number = int(period[1])
        if period[2] == "D":
            return issued + timedelta(days=number)
        months = number * (12 if period[2] == "Y" else 1) + issued.month - 1
        first = date(issued.year + months // 12, months % 12 + 1, 1)
        return first + timedelta(days=min(issued.day, 28) - 1)
    return day_of(entry.rpartition("/")[2])


def day_of(text: str) -> date | None:
    """An ISO day, or nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def acceptance_of(measure: Measure, text: str, offset: int = 0) -> str:
    """The words of the targets, as written: what must be shown at the end."""
    words = [
        " ".join(text[fact.start + offset : fact.end + offset].split())
        for fact in measure.facts
        if isinstance(fact.value, Target)
    ]
    return "；".join(dict.fromkeys(words))


def target_values(target: Target) -> dict[str, str]:
    """A target for the ledger: the value as text, because the ledger holds no floats."""
    return {"name": target.name, "op": target.op, "value": str(target.value), "unit": target.unit}


def fact_values(fact: Fact, offset: int = 0) -> dict[str, Any]:
    """A fact for the ledger, its span counted in the whole text."""
    value: Any = target_values(fact.value) if isinstance(fact.value, Target) else fact.value
    return {
        "field": fact.field,
        "value": value,
        "start": fact.start + offset,
        "end": fact.end + offset,
        "rule": fact.rule,
        "confidence": fact.confidence,
    }
