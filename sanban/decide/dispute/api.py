"""Disputes for programs: the list, one case, and every step in it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from sanban.base.access.actor import actor_of
from sanban.base.access.cursors import page_by_id
from sanban.base.access.problems import not_there
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.access.wire import (
    After,
    Body,
    Limit,
    Listed,
    Operations,
    Versioned,
    View,
    expected,
    page,
    reply,
)
from sanban.base.ledger.errors import Denied
from sanban.decide.dispute import actions, queries, rules
from sanban.decide.dispute.drafts import DutyLine

operations = Operations("dispute", "争议仲裁")
router = operations.router
EMPTY = Versioned(version=None)
Text = Annotated[str, Field(min_length=1, max_length=4000)]
Long = Annotated[str, Field(min_length=1, max_length=10000)]
Files = Annotated[list[int], Field(default_factory=list, max_length=50)]


class DisputeUnit(Schema):
    """A unit or a person."""

    id: int
    name: str


class DisputeObject(Schema):
    """What the dispute is about, as it was called when the case was opened."""

    stream: str
    id: int
    title: str
    number: str
    url: str


class DisputeRow(Schema):
    """A case as lists show it."""

    id: int
    version: int
    number: str
    question: str
    object: DisputeObject
    level: int
    state: str = Field(
        description="opened 待答辩、answered 待裁决、ruled 已裁决、correcting 更正中、settled 已和解、withdrawn 已撤回"
    )
    state_word: str
    claimant: DisputeUnit
    respondent: DisputeUnit
    arbiter: DisputeUnit | None
    opened_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    ruling_due_at: datetime
    ruled_at: datetime | None
    ended_at: datetime | None


class DutyOut(Schema):
    """Who carries what, from which day."""

    unit_id: int
    unit: str
    role: str = Field(description="R 牵头负责、A 批准、C 会商、I 知会")
    matter: str
    since: date


class RulingOut(Schema):
    """One ruling, on which records it rests, and whether it has effect."""

    id: int
    ordinal: int
    findings: str
    grounds: str
    decision: str
    duties: list[DutyOut]
    basis: dict[str, Any]
    event: str
    corrects: int | None
    arbiter: str
    at: datetime
    effective: bool = Field(description="裁决事件封存之后才生效")


class StatementOut(Schema):
    """What was said after claim and answer."""

    id: int
    kind: str = Field(description="evidence 补充陈述与证据、mediation 调解记录")
    unit: DisputeUnit | None
    text: str
    files: list[int]
    at: datetime


class DisputeOut(DisputeRow):
    """One case with all that was said and decided."""

    claim: str
    asks: str
    ground: str
    files: list[int]
    answer: str
    answer_files: list[int]
    offer: str
    offer_by: int | None
    reason: str
    statements: list[StatementOut]
    rulings: list[RulingOut]


class OpenIn(Body):
    """On what, against whom, and what is asked."""

    stream: str = Field(max_length=24, examples=["task"])
    object_id: int
    respondent_id: int
    question: str = Field(min_length=1, max_length=200)
    claim: Text
    asks: Text
    ground: Text
    files: Files


class StatementIn(Versioned):
    """A statement and its files."""

    text: Text
    files: Files


class DisputeTextIn(Versioned):
    """Words."""

    text: Text


class DisputeReasonIn(Versioned):
    """Why."""

    reason: str = Field(min_length=1, max_length=1000)


class ArbiterIn(Versioned):
    """Who decides, and until which day he may look."""

    person_id: int
    until: date | None = None


class DutyIn(Body):
    """One line of duty."""

    unit_id: int
    role: Literal["R", "A", "C", "I"]
    matter: str = Field(min_length=1, max_length=200)
    since: date


class RulingIn(Versioned):
    """Facts, grounds, decision and duties."""

    findings: Long
    grounds: Long
    decision: Long
    duties: list[DutyIn] = Field(default_factory=list, max_length=40)


@operations.read("/disputes", name="list", summary="争议列表", answer=Listed[DisputeRow])
def disputes(
    request: HttpRequest,
    after: After,
    limit: Limit,
    which: Annotated[Literal["", "open", "mine", "ruled"], Query("")],
) -> HttpResponse:
    """您可见的争议，新提起的在前。"""
    found = queries.register(actor=actor_of(request), which=which)
    kept, following = page_by_id(found, after=after, limit=limit)
    listed(request, "dispute", kept, predicate={"which": which})
    return page([_row(row) for row in kept], following)


@operations.read("/disputes/{dispute_id}", name="one", summary="一件争议", answer=DisputeOut)
def one(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """一件争议的陈述、证据和裁决。"""
    return _answered(request, dispute_id)


@operations.write("/disputes", name="open", summary="提起争议", answer=DisputeOut, status=201)
def open_one(request: HttpRequest, given: OpenIn) -> HttpResponse:
    """单位的联络员或领导就一个对象提起争议。"""
    made = actions.open_dispute(actor_of(request), **given.model_dump())
    return _answered(request, made, status=201)


def _now(request: HttpRequest, dispute_id: int, **_given: Any) -> dict[str, Any] | None:
    return _whole(request, _dispute(request, dispute_id))


def _verb(name: str, summary: str) -> Callable[[View], View]:
    return operations.write(
        f"/disputes/{{dispute_id}}/{name}", name=name, summary=summary, answer=DisputeOut, current=_now
    )


@_verb("answer", "答辩")
def answer(request: HttpRequest, dispute_id: int, given: StatementIn) -> HttpResponse:
    """对方单位答辩，并附证据。"""
    return _do(request, dispute_id, actions.answer, given, text=given.text, files=given.files)


@_verb("evidence", "补充陈述与证据")
def evidence(request: HttpRequest, dispute_id: int, given: StatementIn) -> HttpResponse:
    """任何一方补充陈述与证据。"""
    return _do(request, dispute_id, actions.add_evidence, given, text=given.text, files=given.files)


@_verb("mediate", "记录调解")
def mediate(request: HttpRequest, dispute_id: int, given: DisputeTextIn) -> HttpResponse:
    """仲裁员或综合办记录调解情况。"""
    return _do(request, dispute_id, actions.note_mediation, given, text=given.text)


@_verb("arbiter", "指定仲裁员")
def arbiter(request: HttpRequest, dispute_id: int, given: ArbiterIn) -> HttpResponse:
    """由不属于任何一方的交办员或领导指定；案卷和争议对象随之对仲裁员开放。"""
    return _do(request, dispute_id, actions.name_arbiter, given, person_id=given.person_id, until=given.until)


@_verb("offer", "提出和解方案")
def offer(request: HttpRequest, dispute_id: int, given: DisputeTextIn) -> HttpResponse:
    """任何一方提出和解方案，新的替代旧的。"""
    return _do(request, dispute_id, actions.propose_settlement, given, text=given.text)


@_verb("accept", "同意和解方案")
def accept(request: HttpRequest, dispute_id: int, given: Versioned = EMPTY) -> HttpResponse:
    """对方同意，本案了结。"""
    return _do(request, dispute_id, actions.accept_settlement, given)


@_verb("withdraw", "撤回争议")
def withdraw(request: HttpRequest, dispute_id: int, given: DisputeReasonIn) -> HttpResponse:
    """提起方在裁决之前撤回。"""
    return _do(request, dispute_id, actions.withdraw, given, reason=given.reason)


@_verb("correct", "启动裁决更正")
def correct(request: HttpRequest, dispute_id: int, given: DisputeReasonIn) -> HttpResponse:
    """裁决有误的，交原仲裁员重新裁决；原裁决保留。"""
    return _do(request, dispute_id, actions.open_correction, given, reason=given.reason)


@operations.write(
    "/disputes/{dispute_id}/rule", name="rule", summary="作出裁决", answer=RulingOut, current=_now
)
def rule(request: HttpRequest, dispute_id: int, given: RulingIn) -> HttpResponse:
    """仲裁员裁决。裁决事件封存后生效；仲裁员对本案的查阅随之结束，所以只返回裁决。"""
    actor, dispute = actor_of(request), _dispute(request, dispute_id)
    duties = [DutyLine(**line.model_dump()) for line in given.duties]
    words = {"findings": given.findings, "grounds": given.grounds, "decision": given.decision}
    seen = expected(request, given.version)
    made = actions.rule(actor, dispute_id=dispute_id, duties=duties, version=seen, **words)
    found = next(row for row in queries.rulings(actor=actor, dispute=dispute) if row.pk == made)
    return reply(_ruling(found, set()))


def _do(request: HttpRequest, dispute_id: int, verb: Any, given: Versioned, **more: Any) -> HttpResponse:
    """Run the verb on the version the asker saw, answer with the case after it."""
    _dispute(request, dispute_id)
    verb(actor_of(request), dispute_id=dispute_id, version=expected(request, given.version), **more)
    return _answered(request, dispute_id)


def _answered(request: HttpRequest, dispute_id: int, status: int = 200) -> HttpResponse:
    found = _dispute(request, dispute_id)
    shown(request, "dispute", dispute_id, level=found.level)
    location = f"/api/v1/disputes/{dispute_id}" if status == 201 else ""
    return reply(_whole(request, found), status=status, version=found.version, location=location)


def _dispute(request: HttpRequest, dispute_id: int) -> Any:
    try:
        return queries.get_dispute(actor=actor_of(request), dispute_id=dispute_id)
    except Denied as hidden:
        raise not_there(hidden.message) from hidden


def _named(key: int | None, name: str) -> dict[str, Any] | None:
    return {"id": key, "name": name} if key is not None else None


def _row(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "version": row.version, "number": row.number, "question": row.question, "level": row.level,
        "object": {
            "stream": row.stream, "id": row.object_id, "title": row.object_title, "number": row.object_number,
            "url": row.object_url,
        },
        "state": row.state, "state_word": str(rules.STATE_NAMES[row.state]),
        "claimant": _named(row.claimant_id, row.claimant.short),
        "respondent": _named(row.respondent_id, row.respondent.short),
        "arbiter": _named(row.arbiter_id, row.arbiter.name if row.arbiter else ""),
        "opened_at": row.opened_at, "answer_due_at": row.answer_due_at, "answered_at": row.answered_at,
        "ruling_due_at": row.ruling_due_at, "ruled_at": row.ruled_at, "ended_at": row.ended_at,
    }  # fmt: skip


def _whole(request: HttpRequest, row: Any) -> dict[str, Any]:
    actor = actor_of(request)
    said = queries.statements(actor=actor, dispute=row)
    decided = queries.rulings(actor=actor, dispute=row)
    sealed = queries.effective(actor=actor, rulings=decided)
    return _row(row) | {
        "claim": row.claim, "asks": row.asks, "ground": row.ground, "files": row.files, "answer": row.answer,
        "answer_files": row.answer_files, "offer": row.offer, "offer_by": row.offer_by_id, "reason": row.reason,
        "statements": [
            {
                "id": one.pk, "kind": one.kind, "unit": _named(one.unit_id, one.unit.short if one.unit else ""),
                "text": one.text, "files": one.files, "at": one.at,
            }
            for one in said
        ],
        "rulings": [_ruling(one, sealed) for one in decided],
    }  # fmt: skip


def _ruling(row: Any, sealed: set[int]) -> dict[str, Any]:
    return {
        "id": row.pk, "ordinal": row.ordinal, "findings": row.findings, "grounds": row.grounds,
        "decision": row.decision, "duties": row.duties, "basis": row.basis, "event": row.event_id.hex,
        "corrects": row.corrects_id, "arbiter": row.arbiter_name, "at": row.at,
        "effective": row.pk in sealed,
    }  # fmt: skip
