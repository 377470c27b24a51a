"""Who may ask, who may be the second, who reviews; and the terms a house begins with."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.errors import Denied, Refused

ASKED, OPENED, REFUSED, ENDED, REVIEWED = "asked", "opened", "refused", "ended", "reviewed"
STATE_NAMES: Final = {
    ASKED: gettext_lazy("待另一人同意"), OPENED: gettext_lazy("查阅中"), REFUSED: gettext_lazy("未同意"),
    ENDED: gettext_lazy("已结束，待复核"), REVIEWED: gettext_lazy("已复核"),
}  # fmt: skip
ADMINISTRATORS: Final = ("admin", "security", "auditor")
SECONDS: Final = ("leader", "signer", "security")
WATCHERS: Final = ("supervisor", "signer", "auditor", "security")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One version; `number` 0 is the one the house is delivered with."""

    number: int = 0
    minutes: int = 60
    review_days: int = 3


def require_asker(actor: Actor) -> int:
    """Anybody who signed in, but none of the three administrators: they keep the house and read no secrets of it."""
    if actor.person_id is None:
        raise Denied(_("请先登录。"))
    if actor.has(*ADMINISTRATORS):
        raise Denied(_("系统、安全、审计管理员不得紧急查阅业务内容。请由业务人员提出。"))
    return actor.person_id


def may_second(actor: Actor, sight: Any) -> bool:
    """The security administrator, or a leader or signer of another unit; never the one who asks, nor his stand-in."""
    other = actor.person_id is not None and actor.person_id != sight.person_id
    other = other and actor.on_behalf_of != sight.person_ref
    foreign = sight.unit_id is None or sight.unit_id not in actor.unit_ids
    return other and (actor.has("security") or (actor.has("leader", "signer") and foreign))


def require_second(actor: Actor, sight: Any) -> int:
    """As `may_second`, in words; his number."""
    if not may_second(actor, sight) or actor.person_id is None:
        raise Denied(_("紧急查阅须由另一人同意：安全管理员，或其他单位的负责人、签发人。"))
    if sight.state != ASKED:
        raise Refused(_("这次紧急查阅已有结果，请刷新页面。"))
    return actor.person_id


def may_review(actor: Actor, sight: Any) -> bool:
    """The auditor, when he is neither of the two."""
    return actor.has("auditor") and actor.person_id not in (sight.person_id, sight.second_id)


def state_of(sight: Any) -> str:
    """How it stands now: what has run out is over."""
    over = sight.state == OPENED and sight.ends_at is not None and sight.ends_at <= clock.now()
    return ENDED if over else str(sight.state)


def may_know(actor: Actor, sight: Any) -> bool:
    """The two, those who may be the second, and the watchers."""
    return (
        actor.person_id in (sight.person_id, sight.second_id)
        or actor.has(*WATCHERS)
        or may_second(actor, sight)
    )


def require_words(text: str, field: str, what: str) -> str:
    """Reason and finding are not left empty."""
    if not text.strip():
        raise Refused(_("请填写%(what)s。") % {"what": what}, field=field)
    return text.strip()
