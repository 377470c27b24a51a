"""Who is to know a work secret: named one by one, with a reason and until a day (知悉人员)."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.log import append
from sanban.execute.task import events as e
from sanban.execute.task.queries.members import members, nameable
from sanban.execute.task.recording import day_of, task_for_act
from sanban.execute.task.rules import require, require_text

LONGEST: Final = timedelta(days=366)


@act
def name_member(
    actor: Actor, *, task_id: int, person_id: int, until: datetime, reason: str, version: int | None = None
) -> None:
    """Let one person know a work secret until a day; naming him again sets another day (§5.2 分级共享)."""
    task = task_for_act(task_id)
    require(actor, "name_member", task, version)
    words, now = require_text(reason, "reason", _("列入理由")), clock.now()
    if not now < until <= now + LONGEST:
        raise Refused(_("截止日期须在今天以后、一年以内。"), field="until")
    person = next((one for one in nameable(actor=actor) if one.id == person_id), None)
    if person is None:
        raise Refused(
            _(
                "此人不能列入：须在岗、知悉范围含工作秘密，且不是系统、安全、审计管理员。知悉范围由安全管理员核定。"
            ),
            field="person",
        )
    last = until - timedelta(microseconds=1)
    event = e.MemberNamed(
        person_id=person.id, person_name=person.name, until=until, until_on=day_of(last), reason=words
    )
    append(actor, event, stream_id=task.pk, version=task.version, level=task.level)


@act
def remove_member(
    actor: Actor, *, task_id: int, person_id: int, reason: str, version: int | None = None
) -> None:
    """Take a person off the list before his day, with the reason."""
    task = task_for_act(task_id)
    require(actor, "remove_member", task, version)
    words = require_text(reason, "reason", _("移出理由"))
    person = next((one for one in members(actor=actor, task=task) if one.id == person_id), None)
    if person is None:
        raise Refused(_("此人不在知悉人员之列，请刷新页面。"), field="person")
    event = e.MemberRemoved(person_id=person.id, person_name=person.name, reason=words)
    append(actor, event, stream_id=task.pk, version=task.version, level=task.level)
