"""Document-wide rules a paper states once: the first listed leads; these units are bound everywhere, not repeated."""

import re
from dataclasses import dataclass
from typing import Final

from .grounding import state_name
from .model import Fact
from .organs import Register, is_vague, split_names
from .signs import squeeze

_FIRST_LEADS: Final = re.compile(
    r"(?:排(?:名|列|序)?在?(?:第一位?|首位|最前)|列(?:在|为)?(?:第一位?|首位)|第一个(?:单位|部门)|首个(?:单位|"
    r"部门)|(?:排|列)(?:名)?第一)"
    r"[^。；\n]{0,14}?牵头(?:责任)?(?:单位|部门)?|牵头(?:责任)?(?:单位|部门)[^。；\n]{0,8}(?:排在|列在|"
    r"列)(?:第一位|首位|第一)"
)
_ALSO_BOUND: Final = re.compile(
    r"(?P<names>各[^，。；（）\n]{1,40}?(?:政府|管委会|部门))(?:均?为(?:共同)?责任单位|"
    r"(?:均需)?按(?:照)?职责(?:分工)?(?:负责|落实))?"
    r"[，、]?[^。；\n，]{0,10}(?:不再(?:一一|逐一|另行|重复)?列出|下同)"
)


@dataclass(frozen=True, slots=True)
class Conventions:
    """The rules found, each resting on a fact that quotes it."""

    first_leads: bool = False
    also_bound: tuple[tuple[int, int], ...] = ()
    also_from: int = 0
    facts: tuple[Fact, ...] = ()


def read_conventions(text: str, masked: str, register: Register) -> Conventions:
    """Look for the rules anywhere in the paper."""
    facts: list[Fact] = []
    first = _FIRST_LEADS.search(masked)
    if first:
        facts.append(
            state_name(text, "convention", first.start(), first.end(), rule="convention.first_leads")
        )
    bound: tuple[tuple[int, int], ...] = ()
    also = _ALSO_BOUND.search(masked)
    if also:
        spans = split_names(masked, also.start("names"), also.end("names"), register)
        bound = tuple(span for span in spans if not is_vague(squeeze(masked[span[0] : span[1]])))
        facts.append(state_name(text, "convention", also.start(), also.end(), rule="convention.also_bound"))
    return Conventions(first is not None, bound, also.start() if also else 0, tuple(facts))
