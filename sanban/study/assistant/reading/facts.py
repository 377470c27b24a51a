"""The facts of one measure: doers, deadlines, persons and targets, in the order of the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .conventions import Conventions
from .dates import Due, Issue, permanent_bracket, read_times
from .duties import Assignment, Doer, Slot, assignments
from .grounding import state, state_name
from .model import Fact
from .organs import Register, split_names
from .signs import squeeze
from .subjects import subject_doers
from .targets import read_targets

_DUTY: Final = re.compile(
    r"要|应当|应|必须|不得|负责|牵头|请|加强|建立|推进|完善|制定|开展|落实|确保|完成|组织|支持|鼓励|实施|推动|"
    r"加快|强化|提高|健全|优化|严格"
)
_PERMANENT: Final = re.compile(
    r"(?<=[（，；。])(?:长期坚持|持续推进|持续实施|长期推进|长期|常态化推进|持续开展)(?=[）。])"
)
_PERSON: Final = re.compile(r"[一-鿿·]{2,12}")


@dataclass(frozen=True, slots=True)
class Context:
    """A paper while it is being read: the text, its two views, its time and the rules that hold in it."""

    text: str
    view: str
    masked: str
    issue: Issue
    register: Register
    conventions: Conventions


def has_duty(view: str, start: int, end: int) -> bool:
    """Whether a paragraph lays a duty on anybody at all."""
    return _DUTY.search(view, start, end) is not None


def is_carrier(context: Context, start: int, end: int, *, labels_only: bool = False) -> bool:
    """Whether a stretch of text carries its own units (or, unless asked for labels only, its own deadline)."""
    assignment = assignments(context.masked, start, end, context.register)
    if assignment.doers or assignment.slots:
        return True
    return not labels_only and bool(read_times(context.view, start, end, context.issue))


def facts_of(context: Context, start: int, end: int) -> tuple[Fact, ...]:
    """Read everything a measure says; an explicit bracket or label outweighs the subjects of its sentences."""
    assignment = assignments(context.masked, start, end, context.register)
    doers = assignment.doers or subject_doers(context.masked, start, end, context.register)
    facts = [*_unit_facts(context, start, _by_convention(context, assignment, doers))]
    facts.extend(_time_facts(context, assignment, start, end))
    for slot in assignment.slots:
        if slot.kind == "person":
            facts.extend(_person_facts(context, slot))
    facts.extend(
        state(context.text, "target", aim.target, aim.start, aim.end, rule="target.figure")
        for aim in read_targets(
            context.view, start, end, context.issue.day.year if context.issue.day else None
        )
    )
    return tuple(facts)


def _by_convention(context: Context, assignment: Assignment, doers: list[Doer]) -> list[Doer]:
    """Where the paper says that the first listed unit leads, the first leads and the others co-operate."""
    listed = [doer for doer in doers if doer.role == "resp"]
    if (
        not context.conventions.first_leads
        or not assignment.doers
        or len(listed) != len(doers)
        or len(listed) < 2
    ):
        return doers
    rule = "convention.first_leads"
    first, *others = listed
    return [Doer("lead", first.start, first.end, rule, "convention")] + [
        Doer("coop", doer.start, doer.end, rule, "convention") for doer in others
    ]


def _unit_facts(context: Context, start: int, doers: list[Doer]) -> Iterator[Fact]:
    seen: dict[str, str] = {}
    order = {"lead": 0, "coop": 1, "resp": 2}
    best: dict[str, Doer] = {}
    for doer in doers:
        name = squeeze(context.text[doer.start : doer.end])
        if name and (name not in best or order[doer.role] < order[best[name].role]):
            best[name] = doer
    for name, doer in best.items():
        seen[name] = doer.role
        yield state_name(
            context.text, doer.role, doer.start, doer.end, rule=doer.rule, confidence=doer.confidence
        )
    if start < context.conventions.also_from:
        return
    for left, right in context.conventions.also_bound:
        if squeeze(context.text[left:right]) not in seen:
            yield state_name(
                context.text, "resp", left, right, rule="convention.also_bound", confidence="convention"
            )


def _time_facts(context: Context, assignment: Assignment, start: int, end: int) -> Iterator[Fact]:
    slots = [slot for slot in assignment.slots if slot.kind == "deadline"]
    dues: list[Due] = []
    position = start
    for slot in sorted(slots, key=lambda slot: slot.start):
        dues.extend(read_times(context.view, position, slot.start, context.issue))
        dues.extend(read_times(context.view, slot.start, slot.end, context.issue, slot=True))
        position = slot.end
    dues.extend(read_times(context.view, position, end, context.issue))
    for match in _PERMANENT.finditer(context.view, start, end):
        due = permanent_bracket(context.view, match.start(), match.end())
        if due:
            dues.append(due)
    for due in dues:
        yield state(
            context.text, "deadline", due.value, due.start, due.end, rule=due.rule, confidence=due.confidence
        )


def _person_facts(context: Context, slot: Slot) -> Iterator[Fact]:
    for left, right in split_names(context.masked, slot.start, slot.end, context.register):
        if _PERSON.fullmatch(squeeze(context.view[left:right])):
            yield state_name(context.text, "person", left, right, rule="label.person")
