"""The one place where facts are made: a fact whose span does not say it is refused."""

import re
from typing import Final

from .model import Confidence, Fact, Target
from .signs import numerals, squeeze, view

_NAMES: Final = frozenset({"lead", "coop", "resp", "person", "title", "number", "organ", "convention"})
_TIMES: Final = frozenset({"deadline", "date"})
_TIME_WORD: Final = re.compile(r"[年月日号天周旬季]|五|长期|持续|常态|经常|不断|即时|[0-9]")
_YEAR: Final = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})-")


class Ungrounded(ValueError):
    """The span quoted for a fact does not say what the fact claims."""


def _time_is_said(quote: str, value: str, confidence: Confidence) -> bool:
    """A time is grounded by a word of time, and an explicit one by every year it claims."""
    if not _TIME_WORD.search(view(quote)):
        return False
    if confidence != "explicit":
        return True
    said = numerals(quote)
    years = {float(year) for year in _YEAR.findall(value)}
    return years <= said


def _target_is_said(quote: str, target: Target) -> bool:
    """A target is grounded by its number and its unit."""
    return float(target.value) in numerals(quote.replace(",", "")) and view(target.unit) in view(
        squeeze(quote)
    )


def is_grounded(text: str, fact: Fact) -> bool:
    """Whether the text, at the span of the fact, says what the fact claims."""
    if not 0 <= fact.start < fact.end <= len(text) or not fact.rule:
        return False
    quote = text[fact.start : fact.end]
    if isinstance(fact.value, Target):
        return fact.field == "target" and _target_is_said(quote, fact.value)
    if fact.field in _NAMES:
        return bool(fact.value) and squeeze(quote) == fact.value
    if fact.field in _TIMES:
        return bool(fact.value) and _time_is_said(quote, fact.value, fact.confidence)
    return False


def state(
    text: str,
    field: str,
    value: str | Target,
    start: int,
    end: int,
    *,
    rule: str,
    confidence: Confidence = "explicit",
) -> Fact:
    """Make a fact, or raise `Ungrounded` when text[start:end] does not ground it."""
    fact = Fact(field, value, start, end, rule, confidence)
    if not is_grounded(text, fact):
        quote = text[max(start, 0) : max(end, 0)][:40]
        raise Ungrounded(
            f"{field}={value!r} is not said at {start}:{end} ({quote!r}); rule {rule or '(none)'}"
        )
    return fact


def state_name(
    text: str, field: str, start: int, end: int, *, rule: str, confidence: Confidence = "explicit"
) -> Fact:
    """Make a fact whose value is the quoted name itself, blanks left out."""
    return state(text, field, squeeze(text[start:end]), start, end, rule=rule, confidence=confidence)
