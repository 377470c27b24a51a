"""The round of the clock: collect what is due, and send it. Network calls are made outside any transaction.

One round sends for at most twenty seconds, so that lights turn punctually however slow others are; what a server
refuses once is not tried with it again in the same round.
"""

import logging
import smtplib
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.calendar.queries import current_calendar
from sanban.base.notify import collecting, composing, outbound, outbox, queries, signing
from sanban.base.notify.models import Outgoing
from sanban.base.notify.outbox import HOOK, MAIL
from sanban.base.notify.rules import is_quiet, later
from sanban.base.notify.sms import gateway

logger = logging.getLogger(__name__)
Say = Callable[[str], object]
SECONDS: Final = 20.0
BATCH: Final = 200


class Moot(Exception):
    """There is nothing left to say, or nobody left to say it to."""


def send_due(say: Say) -> int:
    """Collect and send what is due now; returns how much went out. Called at each look of the clock."""
    now, began = clock.now(), time.perf_counter()
    with translation.override(settings.LANGUAGE_CODE):
        collecting.collect(now)
        outbox.take_up_stuck(now=now)
        outbox.forget(now=now)
        closed: set[tuple[str, int]] = set()
        done = {True: 0, False: 0}
        for row in outbox.due(now=now, limit=BATCH):
            if time.perf_counter() - began > SECONDS:
                break
            door = (row.channel, row.target if row.channel == HOOK else 0)
            if door in closed or not _may_go(row, now):
                continue
            if outbox.claim(row, now=now):
                well = _sent(row, now)
                done[well] += 1
                if not well:
                    closed.add(door)
    if any(done.values()):
        say(_("外发消息 %(sent)s，未成 %(failed)s") % {"sent": done[True], "failed": done[False]})
    return done[True]


def _may_go(row: Outgoing, now: datetime) -> bool:
    """Red ones always; the rest not in a person's quiet hours and not on days off. Programs do not sleep."""
    if row.urgent or row.channel == HOOK:
        return True
    wish = queries.preference(actor=SYSTEM, person_id=row.target)
    worked = current_calendar(actor=SYSTEM).spec.hours(clock.local(now).date())
    if worked and not is_quiet(now, quiet_from=wish.quiet_from, quiet_until=wish.quiet_until):
        return True
    outbox.postpone(row, until=later(now))
    return False


def _sent(row: Outgoing, now: datetime) -> bool:
    """Send one claimed row and mark what came of it; what is moot counts as done well."""
    try:
        SENDERS[row.channel](row)
    except (Moot, outbound.Unsafe) as why:
        outbox.failed(row, now=now, why=str(why), final=True)
        return isinstance(why, Moot)
    except outbound.Unreachable as why:
        outbox.failed(row, now=now, why=str(why), final=False)
        return False
    except Exception as bug:  # whatever one parcel does, the clock goes on
        logger.exception("sending %s %s", row.channel, row.pk)
        outbox.failed(row, now=now, why=type(bug).__name__, final=False)
        return False
    outbox.sent(row, now=now)
    return True


def _mail(row: Outgoing) -> None:
    letter = composing.mail(row)
    to = queries.reach_of(actor=SYSTEM, person_id=row.target)[0]
    if letter is None or not to:
        raise Moot(_("消息已读，或收件人没有邮箱。"))
    if not collecting.has_mail():
        raise outbound.Unreachable(_("没有配置邮件服务器。"))
    subject, text = letter
    # A mail that had to be sent twice carries the same number, so that mail programs can tell.
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    mail = EmailMessage(subject, text, to=[to], headers={"Message-ID": f"<sanban-{row.pk}@{domain}>"})
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused:
        raise outbound.Unsafe(_("邮件服务器不接受收件地址。")) from None
    except (OSError, smtplib.SMTPException) as error:
        raise outbound.Unreachable(
            _("邮件服务器没有接收（%(why)s）。") % {"why": type(error).__name__}
        ) from error


def _text(row: Outgoing) -> None:
    text = composing.sms(row)
    mobile = queries.reach_of(actor=SYSTEM, person_id=row.target)[1]
    if text is None or not mobile:
        raise Moot(_("消息已读，或收件人没有手机号。"))
    gateway().send(mobile=mobile, text=text, reference=f"sanban-{row.pk}")


def _call(row: Outgoing) -> None:
    endpoint = queries.endpoint_to_call(actor=SYSTEM, endpoint_id=row.target)
    body = composing.call(endpoint, row) if endpoint is not None else None
    if endpoint is None or body is None:
        raise Moot(_("推送地址已停用，或消息已不存在。"))
    target = outbound.judge(endpoint.url, allow=outbound.networks(settings.SANBAN_WEBHOOK_ALLOW))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        signing.HEADER: signing.signature(signing.key_of(endpoint.pk), clock.now(), body),
    }
    status = outbound.post(target, body, headers)
    if not 200 <= status < 300:
        raise outbound.Unreachable(_("对方应答 %(status)s。") % {"status": status})


SENDERS: Final[dict[str, Callable[[Outgoing], None]]] = {MAIL: _mail, outbox.SMS: _text, HOOK: _call}
