"""The dry run of a list of people: for each row what would be registered, or what to mend first."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from sanban.base.access.actor import ROLES
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.roster import Row
from sanban.base.people.rules import LOGIN, SECURITY_ROLES

Verdict = tuple[Row, PersonDraft | None, str]
LONGEST = {"login": 60, "name": 60, "post": 80, "mobile": 20, "email": 254}
ROLE_WORDS = {name: key for key, name in ROLES.items()} | {key: key for key in ROLES}


def judge(rows: Iterable[Row], *, units: Iterable[tuple[int, str, str]], taken: set[str]) -> list[Verdict]:
    """Each row with its draft, or with the sentence that says what to mend. Units are (id, name, code)."""
    known, used = _unit_words(list(units)), set(taken)
    made: list[Verdict] = []
    for row in rows:
        wanted = [part for part in re.split(r"[、,，;；\s]+", row.roles) if part]
        fault = _person_fault(row, used) or _unit_fault(row, known) or _role_fault(wanted)
        draft = None if fault else PersonDraft(
            login=row.login, name=row.name, unit_id=known[row.unit][0], post=row.post,
            roles=tuple(dict.fromkeys(ROLE_WORDS[part] for part in wanted)), email=row.email, mobile=row.mobile,
        )  # fmt: skip
        used.add(row.login.lower())
        made.append((row, draft, fault))
    return made


def _unit_words(units: list[tuple[int, str, str]]) -> dict[str, list[int]]:
    """The units a cell may mean: by code, else by full name, by which several may be called."""
    words: dict[str, list[int]] = {}
    for pk, name, _code in units:
        words.setdefault(name, []).append(pk)
    return words | {code: [pk] for pk, _name, code in units}


def _person_fault(row: Row, used: set[str]) -> str:
    if not row.login or not row.name:
        return _("缺少登录名或姓名。")
    if not LOGIN.fullmatch(row.login):
        return _("登录名 %(login)s 只能用字母、数字、连字符和下划线。") % {"login": row.login}
    if row.login.lower() in used:
        return _("登录名 %(login)s 已被使用，请换一个。") % {"login": row.login}
    if row.email and not _is_email(row.email):
        return _("邮箱“%(email)s”不是有效的地址。") % {"email": row.email}
    for name, most in LONGEST.items():
        if len(getattr(row, name)) > most:
            return _("“%(text)s…”太长，最多 %(most)d 字。") % {"text": getattr(row, name)[:10], "most": most}
    return ""


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _unit_fault(row: Row, known: dict[str, list[int]]) -> str:
    if row.unit not in known:
        return _("没有单位“%(unit)s”，请写全称或编码。") % {"unit": row.unit}
    if len(known[row.unit]) > 1:
        return _("有 %(n)d 个单位叫“%(unit)s”，请改写编码。") % {"n": len(known[row.unit]), "unit": row.unit}
    return ""


def _role_fault(wanted: list[str]) -> str:
    unknown = [part for part in wanted if part not in ROLE_WORDS]
    if unknown:
        return _("没有角色“%(role)s”，请从角色表中选。") % {"role": unknown[0]}
    if SECURITY_ROLES.intersection(ROLE_WORDS[part] for part in wanted):
        return _("管理员角色须在登记之后由安全管理员单独授予。")
    return ""
