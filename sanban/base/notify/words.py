"""The words for channels and states of what goes out."""

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sanban.base.notify.kinds import Kind
from sanban.base.notify.outbox import FAILED, HOOK, MAIL, QUEUED, SENDING, SENT, SMS

CHANNEL_WORDS: Final[dict[str, Promise]] = {MAIL: _("邮件"), SMS: _("短信"), HOOK: _("推送")}
STATE_WORDS: Final[dict[str, Promise]] = {
    QUEUED: _("待发"),
    SENDING: _("发送中"),
    SENT: _("已发"),
    FAILED: _("未发出"),
}


def kind_words(kinds: Iterable[str]) -> list[str]:
    """The kinds of messages in words."""
    return [str(Kind(kind).label) for kind in kinds]
