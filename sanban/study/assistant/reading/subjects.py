"""Doers in running text: the grammatical subject of a duty (X要, X应当, X负责, X牵头, X会同Y, 请X, 由X承担)."""

import re
from typing import Final

from .duties import Doer
from .model import UnitRole
from .organs import Register, is_vague, split_names
from .signs import blank_out, squeeze

_ANCHOR: Final = re.compile(
    r"(?P<lead>牵头(?!单位|部门|作用|协调机制|人|领导|机制|的)|会同(?=[^，。；]))"
    r"|(?P<coop>(?:积极|主动|密切)?(?:配合|参与|协助)(?!单位|部门))"
    r"|(?P<resp>要(?!求|素|点|件|闻|害|么|约|塞)|应(?:当|该)?(?!急|用|对|邀|届|有尽|诉|聘|征|力)|必须|须|"
    r"负责(?!人|同志|制)|承担(?!的)|统筹(?:推进|协调|做好|组织|规划)|抓紧"
    r"|按(?:照)?(?:各自)?(?:程序|职责|规定|分工)|[于在](?=\s*20[0-9]{2}年)|指导|组织(?:实施|开展|制定)|"
    r"组成(?=[一-鿿]{2,24}(?:小组|委员会|专班|指挥部|机构)))"
)
_BOUNDARY: Final = re.compile(r"[。；，,：\n“”（）!？?\x01]")
_ADVERB: Final = re.compile(
    r"(?:分别|共同|联合|也|都|均|还|则|具体|主要|统一|切实|依法|各自|适时|认真|积极|主动|密切|及时|抓紧|进一步|"
    r"原则上|一并|予以|给予|同步|尽快|加快)+$"
)
_MODAL: Final = re.compile(r"(?:要|应当|应|须|负责)(?:积极|主动|及时|抓紧)?$")
_OPENING: Final = re.compile(r".*(?:并由|由|请|其中|同时|，|建立|完善|明确)")
_PLEASE: Final = re.compile(r"(?<![申邀聘提报呈邀特])请(?!求|示|假|进|各)")
_SEATED: Final = re.compile(r"设在(?!的)")
_WITH: Final = re.compile(r"会同")
_CLAUSE_START: Final = re.compile(r"(?:^|(?<=[。；，：\n]))\s*")
_ACT: Final = re.compile(
    r"(?:等(?:有关|相关)?(?:部门|单位)?)?\s*(?:推行|制定|建立|开展|研究制定|出台|编制|完善|加强|做好|落实|审核|汇总|组织|"
    r"安排|强化|推动|支持|监督|指导|督促|依法|按照|按(?=职责|程序)|根据|具体|统筹|协调|监测|提供|建设|定期|适时)(?!了|的|过)"
)
_CLASS_AHEAD: Final = re.compile(r"[一-鿿某、]{2,24}?(?:部门|政府|厅|局|委|办公室)")
_QUOTES: Final = re.compile(r"《[^《》\n]{0,120}》|“[^“”\n]{0,160}”")
_HEAD: Final = re.compile(
    r"^(?:第\s*[〇一二三四五六七八九十百0-9]{1,6}\s*[条章节]|（[^（）]{1,4}）|[〇一二三四五六七八九十百]{1,4}、|"
    r"[0-9]{1,3}[.、])\s*"
)
_LIST_JOIN: Final = re.compile(r"\s*(?:、|和|及|与|以及)\s*")
_PLEASE_LEAD: Final = re.compile(r"(?:等(?:有关|相关)?(?:部门|单位)?)?\s*(?:牵头|会同)")
_WEAK: Final = re.compile(r"指导|组织|统筹|抓紧|按|承担")


def subject_doers(masked: str, start: int, end: int, register: Register) -> list[Doer]:
    """All units that a sentence between two offsets makes do something; quotations are left out."""
    piece = blank_out(_HEAD.sub(lambda head: "\n" * len(head.group()), masked[start:end]), _QUOTES)
    found: dict[tuple[int, int], Doer] = {}
    for doer in (
        *_by_anchor(piece, register),
        *_asked(piece, register),
        *_seated(piece, register),
        *_acting(piece, register),
    ):
        key = (doer.start, doer.end)
        held = found.get(key)
        if held is None or (held.role == "resp" and doer.role != "resp"):
            found[key] = doer
    return [
        Doer(doer.role, doer.start + start, doer.end + start, doer.rule, doer.confidence)
        for _, doer in sorted(found.items())
    ]


def _by_anchor(piece: str, register: Register) -> list[Doer]:
    doers: list[Doer] = []
    for match in _ANCHOR.finditer(piece):
        role: UnitRole = "lead" if match["lead"] else "coop" if match["coop"] else "resp"
        modal = _MODAL.search(piece, max(0, match.start() - 6), match.start()) if match["lead"] else None
        anchor = modal.start() if modal else match.start()
        names = _subject_before(piece, anchor, register, only_by=match.group() == "组成")
        if (
            not names
            and match.group() == "会同"
            and doers
            and piece[match.start() - 1 : match.start()] == "，"
        ):
            doers.extend(  # X牵头，会同Y: the partner stands in a clause of its own
                Doer("coop", left, right, "subject.with")
                for left, right in _list_after(piece, match.end(), register)
            )
        if not names:
            continue
        if (
            role == "resp"
            and _WEAK.match(match.group())
            and len(names) == 1
            and _is_object(piece, names[0][0])
        ):
            continue
        doers.extend(Doer(role, left, right, f"subject.{role}") for left, right in names)
        if match.group() == "会同":
            doers.extend(
                Doer("coop", left, right, "subject.with")
                for left, right in _list_after(piece, match.end(), register)
            )
    return doers


def _is_object(piece: str, start: int) -> bool:
    """Whether a name is what another verb acts on (加强对X指导)."""
    return piece[max(0, start - 1) : start] in ("对", "向", "把", "将", "与", "经", "受")


def _subject_before(
    piece: str, anchor: int, register: Register, *, only_by: bool = False
) -> list[tuple[int, int]]:
    """The list of organs that ends just before a duty verb and begins its clause."""
    floor = max(0, anchor - 160)
    start = floor
    for boundary in _BOUNDARY.finditer(piece, floor, anchor):
        start = boundary.end()
    adverb = _ADVERB.search(piece, start, anchor)
    stop = adverb.start() if adverb else anchor
    if stop - start < 2:
        return []
    if "会同" in piece[start:stop] or (only_by and "由" not in piece[start:stop]):
        return []
    opening = _OPENING.match(piece, start, stop)
    if opening and stop - opening.end() > 1:
        start = opening.end()
    spans = split_names(piece, start, stop, register)
    if not spans or not _counts(piece, spans[-1], register, vague_too=True):
        return []
    if piece[spans[-1][0] : spans[-1][1]].endswith("部门") and not all(
        _counts(piece, span, register, vague_too=True) for span in spans
    ):
        return []  # 教育、卫生、公安主管部门: the shared ending names a class, not units
    return [span for span in spans if _counts(piece, span, register)]


def _counts(piece: str, span: tuple[int, int], register: Register, *, vague_too: bool = False) -> bool:
    name = squeeze(piece[span[0] : span[1]])
    if is_vague(name):
        return vague_too
    return register.is_organ(name)


def _list_after(piece: str, start: int, register: Register) -> list[tuple[int, int]]:
    """The organs listed from an offset on."""
    spans: list[tuple[int, int]] = []
    position = start
    while True:
        end = register.match_at(piece, position, len(piece))
        if end < 0:
            break
        if not is_vague(piece[position:end]):
            spans.append((position, end))
        join = _LIST_JOIN.match(piece, end)
        position = join.end() if join else end
        if join is None:
            break
    return spans


def _asked(piece: str, register: Register) -> list[Doer]:
    doers: list[Doer] = []
    for match in _PLEASE.finditer(piece):
        spans = _list_after(piece, match.end(), register)
        if not spans:
            continue
        role: UnitRole = "lead" if _PLEASE_LEAD.match(piece, spans[-1][1]) else "resp"
        doers.extend(Doer(role, left, right, "subject.asked") for left, right in spans)
    return doers


def _acting(piece: str, register: Register) -> list[Doer]:
    """A clause that begins with listed organs and goes on with a verb of action (X制定, X建立)."""
    doers: list[Doer] = []
    for match in _CLAUSE_START.finditer(piece):
        if register.starts_at(piece, match.end()) or _CLASS_AHEAD.match(piece, match.end()):
            spans = _list_after(piece, match.end(), register)
            if spans and _ACT.match(piece, spans[-1][1]):
                doers.extend(Doer("resp", left, right, "subject.acting") for left, right in spans)
    return doers


def _seated(piece: str, register: Register) -> list[Doer]:
    return [
        Doer("resp", left, right, "subject.seat_of_office")
        for match in _SEATED.finditer(piece)
        for left, right in _list_after(piece, match.end(), register)
    ]
