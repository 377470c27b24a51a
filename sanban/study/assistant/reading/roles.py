"""Section roles before extraction: goals feed indicators and never become tasks."""

import re
from typing import Final

from .headings import PLAIN, ROOT, Node
from .model import Role

_NOT_TASKS: Final = re.compile(
    r"^(?:总体)?(?:指导思想|总体思路|总体要求|基本原则|工作原则|主要原则|基本思路|总体思想|基本要求|总要求|"
    r"工作思路)|^.{0,10}(?:的|工作)(?:原则|指导思想|总体要求)$"
)
_GOAL: Final = re.compile(
    r"^(?:总体|主要|工作|发展|行动|建设|具体|阶段性?|预期|改革|近期|远期|任务|年度|整治|治理|实施|远景|战略|"
    r"奋斗)*目标(?:任务|指标|要求)?$|^(?:目标|指标体系)"
)
_BASIS: Final = re.compile(
    r"^(?:充分认识|深刻认识|提高认识|统一思想|高度重视.{0,20}重要)|(?:重要意义|重大意义|必要性|重要性|紧迫性|"
    r"现实意义)$|^(?:编制|规划|发展|工作|现实|形势)?(?:背景|依据|基础|现状|形势)(?:.{0,8})$"
    r"|^(?:基本情况|有关情况|发展环境|面临形势)"
)
_DEFINITION: Final = re.compile(
    r"^(?!扩|拓|缩|推|合理|明确|规范|确定|调整|优化).{0,8}(?:适用对象|范围(?:及|和|、).{1,8}|范围|定义|名词解释|"
    r"术语)$"
)
_CLOSING: Final = re.compile(r"^(?:附则|其他事项|有关说明|施行日期|解释权)")
_SCHEDULE: Final = re.compile(
    r"(?:进度|时间|步骤|阶段|工作)安排$|(?:实施|工作|推进|方法)步骤|^(?:时间安排|工作进度|阶段划分|实施阶段)|"
    r"(?:部署|启动|实施|总结|推进|验收|整改|自查)阶段"
)
_SAFEGUARD: Final = re.compile(
    r"保障(?:措施|机制)?$|组织(?:实施|领导|保障)$|^(?:工作要求|有关要求|加强领导|加强组织|强化保障|强化组织|"
    r"监督检查|督促落实|保障|组织)|监督考核$|^(?:工作)?保障"
)
_INHERITED: Final = frozenset({"basis", "principle", "goal", "closing", "annex", "schedule", "safeguard"})
_STAGE: Final = re.compile(r"^(?:任务|目标任务|主要任务|重点任务)")


def assign_roles(root: Node) -> None:
    """Give every heading its role: by its own title, else by the heading it stands under."""
    pending = [root]
    while pending:
        node = pending.pop()
        if node.role != "annex" and node.kind != ROOT:
            node.role = _role(node)
        pending.extend(node.children)


def _role(node: Node) -> Role:
    above: Role = node.parent.role if node.parent and node.parent.kind != ROOT else "measure"
    if above == "annex":
        return above
    own = _own_role(node.title, top=node.level == 1 or node.kind == PLAIN)
    if own in ("goal", "principle", "basis", "closing"):
        return "goal" if own == "goal" and above in ("measure", "principle", "goal", "schedule") else own
    if above in _INHERITED and above not in ("schedule", "safeguard"):
        return above
    return own or above


def _own_role(title: str, *, top: bool) -> Role | None:
    title = (
        re.sub(r"^(?:关于|明确|坚持)", "", title)
        if title.startswith(("关于", "明确目标", "明确总体"))
        else title
    )
    if not title or len(title) > 30:
        return "basis" if title and _BASIS.search(title) and top else None
    for role, pattern in _BY_TITLE:
        if pattern.search(title):
            return role
    if top:
        if _BASIS.search(title) or _DEFINITION.search(title):
            return "basis"
        if _SCHEDULE.search(title):
            return "schedule"
        if _SAFEGUARD.search(title):
            return "safeguard"
    return None


_BY_TITLE: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = (
    ("principle", _NOT_TASKS),
    ("goal", _GOAL),
    ("closing", _CLOSING),
)
