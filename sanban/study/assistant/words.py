"""The notation of the reading engine in the office's words."""

import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIELDS: Final = {
    "lead": gettext_lazy("牵头单位"),
    "coop": gettext_lazy("配合单位"),
    "resp": gettext_lazy("责任单位"),
    "deadline": gettext_lazy("时限"),
    "target": gettext_lazy("目标"),
}
CONFIDENCE: Final = {
    "explicit": gettext_lazy("原文明示"),
    "convention": gettext_lazy("按惯例"),
    "inferred": gettext_lazy("推断"),
}
_OPERATORS: Final = {
    "=": gettext_lazy("达到"),
    ">=": gettext_lazy("不低于"),
    "<=": gettext_lazy("不高于"),
    ">": gettext_lazy("高于"),
    "<": gettext_lazy("低于"),
    "~": gettext_lazy("约"),
    "+": gettext_lazy("提高"),
    "-": gettext_lazy("降低"),
}
_RECUR: Final = {
    "R:yearly": gettext_lazy("每年"),
    "R:quarterly": gettext_lazy("每季度"),
    "R:monthly": gettext_lazy("每月"),
    "R:weekly": gettext_lazy("每周"),
    "R:daily": gettext_lazy("每日"),
    "LONG": gettext_lazy("长期坚持"),
}


def target_words(target: Mapping[str, str]) -> str:
    """A target as people say it."""
    return _("%(name)s%(op)s %(value)s%(unit)s") % {
        "name": target.get("name", ""),
        "op": _OPERATORS.get(target.get("op", "="), target.get("op", "")),
        "value": target.get("value", ""),
        "unit": target.get("unit", ""),
    }


def deadline_words(entry: str) -> str:
    """A deadline as people say it."""
    if entry in _RECUR:
        return str(_RECUR[entry])
    if entry.startswith("from:"):
        return _("自 %(day)s 起") % {"day": entry.removeprefix("from:")}
    if entry.startswith("R:monthly:"):
        return _("每月 %(day)s 日前") % {"day": entry.rpartition(":")[2]}
    period = re.fullmatch(r"(R:)?P(\d+)([DMY])", entry)
    if period:
        unit = {"D": _("日"), "M": _("个月"), "Y": _("年")}[period[3]]
        pattern = _("每 %(n)s %(unit)s") if period[1] else _("印发后 %(n)s %(unit)s内")
        return pattern % {"n": period[2], "unit": unit}
    first, slash, last = entry.partition("/")
    return _("%(first)s 至 %(last)s") % {"first": first, "last": last} if slash else entry
