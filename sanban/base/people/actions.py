"""Changing units, people, roles, deputies and tokens. Every act is in the ledger; names are in the directory only."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_id, new_ids
from sanban.base.ledger.log import Item, append, append_many
from sanban.base.people import events as e
from sanban.base.people import rules
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.models import AccessToken, Deputy, Person, RoleGrant, Unit
from sanban.base.people.queries import count_of_role, paths_by_code, taken_logins

SCOPES = ("read", "write")


@act
def create_units(actor: Actor, *, units: Sequence[UnitDraft]) -> list[int]:
    """Make units, parents before children, and return their ids (§4.1)."""
    return _create_units(actor, units=units)


def _create_units(actor: Actor, *, units: Sequence[UnitDraft]) -> list[int]:
    """Make units, parents before children, and return their ids (§4.1)."""
    rules.require_admin(actor)
    places = paths_by_code(actor=actor)
    items, made = [], []
    for draft, unit_id in zip(units, new_ids(len(units)), strict=True):
        if draft.code in places:
            raise Refused(_("单位编码 %(code)s 已存在，请换一个。") % {"code": draft.code}, field="code")
        if draft.kind not in Unit.KINDS:
            raise Refused(_("没有“%(kind)s”这种单位类型。") % {"kind": draft.kind}, field="kind")
        if draft.parent_code and draft.parent_code not in places:
            raise Refused(
                _("上级单位 %(code)s 不存在，请先设立上级。") % {"code": draft.parent_code}, field="parent"
            )
        parent_id, parent_path = places.get(draft.parent_code, (None, ""))
        path = f"{parent_path}{unit_id}."
        places[draft.code] = (unit_id, path)
        made.append(unit_id)
        items.append(
            Item(
                e.UnitCreated(
                    code=draft.code, name=draft.name, short=draft.short or draft.name, unit_kind=draft.kind,
                    parent_id=parent_id, path=path, order=draft.order, aliases=list(draft.aliases),
                ),
                unit_id,
                0,
            )
        )  # fmt: skip
    append_many(actor, items)
    return made


@act
def create_unit(actor: Actor, *, unit: UnitDraft) -> int:
    """Make one unit and return its id."""
    return _create_units(actor, units=[unit])[0]


@act
def move_unit(actor: Actor, *, unit_id: int, parent_id: int | None) -> None:
    """Put a unit with everything below it under another, or at the top."""
    rules.require_admin(actor)
    unit = _unit(unit_id)
    parent = _unit(parent_id) if parent_id is not None else None
    if parent is not None and parent.path.startswith(unit.path):
        raise Refused(_("不能划归自己或自己的下级单位。"), field="parent")
    start = f"{parent.path if parent else ''}{unit.pk}."
    below = Unit.objects.filter(path__startswith=unit.path).order_by("path").values_list("pk", "path")
    event = e.UnitMoved(
        parent_id=parent.pk if parent else None,
        parent_name=parent.name if parent else _("顶层"),
        paths=[{"id": pk, "path": start + path.removeprefix(unit.path)} for pk, path in below],
    )
    append(actor, event, stream_id=unit.pk, version=unit.version)


@act
def rename_unit(actor: Actor, *, unit_id: int, name: str, short: str) -> None:
    """Rename a unit; the former name stays and still finds it."""
    rules.require_admin(actor)
    unit = _unit(unit_id)
    if not name.strip():
        raise Refused(_("请填写新名称。"), field="name")
    event = e.UnitRenamed(former=unit.name, name=name.strip(), short=short.strip() or name.strip())
    append(actor, event, stream_id=unit.pk, version=unit.version)


@act
def add_alias(actor: Actor, *, unit_id: int, alias: str) -> None:
    """Let texts call a unit by one more name."""
    rules.require_admin(actor)
    unit = _unit(unit_id)
    if not alias.strip():
        raise Refused(_("请填写别名。"), field="alias")
    append(actor, e.UnitAliasAdded(alias=alias.strip()), stream_id=unit.pk, version=unit.version)


@act
def merge_unit(actor: Actor, *, unit_id: int, into_id: int) -> None:
    """End a unit and lead its names and people to another; its history stays."""
    rules.require_admin(actor)
    unit, into = _unit(unit_id), _unit(into_id)
    if into.path.startswith(unit.path):
        raise Refused(_("不能并入自己或自己的下级单位。"), field="into")
    people = list(Person.objects.filter(unit=unit).order_by("pk").values_list("pk", flat=True))
    event = e.UnitMerged(into_id=into.pk, into_name=into.name, people=people)
    append(actor, event, stream_id=unit.pk, version=unit.version)


@act
def create_unit_class(
    actor: Actor, *, name: str, aliases: Sequence[str], definite: bool, member_ids: Sequence[int]
) -> int:
    """Define a class of units that texts name together, as 各市人民政府."""
    rules.require_admin(actor)
    class_id = new_id()
    event = e.ClassCreated(name=name, aliases=list(aliases), definite=definite, members=list(member_ids))
    append(actor, event, stream_id=class_id, version=0)
    return class_id


@act
def create_people(actor: Actor, *, people: Sequence[PersonDraft]) -> list[int]:
    """Register people with their first roles and return their ids; nobody can sign in until a password is set."""
    return _create_people(actor, people=people)


def _create_people(actor: Actor, *, people: Sequence[PersonDraft]) -> list[int]:
    """Register people with their first roles and return their ids; nobody can sign in until a password is set."""
    rules.require_admin(actor)
    taken = taken_logins(actor=actor)
    items, made = [], []
    for draft in people:
        if not draft.login or not draft.name:
            raise Refused(_("请填写登录名和姓名。"), field="login")
        if draft.login.lower() in taken:
            raise Refused(_("登录名 %(login)s 已被使用，请换一个。") % {"login": draft.login}, field="login")
        for role in draft.roles:
            rules.known_role(role)
        if rules.SECURITY_ROLES.intersection(draft.roles) and not actor.system:
            raise Denied(_("管理员角色须在登记之后由安全管理员单独授予。"))
        taken.add(draft.login.lower())
        ids = new_ids(1 + len(draft.roles))
        made.append(ids[0])
        grants = [{"id": str(n), "role": r} for n, r in zip(ids[1:], draft.roles, strict=True)]
        event = e.PersonCreated(
            ref=secrets.token_hex(16), login=draft.login, name=draft.name, email=draft.email,
            mobile=draft.mobile, unit_id=draft.unit_id, post=draft.post, clearance=draft.clearance, roles=grants,
        )  # fmt: skip
        items.append(Item(event, ids[0], 0))
    append_many(actor, items)
    return made


@act
def create_person(actor: Actor, *, person: PersonDraft) -> int:
    """Register one person and return the id."""
    return _create_people(actor, people=[person])[0]


@act
def import_people(actor: Actor, *, people: Sequence[PersonDraft]) -> int:
    """Register everybody of a checked list in one act; one faulty row refuses the whole list."""
    if not people:
        raise Refused(_("名单中没有可登记的人员。"), field="file")
    return len(_create_people(actor, people=people))


@act
def update_person(
    actor: Actor,
    *,
    person_id: int,
    name: str,
    email: str,
    mobile: str,
    unit_id: int,
    post: str,
    clearance: int,
) -> None:
    """Change the directory entry; a higher clearance needs the security administrator."""
    rules.require_admin(actor)
    person = _person(person_id)
    if clearance > person.clearance:
        rules.require_security(actor)
    event = e.PersonUpdated(
        name=name, email=email, mobile=mobile, unit_id=_unit(unit_id).pk, post=post, clearance=clearance
    )
    append(actor, event, stream_id=person.pk, version=person.version)


@act
def leave(actor: Actor, *, person_id: int, successor_id: int) -> None:
    """A person leaves: sign-in and roles end, the successor stands in for what is open (交接)."""
    rules.require_admin(actor)
    person, successor = _person(person_id), _person(successor_id)
    if person.pk == successor.pk:
        raise Refused(_("接手人不能是本人。"), field="successor")
    holds = RoleGrant.objects.filter(person=person, role="admin", until=None).exists()
    if holds and count_of_role(actor=actor, role="admin") < 2:
        raise Refused(_("这是最后一位系统管理员，请先授权另一位再办理离任。"))
    event = e.PersonLeft(
        name=person.name, successor_id=successor.pk, successor_name=successor.name, deputy_id=new_id()
    )
    append(actor, event, stream_id=person.pk, version=person.version)


@act
def grant_role(actor: Actor, *, person_id: int, role: str, until: datetime | None = None) -> int:
    """Give a person a role, for a time or until it is ended."""
    rules.require_security(actor)
    rules.require_not_self(actor, person_id)
    person, name = _person(person_id), rules.known_role(role)
    if RoleGrant.objects.filter(person=person, role=role, until=None).exists():
        raise Refused(_("%(name)s已有此角色。") % {"name": person.name}, field="role")
    grant_id = new_id()
    event = e.RoleGranted(
        person_id=person.pk,
        person_name=person.name,
        role=role,
        role_name=name,
        since=clock.now(),
        until=until,
    )
    append(actor, event, stream_id=grant_id, version=0)
    return grant_id


@act
def end_role(actor: Actor, *, grant_id: int) -> None:
    """Take a role back now. The last system administrator keeps his."""
    rules.require_security(actor)
    grant = RoleGrant.objects.select_related("person").filter(pk=grant_id, until=None).first()
    if grant is None:
        raise Refused(_("此角色已经收回。"))
    if grant.role == "admin" and count_of_role(actor=actor, role="admin") < 2:
        raise Refused(_("这是最后一位系统管理员，请先授权另一位。"))
    event = e.RoleEnded(person_name=grant.person.name, role_name=rules.known_role(grant.role))
    append(actor, event, stream_id=grant.pk, version=grant.version)


@act
def appoint_deputy(
    actor: Actor, *, person_id: int, deputy_id: int, until: datetime | None, reason: str
) -> int:
    """Name who stands in: by the person himself or the system administrator."""
    if actor.person_id != person_id:
        rules.require_admin(actor)
    if actor.person_id == deputy_id != person_id:
        raise Denied(_("不能指定自己代理他人，请由本人或另一位系统管理员办理。"))
    person, deputy = _person(person_id), _person(deputy_id)
    if person.pk == deputy.pk:
        raise Refused(_("代理人不能是本人。"), field="deputy")
    if not reason.strip():
        raise Refused(_("请写明代理事由，例如“外出培训”。"), field="reason")
    row_id = new_id()
    event = e.DeputyAppointed(
        person_id=person.pk, person_name=person.name, deputy_id=deputy.pk, deputy_name=deputy.name,
        since=clock.now(), until=until, reason=reason.strip(),
    )  # fmt: skip
    append(actor, event, stream_id=row_id, version=0)
    return row_id


@act
def end_deputy(actor: Actor, *, deputy_row_id: int) -> None:
    """End a stand-in now."""
    row = Deputy.objects.filter(pk=deputy_row_id, until=None).first() or (
        Deputy.objects.filter(pk=deputy_row_id, until__gt=clock.now()).first()
    )
    if row is None:
        raise Refused(_("没有这条代理记录，或代理已经结束。"))
    if actor.person_id != row.person_id:
        rules.require_admin(actor)
    append(actor, e.DeputyEnded(), stream_id=row.pk, version=row.version)


@act
def set_passwords(actor: Actor, *, passwords: Mapping[str, str]) -> None:
    """Set passwords by login: one's own, or anybody's by the system administrator. Only the fact is recorded."""
    _set_passwords(actor, passwords=passwords)


def _set_passwords(actor: Actor, *, passwords: Mapping[str, str]) -> None:
    """Set passwords by login: one's own, or anybody's by the system administrator. Only the fact is recorded."""
    hashes: dict[str, str] = {}
    items = []
    for person in Person.objects.filter(login__in=list(passwords)):
        if actor.person_id != person.pk:
            rules.require_admin(actor)
        word = passwords[person.login]
        try:
            validate_password(word, person)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), field="password") from error
        if word not in hashes:
            hashes[word] = make_password(word)
        person.password = hashes[word]
        person.save(update_fields=["password"])
        items.append(Item(e.PasswordSet(login=person.login), new_id(), 0))
    append_many(actor, items)


@act
def set_password(actor: Actor, *, person_id: int, password: str) -> None:
    """Set one person's password: one's own, or anybody's by the system administrator."""
    _set_passwords(actor, passwords={_person(person_id).login: password})


@act
def record_password(actor: Actor, *, person: Person, password: str) -> None:
    """Keep the new password that its owner gave at the front door, and record that he did."""
    person.set_password(password)
    person.save(update_fields=["password"])
    append(actor, e.PasswordSet(login=person.login), stream_id=new_id(), version=0)


@act
def record_sign_in(actor: Actor, *, person: Person) -> None:
    """Record that somebody signed in (§5.2 登录留痕)."""
    append(actor, e.SignedIn(person_id=person.pk, login=person.login), stream_id=new_id(), version=0)


@act
def record_failure(actor: Actor, *, login: str) -> None:
    """Record that somebody could not sign in under this name."""
    append(actor, e.SignInFailed(login=login[:60]), stream_id=new_id(), version=0)


@act
def record_sign_out(actor: Actor, *, person: Person) -> None:
    """Record that somebody signed out."""
    append(actor, e.SignedOut(person_id=person.pk, login=person.login), stream_id=new_id(), version=0)


@act
def make_token(
    actor: Actor, *, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[int, str]:
    """A personal key of the API: (id, key). The key is shown once; its digest is kept."""
    if actor.person_id is None:
        raise Denied(_("请先登录。"))
    wrong = [scope for scope in scopes if scope not in SCOPES]
    if wrong or not scopes:
        raise Refused(_("请至少选择一个权限范围。"), field="scopes")
    key = "sb_" + secrets.token_urlsafe(32)
    token_id = new_id()
    event = e.TokenMade(
        person_id=actor.person_id, name=name.strip() or _("未命名"), digest=rules.digest_of(key), scopes=list(scopes),
        expires_at=expires_at,
    )  # fmt: skip
    append(actor, event, stream_id=token_id, version=0)
    return token_id, key


@act
def revoke_token(actor: Actor, *, token_id: int) -> None:
    """Close a key: one's own, or anybody's by the security administrator."""
    token = AccessToken.objects.filter(pk=token_id, revoked_at=None).first()
    if token is None:
        raise Refused(_("令牌不存在或已吊销。"))
    if token.person_id != actor.person_id:
        rules.require_security(actor)
    append(actor, e.TokenRevoked(), stream_id=token.pk, version=token.version)


@act
def reset_feed(actor: Actor) -> str:
    """A new address of the calendar feed; the old one stops. Returns the key, shown once."""
    person = _person(actor.person_id or 0)
    key = secrets.token_urlsafe(24)
    append(actor, e.FeedReset(feed_token=rules.digest_of(key)), stream_id=person.pk, version=person.version)
    return key


def _unit(unit_id: int) -> Unit:
    unit = Unit.objects.filter(pk=unit_id, active=True).first()
    if unit is None:
        raise Refused(_("没有这个单位，或它已被合并。"), field="unit")
    return unit


def _person(person_id: int) -> Person:
    person: Person | None = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise Refused(_("没有这个人员，或已离任。"), field="person")
    return person
