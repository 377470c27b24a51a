"""Characters and numerals: one view of a text in which widths agree and every offset stays where it was."""

import re
from typing import Final

_WIDTHS: Final = {
    "(": "（",
    ")": "）",
    ":": "：",
    ";": "；",
    "％": "%",
    "．": ".",
    "﹪": "%",
    "\u3000": " ",
    "\u00a0": " ",
    "\t": " ",
    "\r": "\n",
    "\x0b": "\n",
    "\x0c": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "【": "（",
    "】": "）",
    "［": "（",
    "］": "）",
    "[": "（",
    "]": "）",
    "∶": "：",
    "○": "〇",
    "Ｏ": "〇",
    "零": "〇",
    "–": "—",
    "―": "—",
    "─": "—",
    "－": "—",
    "～": "~",
    "﹣": "—",
}
_TRADITIONAL: Final = dict(
    zip(
        "責單協監會號發廳務長時間導職構財稅農網衛與關於國產業達標過環節條項實開機員設現區縣鎮鄉劃規則從東結領頭參個萬億億級總體專門報",
        "责单协监会号发厅务长时间导职构财税农网卫与关于国产业达标过环节条项实开机员设现区县镇乡划规则从东结领头参个万亿亿级总体专门报",
        strict=True,
    )
)
_TABLE: Final = str.maketrans(
    {**_WIDTHS, **_TRADITIONAL, **{chr(0xFF10 + digit): str(digit) for digit in range(10)}}
)
_DIGITS: Final = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "O": 0,
}
_SCALES: Final = {"十": 10, "百": 100, "千": 1000}
BLANK: Final = re.compile(r"\s+")
NUMERAL: Final = r"[〇一二三四五六七八九十百]"
_NUMERALS_IN: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?|[〇一二三四五六七八九十百千两]+")


def view(text: str) -> str:
    """The text with widths and the commonest Traditional forms made equal, character for character."""
    return text.translate(_TABLE)


def squeeze(text: str) -> str:
    """The text without any blank: how two writings of one name are compared."""
    return BLANK.sub("", text)


def number(written: str) -> int | None:
    """A whole number written in figures or in Chinese numerals (二〇一九, 三十, 一百二十); None when it is
    neither."""
    if re.fullmatch(r"[0-9]{1,12}", written):
        return int(written)
    if not written or any(char not in _DIGITS and char not in _SCALES for char in written):
        return None
    if not any(char in _SCALES for char in written):
        return int("".join(str(_DIGITS[char]) for char in written)) if len(written) <= 12 else None
    total = pending = 0
    for char in written:
        if char in _SCALES:
            total += (pending or 1) * _SCALES[char]
            pending = 0
        else:
            pending = _DIGITS[char]
    return total + pending


def numerals(quote: str) -> set[float]:
    """Every number that stands in a quotation, in figures or Chinese numerals."""
    found: set[float] = set()
    for written in _NUMERALS_IN.findall(view(quote)):
        value = float(written) if written[0].isascii() else number(written)
        if value is not None:
            found.add(float(value))
    return found


def blank_out(text: str, pattern: re.Pattern[str], filler: str = "\x01") -> str:
    """The text with every match overwritten by as many fillers, so that offsets stay."""
    return pattern.sub(lambda match: filler * len(match.group()), text)
