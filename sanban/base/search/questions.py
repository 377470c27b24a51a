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

from sanban.base.search.storage import BODY, PAIRS, SOUND, TITLE, blinded, holding
from sanban.base.search.words import QUERY_WORDS, asked_pairs, is_spelled, plain, tokens

ALL_WORDS, PAIRED, ANY_WORD = "all", "pairs", "any"


@dataclass(frozen=True, slots=True)
class Question:
    """Which entries answer, and how well: lower is better."""

    way: str
    condition: Q
    grade: Any


def questions(text: str, *, secrets: bool = False) -> list[Question]:
    """The strict question first; one that could add nothing is left out. With `secrets` their blind words too."""
    bare, words, paired = plain(text), tokens(text, fine=False)[:QUERY_WORDS], asked_pairs(text)
    whole, marked = (_marked([bare]), _marked(words)) if secrets else ([], [])
    grade = _grade(bare, words, whole, marked)
    strict = _strict(text, bare, words, paired) | _named(whole) | _named(marked)
    asked = [
        Question(ALL_WORDS, strict, grade),
        Question(PAIRED, _keys(paired, PAIRS), grade),
    ]
    if len(words) > 1:
        some = Q()
        missing: Any = Value(0)
        for number, word in enumerate(words):
            held = _keys([word], TITLE, BODY) | _named(marked[number : number + 1])
            some |= held
            missing = missing + Case(When(held, then=0), default=1, output_field=IntegerField())
        asked.append(Question(ANY_WORD, some, missing))
    return asked


def secrets_named(text: str) -> Q:
    """Entries of secrets whose title or number has all these words, or is what was asked."""
    return _named(_marked([plain(text)])) | _named(_marked(tokens(text, fine=False)[:QUERY_WORDS]))


def _marked(words: list[str]) -> list[str]:
    return blinded(word for word in words if word)


def _named(marked: list[str]) -> Q:
    return _keys(marked, TITLE) if marked else Q(pk__in=[])


def _strict(text: str, bare: str, words: list[str], paired: list[str]) -> Q:
    condition = _keys(paired, PAIRS) & (_within("plain", bare) | _within("code", bare))
    if words:
        condition |= _keys(words, TITLE, BODY)
    if is_spelled(text):
        condition |= _keys(paired, SOUND) & (_within("initials", bare) | _within("pinyin", bare))
    return condition


BEST: Final = ("code", "plain", "initials", "pinyin")


def _grade(bare: str, words: list[str], whole: list[str], marked: list[str]) -> Any:
    """0 it is the number or the title, 1 begins with it, 2 holds it, 3 sounds so, 4 the title has the words, 5 else."""
    same, first = Q(), Q()
    for field in BEST:
        same |= Q(**{field: bare})
    for field in BEST[:3]:
        first |= Q(Exact(_place(field, bare), 1))
    steps = [
        When(same | _named(whole), then=0),
        When(first, then=1),
        When(_within("plain", bare) | _within("code", bare), then=2),
        When(_within("initials", bare) | _within("pinyin", bare), then=3),
    ]
    if words:
        steps.append(When(_keys(words, TITLE) | _named(marked), then=4))
    return Case(*steps, default=5, output_field=IntegerField())


def _keys(words: Sequence[str], *columns: str) -> Q:
    return Q(pk__in=holding(words, *columns))


def _place(field: str, text: str) -> StrIndex:
    return StrIndex(F(field), Value(text))


def _within(field: str, text: str) -> Q:
    return Q(GreaterThan(_place(field, text), 0))
