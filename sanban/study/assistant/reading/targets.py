"""Target grammar: name, operator, value and unit of a number that must be reached."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .model import Target
from .signs import blank_out

_UNIT: Final = (
    r"(?:个百分点|%|‰|[万亿千百]{0,2}(?:元|人次|人|户|家|个|项|件|亩|公里|千米|平方米|平方公里|立方米|公顷|吨|"
    r"千瓦|张|所|座|辆|台|套|种|次|篇|场|名|处|条|"
    r"米|岁|倍|天|小时|分钟|年|斤|公斤|标准煤)|[万亿](?=[，。；、]|$))"
)
_NUMBER: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,9}(?:\.[0-9]{1,4})?)"
_FIGURE: Final = re.compile(
    rf"(?P<value>{_NUMBER})\s*(?P<mid>{_UNIT})?(?:\s*(?:—|-|~|至|到)\s*(?P<high>{_NUMBER})\s*)?(?P<unit>{_UNIT})?"
    r"(?P<more>以上|及以上|左右|以内|以下|之内|及以下|上下)?"
)
_SKIP: Final = re.compile(r"《[^《》\n]{0,120}》|[〔（][^〔〕（）\n]{0,12}[0-9]{4}[^〔〕（）\n]{0,12}[〕）]")
_BEFORE: Final = re.compile(
    r"(?P<atleast>不低于|不少于|不小于|不得低于|不得少于|至少|达到|达(?=[0-9])|力争达到|保持在|稳定在|超过|突破|高于|大于|"
    r"多于|提高到|提升到|增加到|提高至|提升至|增加至|增长到|扩大到|恢复到)"
    r"|(?P<atmost>不高于|不超过|不多于|不大于|不得超过|不得高于|控制在|低于|少于|小于|压减到|降低到|降至|下降到|"
    r"减少到|压缩到|压缩至|缩短到|缩短至|降低至|减少至|下降至)"
    r"|(?P<rise>提高|增长|提升|增加|新增|上升|增幅)|(?P<fall>下降|降低|减少|压减|压缩|缩短|缩减|削减)"
    r"|(?P<equal>建成|建设|完成|培育|打造|新建|改造|培训|创建|形成|为|按|约|选取|设立)"
)
_YEARS: Final = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_STRICT: Final = {
    **dict.fromkeys(("超过", "突破", "高于", "大于", "多于"), ">"),
    **dict.fromkeys(("低于", "少于", "小于"), "<"),
}
_NAME_STOP: Final = re.compile(r"[。；，,：\n、（）“”\x01]")
_NAME_LEAD: Final = re.compile(
    r"^(?:到?[0-9]{4}年(?:底|末)?|力争|确保|争取|使|将|把|其中|并|全[省市县]|原则上|实现|推动|的)+"
)
_NAME_TAIL: Final = re.compile(r"[由从自][0-9.]+\s*[^0-9]{0,4}$|[由从]$")
_GUARDED_UNITS: Final = frozenset({"年", "天", "次", "个", "条", "岁", "小时", "分钟"})


@dataclass(frozen=True, slots=True)
class Aim:
    """A target with its offsets."""

    target: Target
    start: int
    end: int


def read_targets(view: str, start: int, end: int, issued: int | None = None) -> list[Aim]:
    """The targets between two offsets; a number without an operator, or in a sentence on past years, is left
    alone."""
    piece = view[start:end]
    if not re.search(r"[0-9]", piece):
        return []
    piece = blank_out(piece, _SKIP)
    return [
        Aim(aim.target, aim.start + start, aim.end + start)
        for aim in _aims(piece)
        if issued is None or not _tells_the_past(piece, aim.start, issued)
    ]


def _tells_the_past(piece: str, position: int, issued: int) -> bool:
    """Whether every year in the sentence so far lies before the year of issue."""
    years = [int(year) for year in _YEARS.findall(piece, piece.rfind("。", 0, position) + 1, position)]
    return bool(years) and max(years) < issued


def _aims(piece: str) -> Iterator[Aim]:
    for match in _FIGURE.finditer(piece):
        unit = match["unit"] or (match["mid"] if not match["high"] else None)
        if unit is None or piece[max(0, match.start() - 1) : match.start()] in tuple("0123456789.,第"):
            continue
        counts_time = unit == "个" and piece[match.end() : match.end() + 2] in ("月内", "工作")
        if counts_time or (unit == "年" and not match["more"]):
            continue
        clause = _clause_before(piece, match.start())
        operator = _operator(clause, match["more"], unit)
        name = _name(clause) or _clause_before(piece, match.start() - len(clause) - 1).strip()
        if match["high"]:
            yield Aim(Target(name, ">=", _value(match["value"]), unit), match.start(), match.end())
            yield Aim(Target(name, "<=", _value(match["high"]), unit), match.start(), match.end())
        elif operator is not None:
            yield Aim(Target(name, operator, _value(match["value"]), unit), match.start(), match.end())


def _clause_before(piece: str, position: int) -> str:
    floor = max(0, position - 48)
    start = floor
    for stop in _NAME_STOP.finditer(piece, floor, position):
        start = stop.end()
    return piece[start:position]


def _operator(clause: str, more: str | None, unit: str) -> str | None:
    last = _last_operator(clause)
    near = last is not None and len(clause) - last.end() <= 6
    if near and last is not None and last["rise"]:
        return "+"
    if near and last is not None and last["fall"]:
        return "-"
    if more:
        return ">=" if more.endswith("上") and more != "上下" else "~" if more in ("左右", "上下") else "<="
    if not near or last is None:
        return None
    if last["atleast"]:
        return _STRICT.get(last.group(), ">=")
    if last["atmost"]:
        return _STRICT.get(last.group(), "<=")
    return None if unit in _GUARDED_UNITS or last.group() in ("为", "按", "约") else "="


def _last_operator(clause: str) -> re.Match[str] | None:
    return next(reversed(list(_BEFORE.finditer(clause))), None)


def _name(clause: str) -> str:
    last = _last_operator(clause)
    between = clause[last.end() :].strip() if last else ""
    if len(between) > 1:
        return between[-30:]
    words = clause[: last.start()] if last and last.start() > 0 else clause[last.end() :] if last else clause
    return _NAME_TAIL.sub("", _NAME_LEAD.sub("", words.strip())).strip()[-30:]


def _value(written: str) -> int | float:
    written = written.replace(",", "")
    return float(written) if "." in written else int(written)
