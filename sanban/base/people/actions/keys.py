"""Acts on personal keys: of the API and of the calendar feed. A key is shown once; its digest is kept."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.people import events as e
from sanban.base.people import rules
from sanban.base.people.models import AccessToken
from sanban.base.people.present import active_person

SCOPES = ("read", "write")


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
    if expires_at is not None and expires_at <= clock.now():
        raise Refused(_("到期时间已经过去，请填写以后的时间。"), field="expires_at")
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
    person = active_person(actor.person_id or 0)
    key = secrets.token_urlsafe(24)
    append(actor, e.FeedReset(feed_token=rules.digest_of(key)), stream_id=person.pk, version=person.version)
    return key


@act
def close_feed(actor: Actor) -> None:
    """The address of one's own calendar feed stops, without a new one."""
    person = active_person(actor.person_id or 0)
    if not person.feed_token:
        raise Refused(_("您现在没有日历订阅地址，无需停用。"))
    append(actor, e.FeedClosed(), stream_id=person.pk, version=person.version)
