"""The reading engine: text in, structure out; pure functions, no database and no framework."""

from .grounding import Ungrounded, is_grounded, state, state_name
from .model import Fact, Measure, Meta, Reading, Section, Target
from .reader import read_document
from .resolve import Candidate, resolve_unit

__all__ = [
    "Candidate",
    "Fact",
    "Measure",
    "Meta",
    "Reading",
    "Section",
    "Target",
    "Ungrounded",
    "is_grounded",
    "read_document",
    "resolve_unit",
    "state",
    "state_name",
]
