"""Layout of a paper: title, number, organ, date, and the parts (the notice itself, then what it encloses)."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from .dates import Issue, parse_day
from .grounding import state, state_name
from .headings import Line, heading_at, lines_of
from .model import Fact, Meta
from .signs import squeeze

_NUMBER: Final = re.compile(
    r"(?P<number>[一-鿿]{1,16}\s*[〔\[【（]\s*(?:19|20)[0-9]{2}\s*[〕\]】）]\s*第?\s*[0-9]{1,5}\s*号"
    r"|[一-鿿]{2,16}令\s*第?\s*[0-9〇一二三四五六七八九十百]{1,6}\s*号)"
)
_NO_ORGAN: Final = re.compile(r"[。，：；、0-9（]|^(?:总理|省长|市长|县长|区长|州长|主席|主任|局长|厅长)")
_ORDER: Final = re.compile(r"[一-鿿]{2,16}令\s*\n\s*第\s*[0-9〇一二三四五六七八九十百]{1,6}\s*号$")
_GENRE: Final = re.compile(
    r"(?:方案|意见|通知|办法|规定|决定|计划|规划|细则|要点|清单|措施|批复|复函|通报|公告|条例)$"
)
_LETTERHEAD: Final = re.compile(
    r"^[^关对]{2,24}(?:文件|公报|公告栏)$|^(?:索引号|主题分类|发文机关|成文日期|发布日期|发文字号|标题)"
)
_TITLE_ORGAN: Final = re.compile(r"^(.{2,40}?)(?=关于|印发|转发|批转|公告|令|对)")
_SENTENCE: Final = re.compile(r"[。；！？]")
_RELEASE: Final = re.compile(r"^（(?:此件|本文|联系人|信息公开|主动公开).*）$")
_CELLS: Final = re.compile(r"[\t|][^\t|]*[\t|]")
_ENCLOSURE: Final = re.compile(r"^附\s*件?\s*[0-9一二三四五六七八九十]{0,2}\s*[：]?$")
_TAIL_DAY: Final = re.compile(r"(?P<organ>[一-鿿]{3,24})\s+(?P<day>[0-9〇一二三四五六七八九]{4}年.{2,8}日)$")
_BARE_DAY: Final = re.compile(
    r"[（]?(?:发布日期：|印发日期：)?(?P<day>[0-9〇一二三四五六七八九]{4}\s*年.{2,12}?[日号])(?:印发|发布)?[）]?"
)
_HEADER_LINES: Final = 14
_TITLE_LINES: Final = 6


@dataclass(slots=True)
class Part:
    """A stretch of the paper with its own numbering: the paper itself or an enclosure."""

    start: int
    end: int
    title: str = ""
    enclosed: bool = False
    title_span: tuple[int, int] = (0, 0)
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """What stands around the body."""

    meta: Meta
    facts: tuple[Fact, ...]
    issue: Issue
    parts: list[Part]


def lay_out(text: str, view: str) -> Layout:
    """Find the head, the signature and the parts."""
    lines = lines_of(view)
    number = _number_line(view, lines)
    ordered = number > 0 and bool(_ORDER.search(view, lines[number - 1].start, lines[number].end))
    title = [] if ordered else _title_lines(text, view, lines, number)
    body = max([number, *title], default=-1) + 1
    facts: list[Fact] = []
    if title:
        facts.append(
            state_name(text, "title", lines[title[0]].start, lines[title[-1]].end, rule="meta.title")
        )
    if number >= 0:
        match = _NUMBER.search(view, lines[number].start, lines[number].end) or _ORDER.search(
            view, lines[number - 1].start, lines[number].end
        )
        if match:
            facts.append(state_name(text, "number", match.start(), match.end(), rule="meta.number"))
            if ordered:
                issuer = view.index("令", match.start())
                facts.append(state_name(text, "organ", match.start(), issuer, rule="meta.organ_of_order"))
    signed, day_line, day = _signature(text, view, lines, body, facts)
    if not any(fact.field == "organ" for fact in facts) and title:
        _organ_of_title(text, view, lines[title[0]].start, lines[title[-1]].end, facts)
    parts = _parts(text, view, lines, body, signed, day_line)
    if not title:
        _title_of_enclosure(text, parts, facts)
    found = {fact.field: str(fact.value) for fact in facts}
    meta = Meta(
        found.get("title", ""), found.get("number", ""), found.get("organ", ""), found.get("date", "")
    )
    return Layout(meta, tuple(facts), Issue(day, _title_year(meta.title)), parts)


def _number_line(view: str, lines: list[Line]) -> int:
    for index, line in enumerate(lines[:_HEADER_LINES]):
        if index and _ORDER.search(view, lines[index - 1].start, line.end):
            return index
        match = _NUMBER.search(view, line.start, line.end)
        alone = match and line.end - line.start <= 60 and line.end - match.end() <= 12
        if alone and "《" not in view[line.start : line.end]:
            return index
        if _SENTENCE.search(view, line.start, line.end):
            break
    return -1


def _title_lines(text: str, view: str, lines: list[Line], number: int) -> list[int]:
    """The lines of the title: those above the number, or below it when it stands in the letterhead."""
    above = [
        index
        for index, line in enumerate(lines[: max(number, 0)])
        if not _LETTERHEAD.search(squeeze(view[line.start : line.end]))
    ]
    if above:
        return above[-_TITLE_LINES:]
    chosen: list[int] = []
    for index in range(number + 1, min(len(lines), number + 1 + _TITLE_LINES)):
        line = lines[index]
        words = view[line.start : line.end]
        if _ENCLOSURE.match(words):
            continue
        if "\t" in text[line.start : line.end] or len(words) > 60 or _SENTENCE.search(words):
            break
        if words.endswith("：") or heading_at(view, line):
            break
        if parse_day(words.strip("（）")) or ("，" in words and len(words) > 40):
            break
        if not _LETTERHEAD.search(squeeze(words)):
            chosen.append(index)
            if _GENRE.search(words):
                break
        elif chosen:
            break
    return chosen


def _title_of_enclosure(text: str, parts: list[Part], facts: list[Fact]) -> None:
    """An order has no title of its own: the title is that of what it puts in force."""
    for part in parts:
        if part.enclosed and part.title_span[0] < part.title_span[1]:
            facts.append(state_name(text, "title", *part.title_span, rule="meta.title_of_enclosure"))
            return


def _title_year(title: str) -> int | None:
    years = set(re.findall(r"(?<![0-9—-])((?:19|20)[0-9]{2})年(?![0-9至])", title))
    return int(years.pop()) if len(years) == 1 else None


def _organ_of_title(text: str, view: str, start: int, end: int, facts: list[Fact]) -> None:
    match = _TITLE_ORGAN.match(view[start:end].replace("\n", " "))
    if match and match.group(1).rstrip().endswith(tuple("府院厅局委部办署会室心社司行")):
        left, right = start, start + len(match.group(1).rstrip())
        facts.append(state_name(text, "organ", left, right, rule="meta.organ_in_title"))


def _signature(
    text: str, view: str, lines: list[Line], body: int, facts: list[Fact]
) -> tuple[int, int, date | None]:
    """The first line that is only a day, with the organ above it; returns where the body ends and the day."""
    for index, line in enumerate(lines):
        words = view[line.start : line.end]
        if len(words) > 48 or ("日" not in words and "号" not in words):
            continue
        tail = _TAIL_DAY.fullmatch(words)
        bare = tail or _BARE_DAY.fullmatch(words)
        day = parse_day(bare["day"]) if bare else None
        if bare is None or day is None:
            continue
        left, right = line.start + bare.start("day"), line.start + bare.end("day")
        facts.append(state(text, "date", day.isoformat(), left, right, rule="meta.date"))
        if tail:
            facts.append(
                state_name(text, "organ", line.start, line.start + tail.end("organ"), rule="meta.signature")
            )
            return index, index, day
        first = _organ_above(view, lines, index, body)
        if first < index and not any(fact.field == "organ" for fact in facts):
            facts.append(
                state_name(text, "organ", lines[first].start, lines[first].end, rule="meta.signature")
            )
        return first, index, day
    return len(lines), len(lines) - 1, None


def _organ_above(view: str, lines: list[Line], index: int, body: int) -> int:
    first = index
    while first - 1 >= body and index - first < 6:
        line = lines[first - 1]
        words = squeeze(view[line.start : line.end])
        if len(words) > 26 or _NO_ORGAN.search(words) or heading_at(view, line):
            break
        first -= 1
    return first


def _parts(text: str, view: str, lines: list[Line], body: int, signed: int, day_line: int) -> list[Part]:
    if signed < body:
        body, signed, day_line = max(body, day_line + 1), len(lines), len(lines) - 1
    main = lines[body:signed]
    if main and view[main[0].end - 1] == "：" and not heading_at(view, main[0]):
        main = main[1:]
    parts = [_part(main)] if main else []
    rest = [line for line in lines[day_line + 1 :] if not _RELEASE.match(view[line.start : line.end])]
    chunk: list[Line] = []
    for line in rest:
        if _ENCLOSURE.match(view[line.start : line.end]) and chunk:
            parts.append(_enclosure(text, view, chunk))
            chunk = []
        chunk.append(line)
    if chunk:
        parts.append(_enclosure(text, view, chunk))
    return parts


def _part(lines: list[Line]) -> Part:
    return Part(lines[0].start, lines[-1].end, lines=lines)


def _enclosure(text: str, view: str, chunk: list[Line]) -> Part:
    """An enclosure: its short first lines are its title; a row of a table is none."""
    title: list[str] = []
    span = (0, 0)
    rest = list(chunk)
    while rest and len(title) < 5:
        words = view[rest[0].start : rest[0].end]
        if _CELLS.search(text, rest[0].start, rest[0].end):
            break
        if len(words) > 40 or _SENTENCE.search(words) or words.endswith("：") or heading_at(view, rest[0]):
            break
        if not _ENCLOSURE.match(words):
            title.append(words)
            span = (span[0] if len(title) > 1 else rest[0].start, rest[0].end)
        rest.pop(0)
    return Part(chunk[0].start, chunk[-1].end, "".join(title), True, span, rest)
