"""Who may change units, people and roles: three administrators, and nobody grants himself (§5.2)."""

import hashlib
import re
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import INTERNAL, ROLES, Actor
from sanban.base.ledger.errors import Denied, Refused

SECURITY_ROLES: Final = frozenset({"admin", "security", "auditor"})
"""The three administrators; kept apart, so a stand-in never gets these."""
NEVER_WITHOUT: Final = frozenset({"admin", "security"})
"""Without the first nobody registers people, without the second nobody grants roles."""
WATCHERS: Final = frozenset({"security", "auditor"})
LOGIN: Final = re.compile(r"[A-Za-z0-9_-]+")


def require_admin(actor: Actor) -> None:
    """Units and the directory are the system administrator's."""
    if not actor.has("admin"):
        raise Denied(_("只有系统管理员可以维护机构和人员。"))


def require_security(actor: Actor) -> None:
    """Roles are the security administrator's."""
    if not actor.has("security"):
        raise Denied(_("只有安全管理员可以授予或收回角色。"))


def require_not_self(actor: Actor, person_id: int) -> None:
    """Nobody grants himself anything."""
    if actor.person_id == person_id:
        raise Denied(_("不能给自己授权，请由另一位安全管理员办理。"))


def require_keeper_of(actor: Actor, roles: frozenset[str]) -> None:
    """Passwords are the system administrator's; those of the two who watch him are the security administrator's."""
    if roles & WATCHERS:
        if not actor.has("security"):
            raise Denied(_("安全管理员和审计管理员的口令只能由本人或安全管理员设置。"))
    else:
        require_admin(actor)


def require_another(role: str, holders: int) -> None:
    """The last holder of a role that the house cannot be without keeps it."""
    if role in NEVER_WITHOUT and holders < 2:
        raise Refused(_("这是最后一位%(role)s，请先授权另一位再办理。") % {"role": ROLES[role]})


def require_future(until: datetime | None) -> None:
    """What is given for a time ends later than now."""
    if until is not None and until <= clock.now():
        raise Refused(_("到期时间已经过去，请填写以后的时间。"), field="until")


def known_role(role: str) -> str:
    """The office's name of a role."""
    if role not in ROLES:
        raise Refused(_("没有“%(role)s”这个角色，请从列表中选择。") % {"role": role}, field="role")
    return ROLES[role]


def cleared(clearance: int, roles: AbstractSet[str]) -> int:
    """The three administrators read no secrets of the house, whatever they are cleared for (三员分立)."""
    return min(clearance, INTERNAL) if roles & SECURITY_ROLES else clearance


def digest_of(key: str) -> str:
    """SHA-256 of a key, as hexadecimal text: what the tables keep."""
    return hashlib.sha256(key.encode()).hexdigest()
