"""Time grammar: due dates, windows, starts, recurrence, relative and permanent times, each with its span."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from .model import Confidence
from .signs import blank_out, number

_CN: Final = "〇一二三四五六七八九十"
_YEAR: Final = rf"(?:19|20)[0-9]{{2}}|[一二][{_CN}]{{3}}"
_POINT: Final = re.compile(
    rf"(?:(?P<year>(?<![0-9])(?:{_YEAR}))\s*年|(?P<word>今年|本年度?|当年|明年|次年|翌年|同年))?"
    rf"(?:(?:的)?(?<![0-9])(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月份?"
    rf"(?:(?P<day>[0-9]{{1,2}}|[一二三四五六七八九]?十?[一二三四五六七八九十])\s*[日号]"
    rf"|(?P<part>上旬|中旬|下旬|月?底|月?末|初))?"
    rf"|第?(?P<quarter>[一二三四1-4])季度(?:末|底)?"
    rf"|(?P<half>上半年|下半年)(?:末|底)?"
    rf"|(?P<edge>(?<![0-9〇一二三四五六七八九十百两半几多数])(?:年底|年末|年内|年初|年中)"
    rf"|(?(year)(?:底|末|内|初|中(?=[^小西]))|(?(word)(?:底|末|内|初|中)|(?!))))"
    rf"|(?(year)(?!\s*[0-9])|(?(word)|(?!))))"
)
_DATE_LIKE: Final = re.compile(r"年|月|季度")
_SPAN_YEARS: Final = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})\s*年?\s*(?:—+|-|~|至|到)\s*((?:19|20)[0-9]{2})\s*年(?![0-9月])"
)
_JOIN: Final = re.compile(r"\s*(?:—+|-|~|至|到)\s*")
_QUOTED: Final = re.compile(r"《[^《》\n]{0,120}》|〔[0-9]{4}〕")
_FIVE: Final = re.compile(r"[“\"]?(十[二三四五六])五[”\"]?(?:时期|期|规划期)?(?:末|期末|期间)")
_AFTER_DUE: Final = re.compile(r"\s*(?:之|以)?前(?![期述后]|三|两|沿)")
_AFTER_FROM: Final = re.compile(r"\s*(?:起|开始)(?!草|步|源|点)")
_BEFORE_DUE: Final = re.compile(r"(?:到|至|于|在|截至|截止|力争|确保|争取|原则上|完成时[限间]：|时限：)\s*$")
_DONE: Final = re.compile(r"^[^。；\n]{0,30}?(?:完成|实现|达到|建成|基本形成|全面建立|出台|到位|完毕)")
_AFTER_FACT: Final = re.compile(r"^(?:以来|来，|后|间|的|度|印发|发布|公布|召开|，?全国|，?我)")
_RELATIVE: Final = re.compile(
    rf"(?P<low>[0-9]{{1,3}}|[{_CN}两]{{1,3}}|半)(?:\s*(?:—|-|~|至|到)\s*(?P<high>[0-9]{{1,3}}|[{_CN}两]{{1,3}}))?"
    r"\s*(?P<unit>个工作日|工作日|日|天|周|个月|个?季度|年)(?:左右)?(?:的?时间)?(?:之|以)?内(?!的)"
)
_NOT_RELATIVE: Final = re.compile(r"(?:近|过去|前|连续|每|第|未来|[0-9年月])$")
_RECURRENT: Final = re.compile(
    rf"每(?:(?P<count>[{_CN}两0-9]{{1,2}})个?)?(?P<unit>半年|年度?|季度?|个?月|周|日|"
    rf"天)(?P<rest>[^，。；、\n]{{0,24}})"
)
_RECURRENT_ACT: Final = re.compile(
    r"前|报送|上报|报告|通报|公布|公开|发布|评估|检查|督查|开展|组织|召开|调度|考核|会商|更新|汇总|抽查|至少|"
    r"不少于|一次|1次|编制|举办|制定|研究|总结"
)
_MONTH_DAY: Final = re.compile(
    r"(?:最后一个?月|末月|首月|第[一二三]个?月)?\s*(?P<day>[0-9]{1,2})[日号](?:之|以)?前?"
)
_YEARLY: Final = re.compile(
    r"[0-9一二三四五六七八九十]{1,3}月(?:份|底|末|[0-9]{1,2}日)?(?:之|以)?前?|年?[底初末](?:之|以)?前?"
)
_LONG: Final = re.compile(
    r"长期(?:坚持|推进|实施|任务|有效|落实)?|持续(?:推进|实施|开展|坚持|落实)|常态化(?:推进|开展)?|经常性工作|"
    r"不断推进"
)
_HALF_END: Final = {"上半年": (6, 30), "下半年": (12, 31)}
_UNITS: Final = {"工作日": "D", "日": "D", "天": "D", "周": "W", "月": "M", "季度": "Q", "年": "Y"}


@dataclass(frozen=True, slots=True)
class Issue:
    """What the paper itself says of its time: the day of issue and a year named in its title."""

    day: date | None = None
    title_year: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A time read from the text, with offsets into the text it was read from."""

    value: str
    start: int
    end: int
    rule: str
    confidence: Confidence = "explicit"


@dataclass(frozen=True, slots=True)
class _Period:
    first: date
    last: date
    sure: bool


def read_times(view: str, start: int, end: int, issue: Issue, *, slot: bool = False) -> list[Due]:
    """All times in view[start:end]; in a slot (a deadline label) a bare date or 长期 is a deadline too."""
    piece = blank_out(view[start:end], _QUOTED)
    found: list[Due] = []
    if _DATE_LIKE.search(piece) or slot or "内" in piece or "每" in piece or "五" in piece:
        claimed: list[tuple[int, int]] = []
        for reader in (_recurrences, _windows, _points, _plan_periods, _relatives):
            for due in reader(piece, issue, slot):
                if not any(due.start < right and left < due.end for left, right in claimed):
                    claimed.append((due.start, due.end))
                    found.append(due)
    if not found and slot:
        found.extend(_permanent(piece))
    found.sort(key=lambda due: due.start)
    return [Due(due.value, due.start + start, due.end + start, due.rule, due.confidence) for due in found]


def permanent_bracket(view: str, start: int, end: int) -> Due | None:
    """A bracket that says nothing but that the duty is permanent: （长期坚持）."""
    match = _LONG.fullmatch(view, start, end)
    return Due("LONG", start, end, "time.permanent") if match else None


def _permanent(piece: str) -> Iterator[Due]:
    match = _LONG.search(piece)
    if match:
        yield Due("LONG", match.start(), match.end(), "time.permanent")


def _recurrences(piece: str, issue: Issue, slot: bool) -> Iterator[Due]:
    for match in _RECURRENT.finditer(piece):
        rest = match.group("rest")
        if not slot and not _RECURRENT_ACT.search(rest):
            continue
        value, length = _recurrence(match.group("count"), match.group("unit"), rest)
        yield Due(value, match.start(), match.start("rest") + length, "time.recurring")


def _recurrence(count: str | None, unit: str, rest: str) -> tuple[str, int]:
    """The recurrence and how much of the words after it belongs to it (28日前)."""
    times = number(count) if count else 1
    day = _MONTH_DAY.match(rest)
    used = day.end() if day else 0
    if unit == "半年":
        return "R:P6M", 0
    if unit.startswith("年"):
        return ("R:yearly", _yearly_length(rest)) if times in (None, 1) else (f"R:P{times}Y", 0)
    if unit.startswith("季"):
        return "R:quarterly", used
    if unit.endswith("月"):
        if times not in (None, 1):
            return f"R:P{times}M", 0
        return (f"R:monthly:{int(day['day'])}", used) if day else ("R:monthly", 0)
    return ("R:weekly" if unit == "周" else "R:daily"), 0


def _yearly_length(rest: str) -> int:
    match = _YEARLY.match(rest)
    return match.end() if match else 0


def _windows(piece: str, issue: Issue, slot: bool) -> Iterator[Due]:
    for match in _SPAN_YEARS.finditer(piece):
        first, last = int(match.group(1)), int(match.group(2))
        if first <= last and not _past(date(last, 12, 31), issue):
            yield Due(f"{first}-01-01/{last}-12-31", match.start(), match.end(), "time.window")
    for match in _POINT.finditer(piece):
        join = _JOIN.match(piece, match.end())
        then = _POINT.match(piece, join.end()) if join else None
        if then is None:
            continue
        opening = _period(match, issue)
        closing = _period(then, issue, fallback=opening)
        if opening and closing and opening.first <= closing.last and not _past(closing.last, issue):
            sure: Confidence = "explicit" if opening.sure else "inferred"
            value = f"{opening.first.isoformat()}/{closing.last.isoformat()}"
            yield Due(value, match.start(), then.end(), "time.window", sure)


def _points(piece: str, issue: Issue, slot: bool) -> Iterator[Due]:
    for match in _POINT.finditer(piece):
        period = _period(match, issue)
        if period is None:
            continue
        sure: Confidence = "explicit" if period.sure else "inferred"
        tail = _AFTER_FROM.match(piece, match.end())
        if tail or (match["edge"] in ("年初", "初") and "开始" in piece[match.end() : match.end() + 8]):
            if not _past(period.first, issue):
                yield Due(
                    f"from:{period.first.isoformat()}",
                    match.start(),
                    tail.end() if tail else match.end(),
                    "time.start",
                    sure,
                )
        elif not _past(period.last, issue) and (slot or _is_due(piece, match)):
            before = _AFTER_DUE.match(piece, match.end())
            yield Due(
                period.last.isoformat(),
                match.start(),
                before.end() if before else match.end(),
                "time.due",
                sure,
            )


def _is_due(piece: str, match: re.Match[str]) -> bool:
    """Whether a date is something to be reached: before it, by its end, or with the word of completion after it."""
    if _AFTER_DUE.match(piece, match.end()):
        return True
    if match["year"] is None and match["word"] is None:
        return match["edge"] is not None and piece[max(0, match.start() - 1) : match.start()] in (
            "到",
            "至",
            "于",
        )
    following = piece[match.end() : match.end() + 40]
    if _AFTER_FACT.match(following):
        return False
    if match["part"] in ("底", "末", "月底", "月末") or match["edge"] in (
        "底",
        "末",
        "年底",
        "年末",
        "年内",
        "内",
    ):
        return True
    led = _BEFORE_DUE.search(piece[max(0, match.start() - 8) : match.start()])
    return bool(led and (following[:1] in ("", "，", ",", "。", "；", "）") or _DONE.match(following))) or (
        bool(_DONE.match(following)) and "，" not in following[:1]
    )


def _period(match: re.Match[str], issue: Issue, fallback: _Period | None = None) -> _Period | None:
    if match.end() == match.start():
        return None
    if not (
        match["year"] or match["word"] or match["month"] or match["quarter"] or match["half"] or match["edge"]
    ):
        return None
    year = number(match["year"]) if match["year"] else None
    sure = year is not None
    if year is None and fallback is not None and match["word"] is None:
        year, sure = fallback.first.year, fallback.sure
    rolls = False
    if year is None:
        year, rolls = _year_not_written(match["word"], issue)
    if year is None or not 1900 <= year <= 2199:
        return None
    ends = _bounds(match, year)
    if ends is not None and rolls and issue.day and ends[1] < issue.day:
        ends = _bounds(match, year + 1)
    return _Period(*ends, sure) if ends else None


def _year_not_written(word: str | None, issue: Issue) -> tuple[int | None, bool]:
    """The year of a date without one: from the title, else from the day of issue (then the next such date)."""
    if word in ("明年", "次年", "翌年"):
        return (issue.day.year + 1 if issue.day else None), False
    if word is not None:
        return (issue.day.year if issue.day else issue.title_year), False
    if issue.title_year is not None:
        return issue.title_year, False
    return (issue.day.year if issue.day else None), True


def _bounds(match: re.Match[str], year: int) -> tuple[date, date] | None:
    if match["month"]:
        return _month_bounds(year, number(match["month"]) or 0, match["day"], match["part"])
    if match["quarter"]:
        quarter = number(match["quarter"]) or 1
        return date(year, quarter * 3 - 2, 1), _last_day(year, quarter * 3)
    if match["half"]:
        month, day = _HALF_END[match["half"]]
        return date(year, month - 5, 1), date(year, month, day)
    if match["edge"] in ("年中", "中"):
        return date(year, 1, 1), date(year, 6, 30)
    return date(year, 1, 1), date(year, 12, 31)


def _month_bounds(year: int, month: int, day: str | None, part: str | None) -> tuple[date, date] | None:
    if not 1 <= month <= 12:
        return None
    last = _last_day(year, month)
    if day is not None:
        written = number(day) or 0
        if not 1 <= written <= 31:
            return None
        exact = date(year, month, min(written, last.day))
        return exact, exact
    if part in ("上旬", "初"):
        return date(year, month, 1), date(year, month, 10)
    if part == "中旬":
        return date(year, month, 11), date(year, month, 20)
    return date(year, month, 1), last


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _past(day: date, issue: Issue) -> bool:
    """Whether a day lies before the paper was issued: then it is background, not a duty."""
    return issue.day is not None and day < issue.day


def _plan_periods(piece: str, issue: Issue, slot: bool) -> Iterator[Due]:
    for match in _FIVE.finditer(piece):
        ordinal = number(match.group(1))
        if ordinal is None or "末" not in match.group():
            continue
        last = date(1955 + 5 * ordinal, 12, 31)
        if not _past(last, issue):
            yield Due(last.isoformat(), match.start(), match.end(), "time.plan_period", "inferred")


def _relatives(piece: str, issue: Issue, slot: bool) -> Iterator[Due]:
    for match in _RELATIVE.finditer(piece):
        if _NOT_RELATIVE.search(piece[max(0, match.start() - 2) : match.start()]):
            continue
        unit = match["unit"].removeprefix("个")
        written = match["high"] or match["low"]
        amount = number(written)
        if written == "半" and unit == "年":
            amount, letter = 6, "M"
        elif amount:
            letter = _UNITS[unit]
        else:
            continue
        if letter == "Q":
            amount, letter = amount * 3, "M"
        elif letter == "W":
            amount, letter = amount * 7, "D"
        yield Due(f"P{amount}{letter}", match.start(), match.end(), "time.relative")


def parse_day(view: str) -> date | None:
    """A whole line that is nothing but a day (2019年1月9日, 二〇〇四年三月二日)."""
    match = _POINT.fullmatch(re.sub(r"\s", "", view))
    if match is None or not (match["year"] and match["month"] and match["day"]):
        return None
    period = _period(match, Issue())
    return period.last if period else None
