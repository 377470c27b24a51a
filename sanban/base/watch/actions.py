"""What is done about sight: a refused page put on record; a request made, granted, denied."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.people.present import active_person
from sanban.base.watch import events as e
from sanban.base.watch import queries, rules
from sanban.base.watch.models import Bait, SightRequest, WatchCase
from sanban.base.watch.numbers import NAMES, Numbers


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


@act
def open_case(
    actor: Actor, *, rule: str, person_id: int, words: str, stream: str = "", object_id: int | None = None
) -> int:
    """Intercept a person: he must prove who he is, the supervision office is told. One open case a rule and person."""
    open_now = WatchCase.objects.filter(person_id=person_id, rule=rule, state="open").first()
    if open_now is not None:
        return int(open_now.pk)
    person, numbers = active_person(person_id), queries.numbers_in_force(actor=actor)
    case_id = new_id()
    event = e.CaseOpened(
        rule=rule, rules_number=numbers.number, person_id=person_id, person_ref=person.ref, unit_id=person.unit_id,
        of_stream=stream, object_id=object_id, words=words[:300],
        hold_until=clock.now() + timedelta(minutes=numbers.step_up_minutes),
    )  # fmt: skip
    append(actor, event, stream_id=case_id, version=0)
    return case_id


@act
def prove_identity(actor: Actor, *, method: str) -> None:
    """The person has signed in once more after he was intercepted, and in time."""
    case = queries.hold_of(actor=actor)
    if case is None:
        raise Refused(_("没有需要核验的事项。"))
    if case.hold_until <= clock.now():
        raise Denied(_("已过核验期限，账号已暂停，请联系安全管理员。"))
    append(actor, e.IdentityProved(method=method), stream_id=case.pk, version=case.version)


@act
def close_case(actor: Actor, *, case_id: int, finding: str) -> None:
    """Close a case with its finding; who was kept outside may come in again."""
    case = queries.get_case(actor=actor, case_id=case_id)
    rules.require_judge(actor, person_id=case.person_id)
    if case.state != "open":
        raise Refused(_("这起拦截已经办结，请刷新页面。"))
    event = e.CaseClosed(finding=rules.require_words(finding, "finding", _("核查结论"))[:1000])
    append(actor, event, stream_id=case_id, version=case.version)


@act
def publish_rules(actor: Actor, *, numbers: Numbers, base_number: int, note: str) -> int:
    """Publish the next version of the rules, made from the one that was in force."""
    rules.require_security(actor)
    if queries.numbers_in_force(actor=actor).number != base_number:
        raise Conflict(_("规则已有新的版本，请核对后再发布。"))
    said = {name: getattr(numbers, name) for name in NAMES}
    event = e.RulesPublished(
        number=base_number + 1, note=rules.require_words(note, "note", _("修改说明")), **said
    )
    append(actor, event, stream_id=1, version=base_number)
    return base_number + 1


@act
def set_bait(actor: Actor, *, address: str, reason: str) -> int:
    """Make the object at an address bait."""
    rules.require_security(actor)
    subject = queries.subject_at(actor=actor, address=address)
    if subject is None:
        raise Refused(_("这个地址没有可作诱饵的内容，请从浏览器地址栏复制。"), field="address")
    if Bait.objects.filter(stream=subject.stream, object_id=subject.object_id, lifted_at=None).exists():
        raise Refused(_("这件内容已经是诱饵。"), field="address")
    bait_id = new_id()
    event = e.BaitSet(
        of_stream=subject.stream,
        object_id=subject.object_id,
        reason=rules.require_words(reason, "reason", _("说明")),
    )
    append(actor, event, stream_id=bait_id, version=0)
    return bait_id


@act
def lift_bait(actor: Actor, *, bait_id: int) -> None:
    """It is bait no longer."""
    rules.require_security(actor)
    bait = Bait.objects.filter(pk=bait_id, lifted_at=None).first()
    if bait is None:
        raise Refused(_("这件内容不是诱饵，请刷新页面。"))
    append(actor, e.BaitLifted(), stream_id=bait_id, version=bait.version)
