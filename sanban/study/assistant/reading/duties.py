"""Doers by brackets and labels: （X牵头，Y配合）, （责任单位：A、B）, 牵头单位：X on a line of its own, 分别牵头."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .model import Confidence, UnitRole
from .organs import Register, is_vague, split_names
from .signs import squeeze

LABEL: Final = re.compile(
    r"(?P<lead>牵头(?:责任)?(?:单位|部门|处室|科室)|主办(?:单位|部门)|主责(?:单位|部门)|牵头(?=\s*：)|"
    r"第一责任单位)\s*[：]"
    r"|(?P<coop>(?:配合|协办|参与|参加|协助|协同|会办)(?:责任)?(?:单位|部门|处室|科室)|配合(?=\s*：)|"
    r"参与(?=\s*：))\s*[：]"
    r"|(?P<resp>(?:责任|负责|承办|实施|主管|落实|责任落实)(?:单位|部门|主体|处室|科室|机构)(?:及分工|"
    r"及(?:完成)?时限)?|责任分工|分工(?=\s*：)|任务分工|指导(?:单位|部门))\s*[：]"
    r"|(?P<deadline>(?:完成|办结|落实|整改|工作|推进|截止|实施)(?:时限|时间|期限)(?:要求)?|时限(?:要求)?|"
    r"时间(?:要求|节点|进度)|期限(?=\s*：)|进度(?:安排|要求))\s*[：]"
    r"|(?P<person>责任(?:人|领导|人员)|牵头(?:领导|人)|分管领导|联系人|(?:主要|直接)责任人|第一责任人|"
    r"包保领导)\s*[：]"
    r"|(?P<other>任务(?:内容)?|工作(?:内容|举措|目标)|目标|措施|成果形式|预期成果|备注|联系电话)\s*[：]"
)
_LABEL_WORD: Final = re.compile(r"单位|部门|时限|时间|期限|责任|分工|牵头|配合|领导|处室|进度|参与|主体|人：")
_OTHER: Final = "other"
_VERB: Final = re.compile(
    r"(?:分别|共同|联合|具体|统一|按照?(?:各自)?职(?:责|能)(?:分工|范围)?(?:分别|共同)?|"
    r"根据(?:各自)?职责(?:分工)?|依(?:据)?(?:各自)?职责(?:分工)?|各负其责|总|主要|组织|抓好)*"
    r"(?P<verb>负责牵头|牵头|会同|会商|配合|协助|参与|参加|协同|协办|主办|承办|负责|落实|指导|实施|承担|推进)"
    r"(?:负责|落实|实施|制定|组织实施|推进|抓好落实|办理|落实)*"
)
_ROLES: Final[dict[str, UnitRole]] = {
    **dict.fromkeys(("负责牵头", "牵头", "主办", "会同", "会商"), "lead"),
    **dict.fromkeys(("配合", "协助", "参与", "参加", "协同", "协办"), "coop"),
}
_CLAUSE: Final = re.compile(r"[，,；;。\n]")
_WITH: Final = ("会同", "会商")
_NO_NAME: Final = re.compile(
    r"^.{1,2}$|持续|长期|常态|完成|[0-9]年|[0-9]月|底前|[的将把对要]|工作$|任务$|落实"
)
_LONGEST_BRACKET: Final = 500
_PLAUSIBLE: Final = re.compile(r"[A-Za-z]{0,4}[一-鿿某][一-鿿某0-9A-Za-z·（）“”]{1,29}")


@dataclass(frozen=True, slots=True)
class Doer:
    """A unit found in the text, in which role, by which rule."""

    role: UnitRole
    start: int
    end: int
    rule: str
    confidence: Confidence = "explicit"


@dataclass(frozen=True, slots=True)
class Slot:
    """The value of a label that is not a unit: a deadline or a person."""

    kind: str
    start: int
    end: int


@dataclass(slots=True)
class Assignment:
    """What the brackets and labels of one measure say, and where they stand."""

    doers: list[Doer]
    slots: list[Slot]
    spans: list[tuple[int, int]]


def assignments(masked: str, start: int, end: int, register: Register) -> Assignment:
    """All unit brackets and label lines between two offsets."""
    result = Assignment([], [], [])
    for left, right in _brackets(masked, start, end):
        _read_bracket(masked, left, right, register, result)
    if "：" in masked[start:end] and _LABEL_WORD.search(masked, start, end):
        for left, right in _outside(result.spans, start, end):
            _read_labels(masked, left, right, register, result)
    return result


def _brackets(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The outermost balanced brackets, without their signs."""
    depth, opened = 0, start
    for match in re.finditer(r"[（）]", masked[start:end]):
        position = start + match.start()
        if match.group() == "（":
            opened = position + 1 if depth == 0 else opened
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and 1 < position - opened <= _LONGEST_BRACKET:
                yield opened, position


def _outside(spans: list[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    position = start
    for left, right in sorted(spans):
        if position < left:
            yield position, left
        position = max(position, right)
    if position < end:
        yield position, end


def _read_bracket(masked: str, left: int, right: int, register: Register, result: Assignment) -> None:
    if LABEL.search(masked, left, right):
        result.spans.append((left, right))
        _read_labels(masked, left, right, register, result)
        return
    verb = _VERB.search(masked, left, right)
    closes = right + 1 >= len(masked) or masked[right + 1] in "\n。；"
    doers = _clauses(masked, left, right, register, "resp", bare_role="resp" if closes else None)
    if not doers or (verb and not _ends_like_duty(masked, left, right)):
        return
    names = [masked[doer.start : doer.end] for doer in doers]
    known = sum(register.is_organ(squeeze(name)) for name in names)
    if known * 2 >= len(names) and (verb or known == len(names)):
        result.spans.append((left, right))
        result.doers.extend(doers)


def _ends_like_duty(masked: str, left: int, right: int) -> bool:
    """A unit bracket ends in its duty verb or in a name, not in another sentence."""
    tail = _CLAUSE.split(masked[left:right].rstrip("。；，"))[-1]
    return bool(_VERB.search(tail)) or "完成" in tail or "前" in tail or len(tail) <= 40


def _read_labels(masked: str, left: int, right: int, register: Register, result: Assignment) -> None:
    found = [
        match for match in LABEL.finditer(masked, left, right) if _label_stands_free(masked, match, left)
    ]
    for index, match in enumerate(found):
        stop = found[index + 1].start() if index + 1 < len(found) else right
        value_end = _value_end(masked, match.end(), stop)
        kind = str(match.lastgroup)
        if kind == _OTHER:
            continue
        if kind in ("deadline", "person"):
            result.slots.append(Slot(kind, match.end(), value_end))
        else:
            role: UnitRole = "lead" if kind == "lead" else "coop" if kind == "coop" else "resp"
            result.doers.extend(named_units(masked, match.end(), value_end, register, role))
        result.spans.append((match.start(), value_end))


def _label_stands_free(masked: str, match: re.Match[str], left: int) -> bool:
    """A label stands at the beginning of a line or after a stop, never in the middle of a word."""
    before = masked[max(left, match.start() - 1) : match.start()]
    return before == "" or not "一" <= before <= "鿿"


def _value_end(masked: str, start: int, stop: int) -> int:
    """A value runs to the end of its sentence, or of its line; an empty line passes it on to the next."""
    position = start
    while position < stop and masked[position].isspace():
        position += 1
    match = re.compile(r"[。\n]").search(masked, position, stop)
    return match.start() if match else stop


def named_units(masked: str, start: int, end: int, register: Register, role: UnitRole) -> list[Doer]:
    """The units of a label value or a table cell, in the role the label gives unless a verb says otherwise."""
    doers = _clauses(masked, start, end, register, role, bare_role=role)
    return [
        Doer(doer.role, doer.start, doer.end, doer.rule.replace("bracket", "label"), doer.confidence)
        for doer in doers
    ]


def _clauses(
    masked: str, left: int, right: int, register: Register, default: UnitRole, bare_role: UnitRole | None
) -> list[Doer]:
    """Walk the clauses of an assignment; names wait until a verb says their role."""
    doers: list[Doer] = []
    waiting: list[tuple[int, int]] = []
    position, with_next, led = left, False, False
    for match in _VERB.finditer(masked, left, right):
        if match.start() < position:
            continue
        names = _good_names(masked, position, match.start(), register)
        verb = match.group("verb")
        role = "coop" if with_next else _ROLES.get(verb, default)
        each = role == "lead" and "分别" in match.group()
        rule = "bracket.with" if with_next else "bracket.each_leads" if each else f"bracket.{role}"
        doers.extend(Doer(role, name[0], name[1], rule) for name in (*waiting, *names))
        led = led or role == "lead"
        waiting, with_next, position = [], verb in _WITH, match.end()
        if not names and verb == "牵头" and doers and masked[: match.start()].endswith("负责"):
            doers[-1] = Doer("lead", doers[-1].start, doers[-1].end, "bracket.lead")
    waiting = _good_names(masked, position, right, register)
    if with_next:
        doers.extend(Doer("coop", name[0], name[1], "bracket.with") for name in waiting)
    elif not doers and bare_role:
        doers.extend(Doer(bare_role, name[0], name[1], "bracket.listed") for name in waiting)
    elif led:
        organs = [name for name in waiting if register.is_organ(squeeze(masked[name[0] : name[1]]))]
        doers.extend(Doer("coop", name[0], name[1], "bracket.after_lead", "convention") for name in organs)
    return doers


def _good_names(masked: str, start: int, end: int, register: Register) -> list[tuple[int, int]]:
    good: list[tuple[int, int]] = []
    for left, right in split_names(masked, start, end, register):
        bracket = masked.find("（", left, right)
        if bracket > left and register.is_organ(squeeze(masked[left:bracket])):
            right = bracket
        name = squeeze(masked[left:right])
        if is_vague(name) or not _PLAUSIBLE.fullmatch(name):
            continue
        if not register.is_organ(name) and _NO_NAME.search(name):
            continue
        good.append((left, right))
    return good
