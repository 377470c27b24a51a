"""Who may know who has seen what, who sees refusals, who decides on requests."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.errors import Denied, Refused

WAITING, GRANTED, DENIED = "waiting", "granted", "denied"
STATE_NAMES: Final = {
    WAITING: gettext_lazy("待批"), GRANTED: gettext_lazy("已同意"), DENIED: gettext_lazy("未同意"),
}  # fmt: skip
WAY_NAMES: Final = {
    "page": gettext_lazy("打开"), "list": gettext_lazy("列表"), "search": gettext_lazy("检索"),
    "export": gettext_lazy("导出"), "api": gettext_lazy("接口"), "feed": gettext_lazy("日历订阅"),
    "download": gettext_lazy("下载"), "gap": gettext_lazy("登记缺口"),
}  # fmt: skip
PURPOSE_NAMES: Final = {
    "purposes": gettext_lazy("登记了下载用途，见存证"), "members": gettext_lazy("知悉人员"),
}  # fmt: skip
CODE_NAMES: Final = {
    "denied": gettext_lazy("无权办理"), "refused": gettext_lazy("不能这样办理"),
    "conflict": gettext_lazy("已被他人更新"), "hidden": gettext_lazy("无权查阅"),
}  # fmt: skip
RULE_NAMES: Final = {
    "refusals": gettext_lazy("短时多次被拒"), "bulk": gettext_lazy("批量查阅超额"),
    "bait": gettext_lazy("打开诱饵文件"), "after_deputy": gettext_lazy("代理结束后查阅"),
}  # fmt: skip
LONGEST: Final = timedelta(days=90)
OWNERS: Final = ("leader", "liaison")
SUPERVISORS: Final = ("supervisor", "signer", "auditor")


def is_supervisor(actor: Actor) -> bool:
    """The supervision office and the auditor know the readers of every object (§4.1)."""
    return actor.has(*SUPERVISORS)


def may_know_readers(actor: Actor, owner_units: Collection[int]) -> bool:
    """The supervision office, the auditor, and leader and liaison of the unit that an object belongs to."""
    return is_supervisor(actor) or (actor.has(*OWNERS) and not actor.unit_ids.isdisjoint(owner_units))


def require_watcher(actor: Actor) -> None:
    """Refusals are the auditor's and the security administrator's to see."""
    if not actor.has("auditor", "security"):
        raise Denied(_("越权拦截只供审计管理员和安全管理员查看。"))


def may_decide(actor: Actor, *, person_id: int, owner_units: Collection[int]) -> bool:
    """Leader or liaison of the owning unit, never the one who asks."""
    owns = not actor.unit_ids.isdisjoint(owner_units)
    return not actor.system and actor.has(*OWNERS) and owns and actor.person_id != person_id


def require_open(request: Any) -> None:
    """A request is decided once."""
    if request.state != WAITING:
        raise Refused(_("这份申请已经有了结果，请刷新页面。"))


def require_term(until: datetime) -> None:
    """Sight ends at a day to come, and not later than in 90 days."""
    now = clock.now()
    if until <= now:
        raise Refused(_("截止日期须在今天以后。"), field="until")
    if until > now + LONGEST:
        raise Refused(_("一次最多申请 90 天，请缩短期限。"), field="until")


def require_words(text: str, field: str, what: str) -> str:
    """Purpose and remark are not left empty."""
    said = text.strip()
    if not said:
        raise Refused(_("请填写%(what)s。") % {"what": what}, field=field)
    return said


def require_security(actor: Actor) -> None:
    """Rules and baits are the security administrator's."""
    if not actor.has("security"):
        raise Denied(_("拦截规则和诱饵文件由安全管理员设定。"))


def require_judge(actor: Actor, *, person_id: int) -> None:
    """A case is closed by the auditor or the security administrator, never by the person it is about."""
    require_watcher(actor)
    if actor.person_id == person_id:
        raise Denied(_("与本人有关的拦截由他人办结。"))
