"""The questions put to the index, as database conditions, in the order in which they are asked.

First every word must be there, as word, as part of the title or number, or by its sound. Where nothing has them,
the second chance asks for the pairs of signs (the text may be cut at another place); after that one word is enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact, GreaterThan

from sanban.base.search.storage import BODY, PAIRS, SOUND, TITLE, holding
from sanban.base.search.words import QUERY_WORDS, asked_pairs, is_spelled, plain, tokens

ALL_WORDS, PAIRED, ANY_WORD = "all", "pairs", "any"


@dataclass(frozen=True, slots=True)
class Question:
    """Which entries answer, and how well: lower is better."""

    way: str
    condition: Q
    grade: Any


def questions(text: str) -> list[Question]:
    """The strict question first; one that could add nothing is left out."""
    bare, words, paired = plain(text), tokens(text, fine=False)[:QUERY_WORDS], asked_pairs(text)
    grade = _grade(bare, words)
    asked = [
        Question(ALL_WORDS, _strict(text, bare, words, paired), grade),
        Question(PAIRED, _keys(paired, PAIRS), grade),
    ]
    if len(words) > 1:
        some = Q()
        missing: Any = Value(0)
        for word in words:
            held = _keys([word], TITLE, BODY)
            some |= held
            missing = missing + Case(When(held, then=0), default=1, output_field=IntegerField())
        asked.append(Question(ANY_WORD, some, missing))
    return asked


def _strict(text: str, bare: str, words: list[str], paired: list[str]) -> Q:
    condition = _keys(paired, PAIRS) & (_within("plain", bare) | _within("code", bare))
    if words:
        condition |= _keys(words, TITLE, BODY)
    if is_spelled(text):
        condition |= _keys(paired, SOUND) & (_within("initials", bare) | _within("pinyin", bare))
    return condition


BEST: Final = ("code", "plain", "initials", "pinyin")


def _grade(bare: str, words: list[str]) -> Any:
    """0 it is the number or the title, 1 begins with it, 2 holds it, 3 sounds so, 4 the title has the words, 5 else."""
    same, first = Q(), Q()
    for field in BEST:
        same |= Q(**{field: bare})
    for field in BEST[:3]:
        first |= Q(Exact(_place(field, bare), 1))
    steps = [
        When(same, then=0),
        When(first, then=1),
        When(_within("plain", bare) | _within("code", bare), then=2),
        When(_within("initials", bare) | _within("pinyin", bare), then=3),
    ]
    if words:
        steps.append(When(_keys(words, TITLE), then=4))
    return Case(*steps, default=5, output_field=IntegerField())


def _keys(words: Sequence[str], *columns: str) -> Q:
    return Q(pk__in=holding(words, *columns))


def _place(field: str, text: str) -> StrIndex:
    return StrIndex(F(field), Value(text))


def _within(field: str, text: str) -> Q:
    return Q(GreaterThan(_place(field, text), 0))
