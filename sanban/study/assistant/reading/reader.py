"""Text in, structure out: the reading of one paper, every fact with its place in the text."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from .conventions import read_conventions
from .facts import Context, facts_of, has_duty, is_carrier
from .headings import DECIMALS, PLAIN, ROOT, Line, Node, Outline
from .layout import Layout, Part, lay_out
from .model import Measure, Reading, Section
from .organs import Register, mask_regions
from .roles import assign_roles
from .signs import view as view_of
from .tables import read_table

_PLAIN_TITLE: Final = re.compile(
    r"^(?:总体要求|指导思想|基本原则|工作原则|(?:主要|工作|总体|发展)目标|(?:主要|重点|工作|目标)任务|(?:主要|"
    r"重点|工作|政策)?(?:措施|举措)|任务分工|"
    r"保障措施|组织(?:实施|保障|领导)|工作要求|(?:实施|工作)步骤|(?:进度|时间|工作)安排|附则)$"
)
_PLAN: Final = re.compile(r"方案|意见|办法|规定|计划|细则|分工|清单|措施|规划|行动|要点|任务|安排|台账")
_ENCLOSURE_LIST: Final = re.compile(r"^附\s*件\s*[：]")
_CLOSING: Final = re.compile(
    r"^(?:(?:本|此|该)(?:方案|意见|办法|通知|规定|细则|计划|措施|决定|条例).{0,12}(?:自|由|从)|以上(?:通知|意见|"
    r"方案)|特此|专此|现(?:将|就)|(?:各|请).{0,60}(?:贯彻执行|遵照执行|认真落实)。$|联系人|联系电话|（(?:联系|"
    r"此件))"
)
_IN_FORCE: Final = re.compile(
    r"^(?:.|\n){0,8}(?:本|此|该)[^。，]{2,12}(?:自|由)[^。，]{2,24}(?:施行|实施|执行|生效)"
)
_AIM: Final = re.compile(r"到\s*(?:20[0-9]{2}|二〇)|目标(?:是|：)|力争")
_STRICT_DUTY: Final = re.compile(r"要(?!求)|应当|应(?!用|急)|必须|不得|负责|牵头|请(?!示|求)|责任单位|底前")
_CONTAINERS: Final = frozenset({ROOT, PLAIN, "part", "chapter", "section", "comma", *DECIMALS})
_SMALL: Final = frozenset({"dash", "circled", "arabic_bracket"})


@dataclass(slots=True)
class _Harvest:
    measures: list[Measure]
    goals: list[Measure]
    sections: list[Section]


def read_document(text: str, *, doc: str = "", known_units: Collection[str] = ()) -> Reading:
    """Read one paper: metadata, measures with doers, dates and targets, goals kept apart, sections with their
    roles."""
    view = view_of(text)
    masked = mask_regions(view)
    layout = lay_out(text, view)
    conventions = read_conventions(text, masked, register := Register(known_units))
    context = Context(text, view, masked, layout.issue, register, conventions)
    harvest = _Harvest([], [], [])
    for part in layout.parts:
        own = len(harvest.measures)
        _read_part(part, context, harvest, _standing(layout, part))
        if part.enclosed and own and not _PLAN.search(part.title):
            harvest.measures[own:] = [measure for measure in harvest.measures[own:] if measure.facts]
    return Reading(
        doc,
        layout.meta,
        tuple(harvest.measures),
        tuple(harvest.goals),
        tuple(harvest.sections),
        layout.facts + conventions.facts,
    )


def _standing(layout: Layout, part: Part) -> bool:
    """Whether unnumbered paragraphs of a part may be measures: not in a notice that only encloses something."""
    return part.enclosed or not any(other.enclosed for other in layout.parts)


def _read_part(part: Part, context: Context, harvest: _Harvest, standing: bool) -> None:
    rows, taken = read_table(context, part.lines, part.start)
    outline = Outline(part.start)
    lines = [line for line in part.lines if line.start not in taken]
    for line in lines:
        words = context.view[line.start : line.end]
        outline.feed(context.view, line, _plain(words, line))
    root = outline.root
    _cut_closing(root, context)
    assign_roles(root)
    _list_sections(root, harvest)
    if root.children:
        for child in root.children:
            _collect(child, context, harvest)
    elif standing:
        _paragraphs(root, context, harvest, strict=True)
    harvest.measures.extend(rows)


def _plain(words: str, line: Line) -> Node | None:
    """An unnumbered heading line that the role lexicon knows, or the list of enclosures."""
    if _ENCLOSURE_LIST.match(words):
        return Node("part", 10, 1, "附件", line.start, line.end, line.end, "附件", role="annex")
    if len(words) <= 10 and _PLAIN_TITLE.match(words):
        return Node(PLAIN, 40, 1, words, line.start, line.end, line.end, words)
    return None


def _cut_closing(root: Node, context: Context) -> None:
    """A last unnumbered paragraph after one-paragraph items closes the paper and belongs to no item."""
    node = root
    while node.children:
        node = node.children[-1]
    siblings = node.parent.children if node.parent else []
    if node.kind == ROOT or not node.paragraphs:
        return
    lone = len(siblings) > 1 and not any(other.paragraphs for other in siblings if other is not node)
    inline = node.body < node.paragraphs[0].start - 2
    kept = list(node.paragraphs)
    while kept and (
        _CLOSING.match(context.view[kept[-1].start : kept[-1].end])
        or (lone and inline and not is_carrier(context, kept[-1].start, kept[-1].end, labels_only=True))
    ):
        kept.pop()
    if len(kept) < len(node.paragraphs):
        cut = node.paragraphs[len(kept)].start
        node.paragraphs[:] = kept
        end = kept[-1].end if kept else _trimmed(context, cut)
        above: Node | None = node
        while above is not None:
            above.end = max(above.body, end)
            above = above.parent


def _list_sections(root: Node, harvest: _Harvest) -> None:
    pending = list(reversed(root.children))
    while pending:
        node = pending.pop()
        harvest.sections.append(
            Section(node.path, node.title, node.level, node.start, node.end, node.role, node.note)
        )
        pending.extend(reversed(node.children))


def _collect(node: Node, context: Context, harvest: _Harvest) -> None:
    """Walk a heading: goals are kept apart, tasks go down to the lowest item that lays a duty."""
    if node.role in ("basis", "principle", "closing", "annex"):
        for child in node.children:
            if child.role == "goal":
                _collect(child, context, harvest)
        _aims_among(node, context, harvest)
    elif node.role == "goal":
        _collect_goals(node, context, harvest)
    elif not node.children:
        if node.kind in _CONTAINERS and node.paragraphs and _has_bare_title(node):
            _paragraphs(node, context, harvest, strict=False)
        elif _lays_duty(node, context):
            harvest.measures.append(_measure(context, node.path, node.start, node.end))
    elif _goes_down(node, context):
        first = node.children[0].start
        if is_carrier(context, node.start, first, labels_only=True):
            harvest.measures.append(_measure(context, node.path, node.start, _trimmed(context, first)))
        for child in node.children:
            _collect(child, context, harvest)
    else:
        harvest.measures.append(_measure(context, node.path, node.start, node.end))


def _lays_duty(node: Node, context: Context) -> bool:
    """An item is a measure unless it is a mere list, an article without a duty, or says when the paper takes
    force."""
    view = context.view
    if _IN_FORCE.search(view, node.start, min(node.end, node.body + 60)):
        return False
    if node.kind in _CONTAINERS and node.end - node.start < 25 and "。" not in view[node.start : node.end]:
        return False  # a title with nothing under it: a table of contents
    written_out = "。" in view[node.start : node.end] and node.kind != "article"
    return written_out or has_duty(view, node.start, node.end)


def _has_bare_title(node: Node) -> bool:
    """Whether the heading line holds nothing but the title."""
    return node.kind in (ROOT, PLAIN) or (bool(node.title) and node.paragraphs[0].start - node.body <= 4)


def _goes_down(node: Node, context: Context) -> bool:
    """Whether the items below are the measures, rather than this item with all its items."""
    small = all(child.kind in _SMALL for child in node.children)
    if _is_enumeration(node, context):
        return any(is_carrier(context, child.start, child.end, labels_only=True) for child in node.children)
    own = node.children[0].start - node.body > 12
    if not own:
        return not small or _any_carries(node, context)
    if node.kind in _CONTAINERS and not small:
        return True
    return _any_carries(node, context)


def _is_enumeration(node: Node, context: Context) -> bool:
    """Items that only continue the sentence above them (…下列条件：1.…；2.…；) are no duties of their own."""
    first, view = node.children[0], context.view
    if view[first.end - 1 : first.end] == "；" and first.end - first.start <= 80:
        return True
    length = sum(child.end - child.start for child in node.children) / len(node.children)
    return length < 45 and view[node.start : first.start].rstrip().endswith("：")


def _any_carries(node: Node, context: Context) -> bool:
    return any(is_carrier(context, child.start, child.end) for child in node.children)


def _trimmed(context: Context, end: int) -> int:
    while end > 0 and context.view[end - 1].isspace():
        end -= 1
    return end


def _paragraphs(node: Node, context: Context, harvest: _Harvest, *, strict: bool) -> None:
    """Where nothing is numbered, each paragraph that lays a duty is a measure; unit lines belong to the one above."""
    groups: list[tuple[int, int]] = []
    for line in node.paragraphs:
        words = context.view[line.start : line.end]
        if (
            groups
            and is_carrier(context, line.start, line.end, labels_only=True)
            and len(words) <= 200
            and (words.startswith("（") or "：" in words[:12])
        ):
            groups[-1] = (groups[-1][0], line.end)
        else:
            groups.append((line.start, line.end))
    for start, end in groups:
        words = context.view[start:end]
        duty = _STRICT_DUTY.search(words) if strict else has_duty(context.view, start, end)
        if duty and not _CLOSING.match(words) and not (strict and words.rstrip().endswith("：")):
            harvest.measures.append(_measure(context, node.path, start, end))


def _collect_goals(node: Node, context: Context, harvest: _Harvest) -> None:
    if node.children:
        for child in node.children:
            _collect_goals(child, context, harvest)
        return
    if node.kind in _CONTAINERS and node.paragraphs and _has_bare_title(node):
        for line in node.paragraphs:
            harvest.goals.append(_measure(context, node.path, line.start, line.end))
    else:
        harvest.goals.append(_measure(context, node.path, node.start, node.end))


def _aims_among(node: Node, context: Context, harvest: _Harvest) -> None:
    """Aims with a year among the general requirements are goals too."""
    if node.role != "principle":
        return
    for line in node.paragraphs:
        if _AIM.search(context.view, line.start, line.end):
            harvest.goals.append(_measure(context, node.path, line.start, line.end))


def _measure(context: Context, path: str, start: int, end: int) -> Measure:
    return Measure(path, context.text[start:end], start, end, facts_of(context, start, end))
