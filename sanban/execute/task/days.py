"""Days as people write them: 2026-12-31, 2026年12月底, 12月31日前, 第三季度末, and the numbers Excel keeps."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from sanban.execute.task.sheets import Value

_DIGITS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile(r"([1-9]?)十([1-9]?)")
_TAIL = re.compile(r"(?:之前|以前|前|止|内|完成)+$")
_CLOCK = re.compile(r"(?<=\d|日)[T ]*\d{1,2}:\d{2}(?::\d{2})?$")
_FULL = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")
_SOLID = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})月?(底|末|上旬|中旬|下旬|)")
_NO_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_MONTH_NO_YEAR = re.compile(r"(\d{1,2})月(底|末|份|上旬|中旬|下旬|)")
_YEAR = re.compile(r"(\d{4})年?(?:年)?[底末]|(\d{4})年")
_PART = re.compile(r"(?:(\d{4})年|(今年|本年|明年)?)(?:第?([1-4])季度[末底]?|([上下])半年[末底]?|年?[底末])")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was understood as: a day, a day to be confirmed, or the fault; `remark` says a liberty taken."""

    day: date | None = None
    asked: date | None = None
    fault: str = ""
    remark: str = ""


def read_day(value: Value, today: date) -> Reading:
    """Understand one cell; what could mean two days is asked, what means none is a fault."""
    if isinstance(value, datetime):
        return Reading(day=value.date())
    if isinstance(value, date):
        return Reading(day=value)
    if isinstance(value, int | float):
        return _number(value)
    text = _simple(value)
    try:
        return _text(text, today) or Reading(
            fault=_("看不懂“%(text)s”是哪一天，请写成 2026-12-31 这样的日期。") % {"text": value}
        )
    except ValueError:
        return Reading(fault=_("“%(text)s”不是存在的日期，请核对月和日。") % {"text": value})


def _simple(text: str) -> str:
    bare = unicodedata.normalize("NFKC", text).strip().replace("元月", "1月").translate(_DIGITS)
    bare = _TENS.sub(lambda m: str(int(m.group(1) or 1) * 10 + int(m.group(2) or 0)), bare)
    return _TAIL.sub("", _CLOCK.sub("", re.sub(r"\s+", " ", bare)).replace(" ", ""))


def _number(value: float) -> Reading:
    if found := _SOLID.fullmatch(str(int(value))):
        try:
            return Reading(day=date(*map(int, found.groups())))
        except ValueError:
            return Reading(fault=_("“%(text)s”不是存在的日期，请核对月和日。") % {"text": int(value)})
    if 40_000 <= value < 80_000:
        day = date(1899, 12, 30) + timedelta(days=int(value))
        return Reading(day=day, remark=_("时限格是数字 %(n)d，按 Excel 日期理解") % {"n": int(value)})
    return Reading(fault=_("“%(text)s”是数字，不是日期，请写成 2026-12-31 这样的日期。") % {"text": value})


def _text(text: str, today: date) -> Reading | None:
    for pattern in (_FULL, _SOLID):
        if found := pattern.fullmatch(text):
            return Reading(day=date(*map(int, found.groups())))
    if found := _MONTH.fullmatch(text):
        year, month, part = int(found[1]), int(found[2]), found[3]
        return Reading(day=_in_month(year, month, part), remark=_taken(part))
    if found := _NO_YEAR.fullmatch(text):
        return _coming(today, int(found[1]), int(found[2]))
    if found := _MONTH_NO_YEAR.fullmatch(text):
        day = _in_month(today.year, int(found[1]), found[2])
        return _coming(today, day.month, day.day)
    return _part_of_year(text, today)


def _in_month(year: int, month: int, part: str) -> date:
    fixed = {"上旬": 10, "中旬": 20}
    if not 1 <= month <= 12:
        raise ValueError(month)
    return date(year, month, fixed.get(part, monthrange(year, month)[1]))


def _taken(part: str) -> str:
    return "" if part in ("底", "末") else _("时限只写到月或旬，按其最后一天理解")


def _coming(today: date, month: int, day: int) -> Reading:
    """A day without its year is the coming one; when this year's has passed, the person is asked."""
    here = date(today.year, month, day)
    if here > today:
        return Reading(day=here, remark=_("时限未写年份，按 %(year)d 年理解") % {"year": here.year})
    return Reading(asked=date(today.year + 1, month, day))


def _part_of_year(text: str, today: date) -> Reading | None:
    if found := _YEAR.fullmatch(text):
        return Reading(day=date(int(found[1] or found[2]), 12, 31), remark=_taken("底" if found[1] else ""))
    found = _PART.fullmatch(text)
    if found is None:
        return None
    named, relative, quarter, half = found.groups()
    month = int(quarter) * 3 if quarter else 6 if half == "上" else 12
    year = int(named) if named else today.year + (relative == "明年")
    day = date(year, month, monthrange(year, month)[1])
    return Reading(day=day) if named or relative or day > today else Reading(asked=day.replace(year=year + 1))
