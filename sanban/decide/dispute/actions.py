"""What people do in a dispute: open, answer, add evidence, mediate, name an arbiter, settle, withdraw, rule."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.queries import current_axis
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.ledger.registry import Event
from sanban.base.ledger.series import hold
from sanban.base.people.queries import active_units, roles_in_force, units_of_people
from sanban.base.search.queries import subject_of
from sanban.decide.dispute import events as e
from sanban.decide.dispute import queries, rules
from sanban.decide.dispute.drafts import DutyLine
from sanban.decide.dispute.models import Dispute
from sanban.decide.dispute.terms import due

SERIES: Final = 3
"""Numbers of cases."""
MOST_DUTIES: Final = 40


@act
def open_dispute(
    actor: Actor, *, stream: str, object_id: int, respondent_id: int, question: str, claim: str, asks: str,
    ground: str, files: Sequence[int] = (),
) -> int:  # fmt: skip
    """提起争议: a unit brings a question on an object it may see against another unit, with what it asks and why."""
    rules.require(rules.may_open(actor), _("争议由单位的联络员或领导提起。请联系本单位联络员。"))
    subject = subject_of(actor=actor, kind=stream, object_id=object_id)
    if subject is None or stream in rules.NOT_ARGUED:
        raise Denied(_("没有这个争议对象，或您无权查看，不能就其提起争议。请从对象的页面提起。"))
    claimant = queries.spoken_for(actor=actor)
    if respondent_id not in active_units(actor=actor) or claimant is None:
        raise Refused(_("请选择对方单位。"), field="respondent")
    if respondent_id == claimant:
        raise Refused(_("对方单位不能是本单位。请另选。"), field="respondent")
    same = queries.open_between(
        actor=actor, stream=stream, object_id=object_id, units=(claimant, respondent_id)
    )
    if same:
        raise Refused(
            _("双方就同一对象已有未了结的争议（%(number)s），请在该案中陈述。") % {"number": same},
            field="respondent",
        )
    texts = {
        "question": rules.require_text(question, "question", _("争议问题"), 200),
        "claim": rules.require_text(claim, "claim", _("主张")),
        "asks": rules.require_text(asks, "asks", _("请求")),
        "ground": rules.require_text(ground, "ground", _("依据")),
    }
    hold(SERIES)
    now, axis = clock.now(), current_axis()
    terms, year = queries.terms_in_force(actor=actor, day=clock.local(now).date()), clock.local(now).year
    opened = e.DisputeOpened(
        number=f"争议〔{year}〕{queries.numbered(actor=actor, year=year) + 1}号",
        object_stream=stream, object_id=object_id, object_title=subject.title[:300],
        object_number=subject.number, object_url=subject.url, claimant_id=claimant, respondent_id=respondent_id,
        files=_files(actor, files), terms_since=terms.since, answer_due_at=due(axis, now, terms.answer_minutes),
        ruling_due_at=due(axis, now, terms.ruling_minutes), **texts,
    )  # fmt: skip
    dispute_id = new_id()
    append(actor, opened, stream_id=dispute_id, version=0, level=subject.level, at=now)
    return dispute_id


@act
def answer(
    actor: Actor, *, dispute_id: int, text: str, files: Sequence[int] = (), version: int | None = None
) -> None:
    """答辩: the other party says how it sees the matter; after the term it still may, until the ruling."""
    dispute = _seen(actor, dispute_id)
    rules.require(
        rules.speaks_for(actor, dispute.respondent_id, queries.homes(actor=actor)),
        _("由对方单位（%(unit)s）的联络员或领导答辩。") % {"unit": dispute.respondent.short},
    )
    _ready(dispute, (rules.OPENED,), version)
    said = rules.require_text(text, "text", _("答辩意见"))
    _write(actor, dispute, e.DisputeAnswered(text=said, files=_files(actor, files)))


@act
def add_evidence(
    actor: Actor, *, dispute_id: int, text: str, files: Sequence[int] = (), version: int | None = None
) -> int:
    """补充陈述与证据: either party adds to what it said, until the ruling."""
    dispute = _seen(actor, dispute_id)
    unit_id = _party(actor, dispute)
    _ready(dispute, rules.LIVE, version)
    said = rules.require_text(text, "text", _("补充内容"))
    key = new_id()
    added = e.EvidenceAdded(statement_id=key, unit_id=unit_id, text=said, files=_files(actor, files))
    _write(actor, dispute, added)
    return key


@act
def note_mediation(actor: Actor, *, dispute_id: int, text: str, version: int | None = None) -> int:
    """调解记录: the arbiter or the office writes down how the parties were brought together and what came of it."""
    dispute = _seen(actor, dispute_id)
    rules.require(
        rules.may_mediate(actor, dispute, queries.homes(actor=actor)),
        _("调解由本案仲裁员，或不属于任何一方的交办员、领导记录。"),
    )
    _ready(dispute, rules.LIVE, version)
    key = new_id()
    said = rules.require_text(text, "text", _("调解情况"))
    _write(actor, dispute, e.MediationNoted(statement_id=key, text=said))
    return key


@act
def name_arbiter(
    actor: Actor, *, dispute_id: int, person_id: int, until: date | None = None, version: int | None = None
) -> None:
    """指定仲裁员: a person of neither party decides, and sees the case and its object until the named day."""
    dispute = _seen(actor, dispute_id)
    _require_namer(actor, dispute)
    _ready(dispute, rules.LIVE, version)
    name = _eligible(actor, dispute, person_id)
    sees = dispute.sight_until is not None and dispute.sight_until > clock.now()
    if person_id == dispute.arbiter_id and sees and until is None:
        raise Refused(_("%(name)s已是本案仲裁员。") % {"name": name}, field="arbiter")
    named = e.ArbiterNamed(
        person_id=person_id,
        name=name,
        former=dispute.arbiter_id if dispute.arbiter_id != person_id else None,
        until=_sight_until(dispute, until),
        files=queries.case_files(actor=actor, dispute=dispute),
    )
    _write(actor, dispute, named)


@act
def propose_settlement(actor: Actor, *, dispute_id: int, text: str, version: int | None = None) -> None:
    """提出和解: a party says on what terms it would settle; a newer proposal of either side replaces the former."""
    dispute = _seen(actor, dispute_id)
    unit_id = _party(actor, dispute)
    _ready(dispute, rules.BEFORE_RULING, version)
    said = rules.require_text(text, "text", _("和解方案"))
    _write(actor, dispute, e.SettlementProposed(unit_id=unit_id, text=said))


@act
def accept_settlement(actor: Actor, *, dispute_id: int, version: int | None = None) -> None:
    """同意和解: the other party agrees to what was proposed; both are bound, and the case is over."""
    dispute = _seen(actor, dispute_id)
    _party(actor, dispute)
    _ready(dispute, rules.BEFORE_RULING, version)
    if dispute.offer_by_id is None:
        raise Refused(_("还没有和解方案。请先由一方提出。"))
    other = dispute.respondent_id if dispute.offer_by_id == dispute.claimant_id else dispute.claimant_id
    rules.require(
        rules.speaks_for(actor, other, queries.homes(actor=actor)),
        _("和解方案由本单位提出，须由对方单位同意。"),
    )
    _write(actor, dispute, e.DisputeSettled(unit_id=other, text=dispute.offer))


@act
def withdraw(actor: Actor, *, dispute_id: int, reason: str, version: int | None = None) -> None:
    """撤回争议: the party that opened the case takes it back before the ruling, with the reason."""
    dispute = _seen(actor, dispute_id)
    rules.require(
        rules.speaks_for(actor, dispute.claimant_id, queries.homes(actor=actor)),
        _("争议由提起单位（%(unit)s）的联络员或领导撤回。") % {"unit": dispute.claimant.short},
    )
    _ready(dispute, rules.BEFORE_RULING, version)
    _write(
        actor, dispute, e.DisputeWithdrawn(reason=rules.require_text(reason, "reason", _("撤回理由"), 1000))
    )


@act
def rule(
    actor: Actor, *, dispute_id: int, findings: str, grounds: str, decision: str,
    duties: Sequence[DutyLine] = (), version: int | None = None,
) -> int:  # fmt: skip
    """裁决: the arbiter finds the facts, names the grounds, decides, and lays down who carries what from when.

    Without an answer he may decide when its term is over. A ruling in a correction names the one it replaces.
    """
    dispute = _seen(actor, dispute_id)
    rules.require(rules.may_rule(actor, dispute), _("只有本案仲裁员本人可以裁决。"))
    rules.require(
        not rules.of_a_party(dispute, queries.homes(actor=actor)),
        _("您现在属于或代理争议一方的人员，应当回避。请联系综合办另行指定仲裁员。"),
    )
    _ready(dispute, rules.LIVE, version)
    now = clock.now()
    if dispute.state == rules.OPENED and now <= dispute.answer_due_at:
        raise Refused(_("对方尚未答辩，答辩时限未到，不能裁决。"))
    former = queries.rulings(actor=actor, dispute=dispute)
    ruled = e.DisputeRuled(
        ruling_id=new_id(),
        ordinal=len(former) + 1,
        arbiter_name=actor.name,
        findings=rules.require_text(findings, "findings", _("认定的事实"), 10000),
        grounds=rules.require_text(grounds, "grounds", _("裁决依据"), 10000),
        decision=rules.require_text(decision, "decision", _("裁决结果"), 10000),
        duties=_duties(actor, duties),
        basis=queries.basis_of(actor=actor, dispute=dispute),
        corrects=former[-1].pk if former else None,
    )
    _write(actor, dispute, ruled, at=now)
    return ruled.ruling_id


@act
def open_correction(actor: Actor, *, dispute_id: int, reason: str, version: int | None = None) -> None:
    """启动更正: a ruling with a fault goes back to its arbiter, who decides anew; the first ruling stays on record."""
    dispute = _seen(actor, dispute_id)
    _require_namer(actor, dispute)
    _ready(dispute, (rules.RULED,), version)
    why = rules.require_text(reason, "reason", _("更正理由"), 1000)
    assert dispute.arbiter_id is not None  # noqa: S101 - a case that is ruled had its arbiter
    _eligible(actor, dispute, dispute.arbiter_id)
    now = clock.now()
    terms = queries.terms_in_force(actor=actor, day=clock.local(now).date())
    due_at = due(current_axis(), now, terms.ruling_minutes)
    opened = e.CorrectionOpened(
        reason=why, person_id=dispute.arbiter_id, due_at=due_at, until=_later(due_at),
        files=queries.case_files(actor=actor, dispute=dispute),
    )  # fmt: skip
    _write(actor, dispute, opened, at=now)


@act
def publish_terms(
    actor: Actor, *, since: date, answer_days: int, ruling_days: int, base_number: int, note: str
) -> int:
    """发布争议时限: for cases opened from a day on; a case keeps the terms of its first day."""
    rules.require(actor.has("signer"), _("争议时限由签发人发布。"))
    versions = queries.terms_versions(actor=actor)
    if (versions[0].number if versions else 0) != base_number:
        raise Conflict(_("时限已有新的版本，请核对后再发布。"))
    if since < clock.today():
        raise Refused(_("施行日期不能早于今天。"), field="since")
    if not 1 <= answer_days < ruling_days <= 60:
        raise Refused(_("答辩期限须短于裁决期限，裁决期限最长 60 个工作日。"), field="answer_days")
    event = e.TermsPublished(
        number=base_number + 1, since=since, answer_days=answer_days, ruling_days=ruling_days,
        note=rules.require_text(note, "note", _("修改说明"), 200),
    )  # fmt: skip
    append(actor, event, stream_id=1, version=base_number)
    return base_number + 1


def _seen(actor: Actor, dispute_id: int) -> Dispute:
    return queries.get_dispute(actor=actor, dispute_id=dispute_id)


def _ready(dispute: Dispute, states: tuple[str, ...], version: int | None) -> None:
    rules.require_version(dispute, version)
    rules.require_state(dispute, states)


def _write(actor: Actor, dispute: Dispute, event: Event, *, at: datetime | None = None) -> None:
    append(actor, event, stream_id=dispute.pk, version=dispute.version, level=dispute.level, at=at)


def _party(actor: Actor, dispute: Dispute) -> int:
    """The party for which this person speaks."""
    homes = queries.homes(actor=actor)
    for unit_id in (dispute.claimant_id, dispute.respondent_id):
        if rules.speaks_for(actor, unit_id, homes):
            return unit_id
    raise Denied(_("只有双方单位的联络员或领导可以办理此项。"))


def _require_namer(actor: Actor, dispute: Dispute) -> None:
    rules.require(
        rules.may_name(actor, dispute, queries.homes(actor=actor)),
        _("仲裁员由不属于任何一方的交办员或领导指定。"),
    )


def _files(actor: Actor, ids: Sequence[int]) -> list[int]:
    known = queries.own_files(actor=actor, ids=ids)
    if len(known) != len(set(ids)):
        raise Refused(_("所附文件中有的不存在，或您无权查看。请重新选择。"), field="evidence")
    return known


def _eligible(actor: Actor, dispute: Dispute, person_id: int) -> str:
    """The name of a person who may decide this case, or the reason why he may not."""
    person = queries.person_by_id(actor=actor, person_id=person_id)
    if person is None:
        raise Refused(_("没有这个人，或已离任。请另选仲裁员。"), field="arbiter")
    said = {"name": person.name}
    if person_id == actor.person_id and person_id != dispute.arbiter_id:
        raise Refused(_("不能指定本人为仲裁员。请另选，或请他人指定。"), field="arbiter")
    homes = units_of_people(actor=actor, person_ids=[person_id]).get(person_id, frozenset())
    if rules.of_a_party(dispute, homes):
        raise Refused(_("%(name)s属于争议一方的单位，应当回避。请另选仲裁员。") % said, field="arbiter")
    if roles_in_force(actor=actor, person_id=person_id) & rules.ADMINISTRATORS:
        raise Refused(
            _("%(name)s是系统、安全或审计管理员，不参与裁决。请另选仲裁员。") % said, field="arbiter"
        )
    if person.clearance < dispute.level:
        raise Refused(_("%(name)s的知悉范围不及本案密级。请另选仲裁员。") % said, field="arbiter")
    name: str = person.name
    return name


def _sight_until(dispute: Dispute, until: date | None) -> datetime:
    """The end of the named day; else thirty days after the term of the ruling."""
    if until is None:
        return _later(max(dispute.ruling_due_at, clock.now()))
    if until < clock.today():
        raise Refused(_("查阅期限已经过去。请填写今天或以后的日期。"), field="until")
    return datetime.combine(until + timedelta(days=1), datetime.min.time(), clock.SHANGHAI)


def _later(instant: datetime) -> datetime:
    return instant + timedelta(days=30)


def _duties(actor: Actor, lines: Sequence[DutyLine]) -> list[dict[str, Any]]:
    """The lines as the ledger keeps them: known units, one accountable unit a matter."""
    if len(lines) > MOST_DUTIES:
        raise Refused(_("一份裁决最多列 %(n)d 条职责。") % {"n": MOST_DUTIES}, field="duties")
    names = active_units(actor=actor)
    made: list[dict[str, Any]] = []
    for line in lines:
        if line.unit_id not in names or line.role not in rules.DUTY_ROLES:
            raise Refused(_("职责条目的单位或角色不对。请重新选择。"), field="duties")
        matter = rules.require_text(line.matter, "duties", _("职责事项"), 200)
        made.append({"unit_id": line.unit_id, "unit": names[line.unit_id], "role": line.role, "matter": matter,
                     "since": line.since.isoformat()})  # fmt: skip
    accountable = [row["matter"] for row in made if row["role"] == "A"]
    if len(accountable) != len(set(accountable)):
        raise Refused(_("同一职责事项只能有一个批准（A）单位。请调整。"), field="duties")
    return made
