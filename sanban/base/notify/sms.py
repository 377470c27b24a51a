"""Text messages: one small interface, a gateway that is not there, and one that is reached by signed HTTP."""

import json
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.notify import outbound
from sanban.base.notify.signing import HEADER, signature


class SmsGateway(Protocol):
    """What sends a text to a mobile number. `reference` stays the same when a text is tried again."""

    @property
    def ready(self) -> bool: ...

    def send(self, *, mobile: str, text: str, reference: str) -> None:
        """Hand the text over, or raise Unsafe or Unreachable."""


@dataclass(frozen=True, slots=True)
class NullGateway:
    """No gateway is configured: nothing is queued for it."""

    ready: bool = False

    def send(self, *, mobile: str, text: str, reference: str) -> None:
        """Refuse, in case a text was queued before the gateway was taken away."""
        raise outbound.Unsafe(_("没有配置短信网关。"))


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """Posts `{"mobile", "text", "reference"}` to the operator's gateway, signed as webhooks are."""

    url: str
    key: str
    ready: bool = True

    def send(self, *, mobile: str, text: str, reference: str) -> None:
        """Hand the text over through the same guard as every other call out of the house."""
        said = {"mobile": mobile, "text": text, "reference": reference}
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        allow = outbound.networks(settings.SANBAN_WEBHOOK_ALLOW)
        headers = {"Content-Type": "application/json", HEADER: signature(self.key, clock.now(), body)}
        status = outbound.post(outbound.judge(self.url, allow=allow), body, headers)
        if not 200 <= status < 300:
            raise outbound.Unreachable(_("短信网关应答 %(status)s。") % {"status": status})


def gateway() -> SmsGateway:
    """The gateway that settings name; SANBAN_SMS_URL and SANBAN_SMS_KEY belong together."""
    if settings.SANBAN_SMS_URL and settings.SANBAN_SMS_KEY:
        return HttpGateway(settings.SANBAN_SMS_URL, settings.SANBAN_SMS_KEY)
    return NullGateway()
