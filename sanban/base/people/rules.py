"""Who may change units, people and roles: three administrators, and nobody grants himself (§5.2)."""

import hashlib
from typing import Final

from django.utils.translation import gettext as _

from sanban.base.access.actor import ROLES, Actor
from sanban.base.ledger.errors import Denied, Refused

SECURITY_ROLES: Final = frozenset({"admin", "security", "auditor"})
"""The three administrators; kept apart, so a stand-in never gets these."""


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


def known_role(role: str) -> str:
    """The office's name of a role."""
    if role not in ROLES:
        raise Refused(_("没有“%(role)s”这个角色，请从列表中选择。") % {"role": role}, field="role")
    return ROLES[role]


def digest_of(key: str) -> str:
    """SHA-256 of a key, as hexadecimal text: what the tables keep."""
    return hashlib.sha256(key.encode()).hexdigest()
