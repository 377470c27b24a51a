"""What a reading is made of: measures, goals, sections, and facts that each quote their place in the text."""

from dataclasses import dataclass, field
from typing import Literal

Confidence = Literal["explicit", "convention", "inferred"]
Role = Literal["basis", "goal", "principle", "measure", "schedule", "safeguard", "closing", "annex"]
UnitRole = Literal["lead", "coop", "resp"]


@dataclass(frozen=True, slots=True)
class Target:
    """A number that must be reached: its name, the operator, the value and the unit as written."""

    name: str
    op: str
    value: int | float
    unit: str

    def as_dict(self) -> dict[str, object]:
        """The four parts as plain JSON values."""
        return {"name": self.name, "op": self.op, "value": self.value, "unit": self.unit}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing read, the span that says it, the rule that read it and how sure the rule is.

    Facts are made by `grounding.state` only, which refuses what the span does not say.
    """

    field: str
    value: str | Target
    start: int
    end: int
    rule: str
    confidence: Confidence

    def as_dict(self) -> dict[str, object]:
        """The fact as plain JSON values."""
        value = self.value.as_dict() if isinstance(self.value, Target) else self.value
        return {
            "field": self.field,
            "value": value,
            "start": self.start,
            "end": self.end,
            "rule": self.rule,
            "confidence": self.confidence,
        }


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its level, extent and the role of what stands under it; `note` says restart or skip."""

    path: str
    title: str
    level: int
    start: int
    end: int
    role: Role
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """A duty laid on somebody (or, among the goals, a paragraph of aims), exactly as the text has it."""

    path: str
    text: str
    start: int
    end: int
    facts: tuple[Fact, ...] = ()

    def _names(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(fact.value) for fact in self.facts if fact.field == name))

    @property
    def lead(self) -> tuple[str, ...]:
        """Units said to lead."""
        return self._names("lead")

    @property
    def coop(self) -> tuple[str, ...]:
        """Units said to co-operate."""
        return self._names("coop")

    @property
    def resp(self) -> tuple[str, ...]:
        """Units named as responsible without lead or co-operation being told apart."""
        return self._names("resp")

    @property
    def deadlines(self) -> tuple[str, ...]:
        """What must be reached by when, in the notation of the output schema."""
        return self._names("deadline")

    @property
    def targets(self) -> tuple[Target, ...]:
        """The numbers this measure must reach."""
        return tuple(fact.value for fact in self.facts if isinstance(fact.value, Target))

    def as_dict(self) -> dict[str, object]:
        """The measure in the output schema."""
        return {
            "path": self.path,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "lead": list(self.lead),
            "coop": list(self.coop),
            "resp": list(self.resp),
            "deadlines": list(self.deadlines),
            "targets": [target.as_dict() for target in self.targets],
            "facts": [fact.as_dict() for fact in self.facts],
        }


@dataclass(frozen=True, slots=True)
class Meta:
    """Title, number, issuing organ and date of the paper; an empty string where the text has none."""

    title: str = ""
    number: str = ""
    organ: str = ""
    date: str = ""

    def as_dict(self) -> dict[str, object]:
        """The four entries as plain strings."""
        return {"title": self.title, "number": self.number, "organ": self.organ, "date": self.date}


@dataclass(frozen=True, slots=True)
class Reading:
    """A paper as read: metadata, measures, goals, sections, and the document-wide facts behind them."""

    doc: str
    meta: Meta
    measures: tuple[Measure, ...] = ()
    goals: tuple[Measure, ...] = ()
    sections: tuple[Section, ...] = ()
    facts: tuple[Fact, ...] = field(default=())

    def as_dict(self) -> dict[str, object]:
        """The reading in the output schema, ready for one line of JSON."""
        return {
            "doc": self.doc,
            "meta": self.meta.as_dict(),
            "measures": [measure.as_dict() for measure in self.measures],
            "goals": [goal.as_dict() for goal in self.goals],
        }
