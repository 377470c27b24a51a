"""Acts on one's own messages and wishes, and on the addresses messages are passed on to."""

import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.notify import events as e
from sanban.base.notify import outbound, queries
from sanban.base.notify.kinds import Kind
from sanban.base.notify.rules import require_keeper
from sanban.base.notify.signing import key_of

SHAPES = ("json", "text")


@act
def read_message(actor: Actor, *, message_id: uuid.UUID) -> str:
    """Mark one of one's own messages as read and say where it leads. One already read is only opened."""
    row = queries.message(actor=actor, message_id=message_id)
    if not row.read:
        made = e.MessagesRead(person_id=row.person_id, ids=[row.id.hex], until=None, count=1)
        append(actor, made, stream_id=new_id(), version=0)
    return row.link


@act
def read_all(actor: Actor) -> int:
    """Mark all of one's own messages that came until now as read, and say how many that were."""
    if actor.person_id is None:
        raise Denied(_("请先登录。"))
    now = clock.now()
    count = queries.unread_until(actor=actor, until=now)
    if count:
        made = e.MessagesRead(person_id=actor.person_id, ids=[], until=now, count=count)
        append(actor, made, stream_id=new_id(), version=0)
    return count


@act
def set_preferences(
    actor: Actor,
    *,
    mail_kinds: Sequence[str],
    digest_minute: int,
    quiet_from: int,
    quiet_until: int,
    sms: bool,
) -> None:
    """Say what comes by mail and when, which hours are quiet, and whether red messages come by phone."""
    if actor.person_id is None:
        raise Denied(_("请先登录。"))
    if wrong := [kind for kind in mail_kinds if kind not in Kind.values]:
        raise Refused(_("没有“%(kind)s”这类消息。") % {"kind": wrong[0]}, field="mail_kinds")
    for name, minute in (("digest", digest_minute), ("quiet_from", quiet_from), ("quiet_until", quiet_until)):
        if not 0 <= minute < 1440:
            raise Refused(_("时间应在 00:00 至 23:59 之间。"), field=name)
    if sms and not queries.reach(actor=actor)[1]:
        raise Refused(_("通讯录中没有您的手机号。请联系系统管理员登记后再开通短信。"), field="sms")
    kept = queries.preference(actor=actor, person_id=actor.person_id)
    made = e.PreferencesSet(
        mail_kinds=[kind.value for kind in Kind if kind.value in mail_kinds], digest_minute=digest_minute,
        quiet_from=quiet_from, quiet_until=quiet_until, sms=sms,
    )  # fmt: skip
    append(actor, made, stream_id=actor.person_id, version=kept.version)


@act
def create_webhook(
    actor: Actor,
    *,
    name: str,
    url: str,
    kinds: Sequence[str],
    owner_id: int | None = None,
    shape: str = "json",
) -> tuple[int, str]:
    """Pass the messages of a person (oneself, unless named) on to an address: (id, key). The key is shown once.

    The form of the address is judged here; where its name leads is judged at every delivery. The owner is told.
    """
    require_keeper(actor)
    owner = owner_id or actor.person_id
    if owner is None or not queries.is_there(actor=actor, person_id=owner):
        raise Refused(_("没有这个人员，或已离任。"), field="owner")
    if not name.strip():
        raise Refused(_("请给推送地址起个名字。"), field="name")
    if shape not in SHAPES:
        raise Refused(_("没有这种消息格式。"), field="shape")
    chosen = [kind.value for kind in Kind if kind.value in kinds]
    if not chosen or len(chosen) != len(set(kinds)):
        raise Refused(_("请至少选择一类消息。"), field="kinds")
    try:
        host = outbound.shape(url)[1]
    except outbound.Unsafe as why:
        raise Refused(str(why), field="url") from why
    endpoint_id = new_id()
    made = e.WebhookCreated(
        name=name.strip()[:60], host=host, url=url, owner_id=owner, shape=shape, kinds=chosen
    )
    append(actor, made, stream_id=endpoint_id, version=0)
    return endpoint_id, key_of(endpoint_id)


@act
def disable_webhook(actor: Actor, *, endpoint_id: int) -> None:
    """Pass nothing on to this address any more; what waits in the outbox is dropped."""
    require_keeper(actor)
    endpoint = queries.endpoint(actor=actor, endpoint_id=endpoint_id)
    if not endpoint.active:
        raise Refused(_("这个推送地址已停用。"))
    append(actor, e.WebhookDisabled(), stream_id=endpoint.pk, version=endpoint.version)


@act
def try_webhook(actor: Actor, *, endpoint_id: int) -> None:
    """Ask for a test delivery; the clock sends it at its next look."""
    require_keeper(actor)
    endpoint = queries.endpoint(actor=actor, endpoint_id=endpoint_id)
    if not endpoint.active:
        raise Refused(_("这个推送地址已停用。"))
    append(actor, e.WebhookTested(), stream_id=endpoint.pk, version=endpoint.version)
