"""What is done in an emergency: ask, open or refuse, end, review; and publish the terms."""

from datetime import timedelta

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.axis import DAY_MINUTES
from sanban.base.calendar.queries import current_axis
from sanban.base.glass import events as e
from sanban.base.glass import queries, rules
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.people.present import active_person
from sanban.base.watch.queries import subject_at


@act
def ask(actor: Actor, *, address: str, reason: str) -> int:
    """Ask to read what an address leads to, at once. Whether there is anything is not told to who asks."""
    person_id = rules.require_asker(actor)
    reason = rules.require_words(reason, "reason", _("紧急事由"))
    subject = subject_at(actor=actor, address=address)
    sight_id = new_id()
    event = e.SightAsked(
        person_id=person_id, person_name=actor.name, person_unit=actor.unit_name, address=address[:300],
        of_stream=subject.stream if subject else "", object_id=subject.object_id if subject else None,
        object_level=subject.level if subject else 1, owner_units=list(subject.owner_units) if subject else [],
        reason=reason[:300],
    )  # fmt: skip
    append(actor, event, stream_id=sight_id, version=0)
    return sight_id


@act
def open_sight(actor: Actor, *, sight_id: int, note: str = "") -> None:
    """Open the object to him for the term in force. It lifts nobody above the level he is cleared for."""
    sight = queries.get_sight(actor=actor, sight_id=sight_id)
    second = rules.require_second(actor, sight)
    if sight.object_id is None:
        raise Refused(_("这个地址没有可查阅的内容，请不同意并说明。"))
    if active_person(sight.person_id).clearance < sight.level:
        raise Refused(_("申请人的知悉范围低于该内容的密级。请先由安全管理员调整知悉范围，再来同意。"))
    now, terms = clock.now(), queries.terms_in_force(actor=actor)
    until = now + timedelta(minutes=terms.minutes)
    event = e.SightOpened(
        person_id=sight.person_id, of_stream=sight.stream, object_id=sight.object_id, second_id=second, until=until,
        review_due=current_axis(actor=actor).add(until, terms.review_days * DAY_MINUTES),
        terms_number=terms.number, note=note.strip()[:300],
    )  # fmt: skip
    append(actor, event, stream_id=sight_id, version=sight.version)


@act
def refuse_sight(actor: Actor, *, sight_id: int, note: str) -> None:
    """Say no, and why."""
    sight = queries.get_sight(actor=actor, sight_id=sight_id)
    second = rules.require_second(actor, sight)
    said = rules.require_words(note, "note", _("不同意的理由"))[:300]
    append(actor, e.SightRefused(second_id=second, note=said), stream_id=sight_id, version=sight.version)


@act
def end_sight(actor: Actor, *, sight_id: int) -> None:
    """Shut it before its time: either of the two, the supervision office, or the security administrator."""
    sight = queries.get_sight(actor=actor, sight_id=sight_id)
    if rules.state_of(sight) != rules.OPENED:
        raise Refused(_("这次紧急查阅不在进行中，请刷新页面。"))
    either = actor.person_id in (sight.person_id, sight.second_id)
    if not either and not actor.has("supervisor", "security"):
        raise Denied(_("由申请人、同意人、督查办或安全管理员结束。"))
    append(actor, e.SightEnded(), stream_id=sight_id, version=sight.version)


@act
def review(actor: Actor, *, sight_id: int, justified: bool, finding: str) -> None:
    """Judge afterwards whether it was justified: the auditor, who is neither of the two."""
    sight = queries.get_sight(actor=actor, sight_id=sight_id)
    if not rules.may_review(actor, sight):
        raise Denied(_("紧急查阅由审计管理员复核，当事的两人不得复核。"))
    if rules.state_of(sight) != rules.ENDED:
        raise Refused(_("结束以后才能复核，每次只复核一次。"))
    said = rules.require_words(finding, "finding", _("复核结论"))[:1000]
    append(
        actor,
        e.SightReviewed(justified=justified, finding=said),
        stream_id=sight_id,
        version=sight.version,
    )


@act
def publish_terms(actor: Actor, *, minutes: int, review_days: int, base_number: int, note: str) -> int:
    """Publish the next version of the terms, made from the one that was in force."""
    if not actor.has("security"):
        raise Denied(_("紧急查阅规则由安全管理员发布。"))
    if queries.terms_in_force(actor=actor).number != base_number:
        raise Conflict(_("规则已有新的版本，请核对后再发布。"))
    if not 5 <= minutes <= 480 or not 1 <= review_days <= 30:
        raise Refused(_("时长须为 5 至 480 分钟，复核期限须为 1 至 30 个工作日。"), field="minutes")
    event = e.TermsPublished(
        number=base_number + 1, minutes=minutes, review_days=review_days,
        note=rules.require_words(note, "note", _("修改说明"))[:200],
    )  # fmt: skip
    append(actor, event, stream_id=1, version=base_number)
    return base_number + 1
