"""What is done about sight: a refused page put on record; a request made, granted, denied."""

from datetime import datetime

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.people.present import active_person
from sanban.base.watch import events as e
from sanban.base.watch import queries, rules
from sanban.base.watch.models import SightRequest


@act
def note_refused_read(
    actor: Actor, *, page: str, reason: str, stream: str = "", object_id: int | None = None
) -> None:
    """Put a page that was refused on record."""
    event = e.ReadRefused(page=page[:80], of_stream=stream, object_id=object_id, reason=reason)
    append(actor, event, stream_id=new_id(), version=0)


@act
def request_sight(actor: Actor, *, address: str, purpose: str, until: datetime) -> int:
    """Ask to see what an address leads to. Whether there is anything is not told: the answer is always the same."""
    if actor.person_id is None:
        raise Denied(_("请先登录。"))
    purpose = rules.require_words(purpose, "purpose", _("查阅用途"))
    rules.require_term(until)
    subject = queries.subject_at(actor=actor, address=address)
    request_id = new_id()
    event = e.SightRequested(
        person_id=actor.person_id, person_name=actor.name, person_unit=actor.unit_name, address=address[:300],
        of_stream=subject.stream if subject else "", object_id=subject.object_id if subject else None,
        object_level=subject.level if subject else 1, owner_units=list(subject.owner_units) if subject else [],
        purpose=purpose[:200], until=until,
    )  # fmt: skip
    append(actor, event, stream_id=request_id, version=0, level=event.object_level)
    return request_id


@act
def grant_sight(actor: Actor, *, request_id: int, note: str = "") -> None:
    """Let the person see the object until the day he asked for. His clearance is not raised by it."""
    request = _to_decide(actor, request_id)
    rules.require_term(request.until)
    person = active_person(request.person_id)
    if request.object_id is None:  # nothing is there: no unit was asked
        raise Denied(_("没有这份申请，或您无权查看。"))
    if person.clearance < request.level:
        raise Refused(_("申请人的知悉范围低于该内容的密级，须先由安全管理员调整知悉范围。"))
    event = e.SightGranted(
        person_id=person.pk, of_stream=request.stream, object_id=request.object_id, until=request.until,
        note=note.strip()[:200],
    )  # fmt: skip
    append(actor, event, stream_id=request_id, version=request.version, level=request.level)


@act
def deny_sight(actor: Actor, *, request_id: int, note: str) -> None:
    """Say no, and why."""
    request = _to_decide(actor, request_id)
    event = e.SightDenied(note=rules.require_words(note, "note", _("不同意的理由"))[:200])
    append(actor, event, stream_id=request_id, version=request.version, level=request.level)


def _to_decide(actor: Actor, request_id: int) -> SightRequest:
    request, units = queries.get_request(actor=actor, request_id=request_id)
    if not rules.may_decide(actor, person_id=request.person_id, owner_units=units):
        raise Denied(_("查阅申请由归属单位的负责人或联络员决定，本人的申请由他人决定。"))
    rules.require_open(request)
    return request
