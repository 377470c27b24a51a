"""What people do with their messages and wishes."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("notify.messages_read", stream="notify", sentence=_("已读 {count} 条消息"))
class MessagesRead(Event):
    """A person read messages: those named by `ids`, or all that came until an instant."""

    person_id: int
    ids: list[str]
    until: datetime | None
    count: int


@event("notify.preferences_set", stream="notify_preference", sentence=_("调整消息接收方式"))
class PreferencesSet(Event):
    """Which kinds come by mail, when the digest comes, which hours are quiet, and whether red ones come by phone."""

    mail_kinds: list[str]
    digest_minute: int
    quiet_from: int
    quiet_until: int
    sms: bool


@event("notify.webhook_created", stream="webhook", sentence=_("登记推送地址“{name}”（{host}）"))
class WebhookCreated(Event):
    """Messages of a person are passed on to another program from now on."""

    name: str
    host: str
    url: str
    owner_id: int
    shape: str
    kinds: list[str]


@event("notify.webhook_disabled", stream="webhook", sentence=_("停用推送地址"))
class WebhookDisabled(Event):
    """Nothing is passed on to it any more."""


@event("notify.webhook_tested", stream="webhook", sentence=_("发送测试消息"))
class WebhookTested(Event):
    """A test was asked for; the clock sends it."""
