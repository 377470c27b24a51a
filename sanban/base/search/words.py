"""Text as the index knows it: words, pairs of signs, sounds. One way in and out, so that both databases agree.

Only letters and digits are kept, folded to one width and case. A token is therefore never cut again by a database.
"""

import os
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from operator import add
from typing import Final

import rjieba

os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")  # nobody changes the tables; they need not stand twice
from pypinyin import Style, lazy_pinyin

TEXT_LENGTH: Final = 20_000
"""So much of a long text is indexed; the head of an official document says what it is about."""
TOKEN_LENGTH: Final = 40
QUERY_LENGTH: Final = 100
QUERY_WORDS: Final = 12
FILLERS: Final = frozenset("的了和与及在是对将把从于之等")
"""Signs that join words; a question is not refused for want of them."""
_NOT_A_SIGN: Final = re.compile(r"[\W_]+")
_SIGNS: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = re.compile(r"[a-z]+")


def folded(text: str) -> str:
    """One width and one case."""
    return unicodedata.normalize("NFKC", text).casefold()


def plain(text: str) -> str:
    """Letters and digits alone: 青政办发〔2026〕7号 and 青政办发 2026 7号 are one number."""
    return _NOT_A_SIGN.sub("", folded(text))


def tokens(text: str, *, fine: bool = True) -> list[str]:
    """The words of a text, each once, in their order; `fine` also gives the short words within long ones."""
    cut = rjieba.cut_for_search if fine else rjieba.cut
    words = dict.fromkeys(_pieces(cut(folded(text))))
    return [word[:TOKEN_LENGTH] for word in words if word not in FILLERS]


def _pieces(cut: Iterable[str]) -> list[str]:
    """What was cut, without signs that are neither letter nor digit."""
    found: list[str] = _SIGNS.findall(" ".join(cut))
    return found


def pairs(text: str) -> list[str]:
    """Every sign and every two neighbouring signs, each once: finds what was cut at another place."""
    bare = plain(text)
    return list(dict.fromkeys([*bare, *map(add, bare, bare[1:])]))


def asked_pairs(text: str) -> list[str]:
    """The pairs that an answer must hold; a single sign asks for itself."""
    bare = plain(text)
    return list(dict.fromkeys(map(add, bare, bare[1:]))) or list(bare)


def blind_terms(title: str, number: str) -> list[str]:
    """What a work secret is found by: the exact words of its title and number, and each as a whole."""
    whole = [part for part in (plain(title), plain(number)) if part]
    return list(dict.fromkeys([*tokens(title), *tokens(number), *whole]))


@lru_cache(maxsize=50_000)
def _sound(word: str) -> tuple[str, str]:
    if word.isascii():
        return word, word
    spoken = lazy_pinyin(word, style=Style.NORMAL)
    firsts = lazy_pinyin(word, style=Style.FIRST_LETTER)
    return "".join(plain(part) for part in firsts), "".join(plain(part) for part in spoken)


def sounds(text: str) -> tuple[str, str]:
    """Initials and full pinyin of a title: 推进营商环境 is tjyshj and tuijinyingshanghuanjing."""
    pieces = [_sound(part) for part in _pieces(rjieba.cut(folded(text)))]
    return "".join(first for first, _whole in pieces), "".join(whole for _first, whole in pieces)


def is_spelled(text: str) -> bool:
    """Whether the words may be pinyin or initials."""
    return bool(_LETTERS.fullmatch(plain(text)))


def marks(text: str, loose: bool) -> list[str]:
    """What to highlight for these words: the words themselves, or the pairs when only these were found."""
    whole = [part for part in folded(text).split() if part]
    found = asked_pairs(text) if loose else tokens(text)
    kept = [word for word in found if len(word) > 1]
    return list(dict.fromkeys([*whole, *(kept or found)]))


def joined(words: Iterable[str]) -> str:
    """Tokens as one text."""
    return " ".join(words)
