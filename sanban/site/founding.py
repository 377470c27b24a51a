"""The first day of a new office: one root unit and the two administrators who let everybody else in (三员分立)."""

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.queries import size
from sanban.base.people.actions import create_people, create_units, set_passwords
from sanban.base.people.drafts import PersonDraft, UnitDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """Who will sign in, as what, with which password."""

    role: str
    login: str
    name: str
    password: str


def found(*, unit: str, administrators: list[Administrator]) -> None:
    """Settle an empty house, all or nothing. A weak or shared password is refused with the reason."""
    if size(actor=SYSTEM)["events"]:
        raise Refused(_("数据库里已有记录，首次设立只用于空库。请由现有的管理员在“人员”页登记。"))
    if len({one.login for one in administrators}) < len(administrators):
        raise Refused(_("系统管理员和安全管理员须是两个人，请用不同的登录名。"))
    for one in administrators:
        try:
            validate_password(one.password)
        except ValidationError as weak:
            raise Refused(
                _("%(login)s 的口令不合要求：%(why)s")
                % {"login": one.login, "why": _("；").join(map(str, weak.messages))}
            ) from weak
    with transaction.atomic():
        root = UnitDraft(code="root", name=unit, short=unit, kind="government")
        (unit_id,) = create_units(SYSTEM, units=[root])
        people = [
            PersonDraft(login=one.login, name=one.name, unit_id=unit_id, roles=(one.role,))
            for one in administrators
        ]
        create_people(SYSTEM, people=people)
        set_passwords(SYSTEM, passwords={one.login: one.password for one in administrators})
