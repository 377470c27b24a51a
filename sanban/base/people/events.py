"""What happens to units and people. Passwords are never part of an event."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("people.unit_created", stream="unit", sentence=_("设立单位“{name}”"))
class UnitCreated(Event):
    """A unit or division came to be."""

    code: str
    name: str
    short: str
    unit_kind: str
    parent_id: int | None
    path: str
    order: int
    aliases: list[str]


@event("people.unit_renamed", stream="unit", sentence=_("单位由“{former}”更名为“{name}”"))
class UnitRenamed(Event):
    """The former name stays findable."""

    former: str
    name: str
    short: str


@event("people.unit_alias_added", stream="unit", sentence=_("增加别名“{alias}”"))
class UnitAliasAdded(Event):
    """Texts call the unit by this name too."""

    alias: str


@event("people.unit_moved", stream="unit", sentence=_("划归“{parent_name}”"))
class UnitMoved(Event):
    """The unit stands under another; `paths` are {id, path} of it and of everything below it."""

    parent_id: int | None
    parent_name: str
    paths: list[dict[str, Any]]


@event("people.unit_merged", stream="unit", sentence=_("并入“{into_name}”"))
class UnitMerged(Event):
    """The unit ends; its names lead to the other unit, its people move there."""

    into_id: int
    into_name: str
    people: list[int]


@event("people.class_created", stream="unit_class", sentence=_("设立单位类别“{name}”"))
class ClassCreated(Event):
    """A class of units that texts name together."""

    name: str
    aliases: list[str]
    definite: bool
    members: list[int]


@event("people.person_created", stream="person", sentence=_("登记人员{name}（{post}）"))
class PersonCreated(Event):
    """A person with the roles of the first day; `roles` are {id, role}."""

    ref: str
    login: str
    name: str
    email: str
    mobile: str
    unit_id: int
    post: str
    clearance: int
    roles: list[dict[str, Any]]


@event("people.person_updated", stream="person", sentence=_("更新人员信息：{name}（{post}）"))
class PersonUpdated(Event):
    """The directory entry after the change."""

    name: str
    email: str
    mobile: str
    unit_id: int
    post: str
    clearance: int


@event("people.person_left", stream="person", sentence=_("{name}离任，工作交接给{successor_name}"))
class PersonLeft(Event):
    """Roles, keys, stand-ins and sign-in end; the successor stands in for what is open."""

    name: str
    successor_id: int
    successor_name: str
    deputy_id: int


@event("people.role_granted", stream="role_grant", sentence=_("授予{person_name}角色“{role_name}”"))
class RoleGranted(Event):
    """A role for a time."""

    person_id: int
    person_name: str
    role: str
    role_name: str
    since: datetime
    until: datetime | None


@event("people.role_ended", stream="role_grant", sentence=_("收回{person_name}角色“{role_name}”"))
class RoleEnded(Event):
    """The grant ends now; it stays on record."""

    person_name: str
    role_name: str


@event("people.deputy_appointed", stream="deputy", sentence=_("由{deputy_name}代理{person_name}：{reason}"))
class DeputyAppointed(Event):
    """Stand-in from when to when."""

    person_id: int
    person_name: str
    deputy_id: int
    deputy_name: str
    since: datetime
    until: datetime | None
    reason: str


@event("people.deputy_ended", stream="deputy", sentence=_("代理结束"))
class DeputyEnded(Event):
    """The stand-in ends now."""


@event("people.token_made", stream="token", sentence=_("生成接口令牌“{name}”"))
class TokenMade(Event):
    """A personal key; only its digest is known."""

    person_id: int
    name: str
    digest: str
    scopes: list[str]
    expires_at: datetime | None


@event("people.token_revoked", stream="token", sentence=_("吊销接口令牌"))
class TokenRevoked(Event):
    """The key opens nothing any more."""


@event("people.feed_renewed", stream="person", sentence=_("更换日历订阅地址"))
class FeedReset(Event):
    """The old address of the calendar feed stops; only the digest of the new one is kept."""

    feed_token: str


@event("people.feed_closed", stream="person", sentence=_("停用日历订阅地址"))
class FeedClosed(Event):
    """The address of the calendar feed stops; there is none until a new one is made."""


@event("people.password_set", stream="access", sentence=_("设置{login}的口令"))
class PasswordSet(Event):
    """That a password was set, by whom, for whom; never which."""

    login: str


@event("people.session_opened", stream="access", sentence=_("{login}登录"))
class SignedIn(Event):
    """Somebody came in by the front door."""

    person_id: int
    login: str


@event("people.sign_in_failed", stream="access", sentence=_("以“{login}”登录失败"))
class SignInFailed(Event):
    """A wrong password or an unknown name; what was typed as password is never kept."""

    login: str


@event("people.session_closed", stream="access", sentence=_("{login}退出"))
class SignedOut(Event):
    """Somebody left by the door."""

    person_id: int
    login: str
