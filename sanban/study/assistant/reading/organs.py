"""Organisation grammar: which words name an organ, where a list of organs splits, and which doers are too vague."""

import re
from collections.abc import Collection
from typing import Final

from .signs import squeeze

_CENTRAL: Final = (
    "发展改革委 国家发展改革委 教育部 科技部 工业和信息化部 国家民委 公安部 国家安全部 民政部 司法部 财政部 "
    "人力资源社会保障部 "
    "自然资源部 生态环境部 住房城乡建设部 交通运输部 水利部 农业农村部 商务部 文化和旅游部 卫生健康委 "
    "国家卫生健康委 退役军人部 "
    "退役军人事务部 应急部 应急管理部 人民银行 中国人民银行 审计署 国资委 国务院国资委 海关总署 税务总局 "
    "市场监管总局 广电总局 体育总局 统计局 "
    "医保局 国家医保局 国管局 知识产权局 粮食和储备局 能源局 国防科工局 烟草局 移民局 林草局 铁路局 民航局 "
    "邮政局 文物局 "
    "中医药局 药监局 国家药监局 矿山安监局 外汇局 银保监会 证监会 信访局 扶贫办 国务院办公厅 国务院扶贫办 港澳办 "
    "参事室 新华社 中科院 社科院 "
    "工程院 气象局 地震局 自然科学基金会 供销合作总社 全国总工会 共青团中央 全国妇联 全国工商联 中国残联 "
    "中国科协 中央宣传部 "
    "中央统战部 中央组织部 中央网信办 中央编办 中央政法委 中央农办 中央文明办 最高人民法院 最高人民检察院 外交部 "
    "国防部 卫生计生委 "
    "环境保护部 国土资源部 农业部 文化部 安全监管总局 质检总局 工商总局 食品药品监管总局 新闻出版广电总局 保监会 "
    "银监会 林业局 旅游局 法制办 "
    "国务院 党中央 武警部队 铁路总公司 中国铁路总公司 国铁集团 总工会 团委 妇联 残联 工商联 科协 贸促会 关工委"
)
CENTRAL: Final = frozenset(_CENTRAL.split())
_NAME_CHAR: Final = r"[一-鿿某]"
_ENDING: Final = (
    r"(?:部门(?!间)|委员会|人民政府|政府|管委会|总局|总署|总社|总公司|分公司|公司|集团|办公室|办公厅|领导小组|"
    r"工作组|工作小组|协调小组|"
    r"指挥部|专班|联席会议|总工会|联合会|协会|管理所|研究院|研究所|研究中心|管理中心|服务中心|中心|交易所|银行|"
    r"支行|分局|学院|大学|"
    r"法院|检察院|监管局|机关工委|工委|党委|市委|县委|区委|省委|州委|党组|团中央|团省委|团市委|妇联|残联|科协|"
    r"社联|文联|"
    r"宣传部|组织部|统战部|编办|网信办|信访局|街道办事处|办事处|街道办|总队|支队|大队|事务所|开发区|高新区|新区|"
    r"园区管委会|"
    r"[厅局委署社]|(?:督查|研究|办公|参事|档案|秘书|人事|工作)室|部(?!署|队|分|位)|办(?!理|法|事|公|学|好|园|案))"
)
NAME: Final = re.compile(rf"{_NAME_CHAR}{{1,24}}?{_ENDING}")
_BAD_WHOLE: Final = re.compile(
    r".*(?:[全内外干局首尾]部|[布格结大破开当时残僵全]局|[客大餐门前后]厅|"
    r"[主承督协举创兴开查交申联快通代经试停补催采包帮]办|部署|社会|旅行社|出版社|报社|合作社)$"
)
_BAD_INSIDE: Final = re.compile(
    r"[的将把并让被是从使按由请]|向(?!阳)|义务|进一步|加强|推进|落实|完善|建立|明确|加快|支持|鼓励|引导|健全|完成|提高|要求|"
    r"根据|依托|以及|对(?!外)|通过|配合|会同|牵头|负责|各自|对于|关于|印发|批转"
)
_BAD_START: Final = re.compile(
    r"建议|指导|督促|组织(?!部)|协调(?!小组)|推动|鼓励|发挥|加大|强化|发动|联合(?!会)|动员|允许|授权|委托|责成|提请|"
    r"报(?!业|社)|向|经(?!济|贸|信|营|开)|"
    r"深化|优化|统筹|开展|做好|实行|制定|确保|形成|构建|打造|促进|争取|避免|防止|其他|其它|以|及|与|和|在|到|为|"
    r"接受|报送|征求|听取|会商|全面|积极|充分"
)
_VAGUE_LEAD: Final = (
    r"(?:各|有关|相关|其他|其它|本|所属|上述|涉及|成员|该|其|当地|上级|下级|同级|所在|所有|多个|业务|行业|单位|"
    r"牵头|责任|主责|参与|配合|以上|并|和)"
)
_VAGUE: Final = re.compile(
    rf"^(?:{_VAGUE_LEAD}{{1,4}}(?:级|地|级各)?(?:地区|部门|单位|地方|方面|机构|机关|行业|高校|企业|主管部门|"
    rf"职能部门|成员单位|业务部门|部门单位|党组织)?(?:[和及、](?:部门|单位|地方))?"
    r"|部门|单位|地方|政府|主管部门|职能部门|监管部门|项目管理部门|.*项目管理部门|(?:有关|相关).{0,6}(?:部门|"
    r"机关)|.*有关(?:部门|单位)|.*相关(?:部门|单位)|.*(?:成员|责任|所在|所属)单位|各地|各地区|各地方|"
    r"本.{0,3}(?:部门|单位|地区)|当地.*|无|/|—+|-+|同上)$"
)
_CLASS: Final = re.compile(
    r"^(?:地方)?(?:各级|各省|各市|各县|各区|各州|各地市|各设区|各地级|各乡镇|各镇|各街道|各有关省|各开发区|"
    r"各自治|各盟|各高新|县级以上)"
)
REGION: Final = re.compile(r"（[省区市县州旗盟、自治直辖开发新]{1,16}）")
_PROVINCES: Final = re.compile(r"省、自治区、直辖市")
_ETC: Final = re.compile(r"等(?:.{0,14}(?:部门|单位|地区|方面|机构|部委|负责同志))?$")
_CONJUNCTION: Final = re.compile(r"以及|[和及与暨]")
_PREFIX: Final = re.compile(
    r"^(?:并?由|请商?|商(?!务)|同时|批转|其中|原则上由|具体由|统一由|各由|商|会|及|和|与)"
)
_WHOLE: Final = re.compile(r"^[一-鿿某]{1,14}(?:机关|机构|单位|新区|[省市县州区镇乡])$|^[一-鿿]{2,3}区$")
_LONGEST_PIECE: Final = 160
_TWO_CLASSES: Final = re.compile(r"^各(?:设区)?[省市州县区盟旗]$")


class Register:
    """The organ names a reader knows: the grammar, the central bodies, and the names passed in."""

    def __init__(self, known: Collection[str] = ()) -> None:
        """Take the names of the organisation register; blanks do not matter."""
        self._known = CENTRAL | {squeeze(name) for name in known if squeeze(name)}
        longest = sorted((name for name in self._known if len(name) > 1), key=len, reverse=True)
        self._starts = re.compile("|".join(re.escape(name) for name in longest))

    def is_known(self, name: str) -> bool:
        """Whether the name is listed."""
        return name in self._known

    def is_organ(self, name: str) -> bool:
        """Whether a whole word names an organ or a definite class of organs."""
        if name in self._known:
            return True
        if not 2 < len(name) <= 28 or not NAME.fullmatch(name):
            return (
                bool(_CLASS.match(name) and name.endswith(("政府", "部门", "委", "局", "厅")))
                and len(name) <= 28
            )
        return not (_BAD_WHOLE.fullmatch(name) or _BAD_INSIDE.search(name) or _BAD_START.match(name))

    def starts_at(self, view: str, start: int) -> bool:
        """Whether a listed name begins at an offset."""
        return self._starts.match(view, start) is not None

    def match_at(self, view: str, start: int, end: int) -> int:
        """The end of the organ name that begins at an offset, or -1."""
        known = self._starts.match(view, start, end)
        best = known.end() if known else -1
        match = NAME.match(view, start, min(end, start + 28))
        if match and match.end() > best and self.is_organ(match.group()):
            return match.end()
        return best


def is_vague(name: str) -> bool:
    """Whether a doer is too vague to be counted (有关部门, 各地区, 本单位, 无)."""
    if _CLASS.match(name) and len(name) > 2 and not name.endswith(("地区", "单位", "地方")):
        return name in ("各级部门", "各级各部门", "各省级部门")
    return bool(_VAGUE.match(name))


def mask_regions(view: str) -> str:
    """Short brackets inside names (各省（区、市）人民政府) overwritten, so that they do not split the name."""
    masked = REGION.sub(lambda match: "某" * len(match.group()), view) if "（" in view else view
    return (
        _PROVINCES.sub(lambda match: match.group().replace("、", "某"), masked)
        if "自治区" in view
        else masked
    )


def split_names(masked: str, start: int, end: int, register: Register) -> list[tuple[int, int]]:
    """The spans of the names in a list: split at 、 ， ；, at blanks and conjunctions between two whole names."""
    spans: list[tuple[int, int]] = []
    position = start
    for index in range(start, end + 1):
        if index == end or masked[index] in "、，,；;/\n|。":
            piece = masked[position:index]
            if _TWO_CLASSES.match(piece.strip()) and index < end:
                continue
            spans.extend(_split_piece(masked, position, index, register))
            position = index + 1
    return spans


def _split_piece(masked: str, start: int, end: int, register: Register) -> list[tuple[int, int]]:
    start, end = trim(masked, start, end)
    if start >= end or end - start > _LONGEST_PIECE:
        return []
    piece = masked[start:end]
    joint = re.search(r"等(?:有关|相关)?(?:部门|单位)?(?:[和及与]|以及)", piece)
    if joint and joint.start() > 1:
        left = _split_piece(masked, start, start + joint.start(), register)
        return left + _split_piece(masked, start + joint.end(), end, register)
    for match in re.finditer(r"\s+", piece):
        if register.is_organ(squeeze(piece[: match.start()])):
            left = _split_piece(masked, start, start + match.start(), register)
            return left + _split_piece(masked, start + match.end(), end, register)
    for match in _CONJUNCTION.finditer(piece):
        head = squeeze(piece[: match.start()])
        if head and not register.is_known(squeeze(piece)) and _divides(head, register):
            return [(start, start + match.start()), *_split_piece(masked, start + match.end(), end, register)]
    return [(start, end)]


def _divides(head: str, register: Register) -> bool:
    """Whether the words before a conjunction are a whole name, so that the conjunction parts two names."""
    return register.is_organ(head) or is_vague(head) or bool(_WHOLE.match(head))


def trim(masked: str, start: int, end: int) -> tuple[int, int]:
    """A name span without blanks, leading 由/请 and trailing 等."""
    moved = True
    while moved and start < end:
        before = (start, end)
        while start < end and (masked[start].isspace() or masked[start] in '：“”"、'):
            start += 1
        while end > start and (masked[end - 1].isspace() or masked[end - 1] in '：“”"、。'):
            end -= 1
        etc = _ETC.search(masked, start, end)
        if etc and etc.start() > start:
            end = etc.start()
        prefix = _PREFIX.match(masked, start, end)
        if prefix and prefix.end() < end and end - prefix.end() > 1:
            start = prefix.end()
        moved = before != (start, end)
    return start, end
