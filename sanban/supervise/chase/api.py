"""Slips for programs: the register, one slip, and what people do with it."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
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
    demand_version,
    page,
    reply,
)
from sanban.base.ledger.errors import Denied
from sanban.execute.task import queries as tasks
from sanban.supervise.chase import actions, queries, rules
from sanban.supervise.chase.ladder import Ladder

operations = Operations("chase", "督办")
router = operations.router
EMPTY = Versioned(version=None)


class SlipUnit(Schema):
    """A unit or a person."""

    id: int
    name: str


class SlipOut(Schema):
    """A slip of the ladder: reminder, urge, notice or circular."""

    id: int
    version: int
    task_id: int
    task_number: str
    task_title: str
    rung: str = Field(description="remind 提醒、urge 催办、notice 督办单、circular 通报")
    rung_word: str
    state: str
    state_word: str
    number: str | None
    level: int
    unit: SlipUnit
    person: SlipUnit | None
    reason: str
    noticed_at: datetime
    issued_at: datetime | None
    due_at: datetime | None = Field(description="答复时限")
    signer: str
    reply: str
    files: list[int]
    replied_at: datetime | None
    verdict: str
    overdue_at: datetime | None
    ended_at: datetime | None


class LadderValues(Body):
    """The numbers of the ladder."""

    urge_repeat_days: int = Field(ge=0, le=60)
    urge_answer_minutes: int = Field(ge=1, le=42000)
    notice_after_days: int = Field(ge=0, le=120)
    notice_answer_minutes: int = Field(ge=1, le=42000)
    circular_answer_minutes: int = Field(ge=1, le=42000)
    direct_urgency: int = Field(ge=0, le=3)
    direct_rung: Literal["urge", "notice"]


class LadderOut(LadderValues):
    """The ladder in force."""

    number: int


class LadderIn(LadderValues):
    """The next ladder; `base_number` is the version it was made from."""

    base_number: int
    note: str = Field(min_length=1, max_length=200)


class UrgeIn(Body):
    """Why it is urged by hand."""

    reason: str = Field("", max_length=1000)


class ProposeIn(Body):
    """Which rung is put before the signers, and why."""

    rung: Literal["notice", "circular"]
    reason: str = Field(min_length=1, max_length=1000)


class SlipReasonIn(Versioned):
    """Why."""

    reason: str = Field(min_length=1, max_length=1000)


class SlipReplyIn(Versioned):
    """What was done and when it will be finished."""

    text: str = Field(min_length=1, max_length=4000)
    files: list[int] = Field(default_factory=list, max_length=50)
    extension_id: int | None = None


class NoteIn(Versioned):
    """A remark, if any."""

    note: str = Field("", max_length=1000)


NO_NOTE = NoteIn(version=None, note="")


@operations.read("/slips", name="slips", summary="督办台账", answer=Listed[SlipOut])
def slips(
    request: HttpRequest,
    after: After,
    limit: Limit,
    rung: Annotated[Literal["", "remind", "urge", "notice", "circular"], Query("")],
    state: Annotated[str, Query("", max_length=12, description="状态；live 为未了结的")],
    unit: Annotated[int | None, Query(None)],
) -> HttpResponse:
    """您可见的提醒、催办、督办单和通报，新的在前。"""
    found = queries.register(actor=actor_of(request), rung=rung, state=state, unit_id=unit)
    kept, following = page_by_id(found, after=after, limit=limit)
    listed(request, "slip", kept)
    return page([_shown(slip) for slip in kept], following)


@operations.read("/slips/{slip_id}", name="slip", summary="一份督办", answer=SlipOut)
def slip(request: HttpRequest, slip_id: int) -> HttpResponse:
    """一份提醒、催办、督办单或通报。"""
    found = _slip(request, slip_id)
    shown(request, "slip", slip_id, level=found.level)
    return reply(_shown(found), version=found.version)


@operations.read("/tasks/{number}/slips", name="task_slips", summary="任务的督办", answer=Listed[SlipOut])
def task_slips(request: HttpRequest, number: str) -> HttpResponse:
    """一件任务的全部督办，新的在前。"""
    actor = actor_of(request)
    found = list(queries.of_task(actor=actor, task_id=_task_id(request, number)))
    listed(request, "slip", found, predicate={"task": number})
    return page(_shown(row) for row in found)


@operations.read("/ladder", name="ladder", summary="督办规则", answer=LadderOut)
def ladder(request: HttpRequest) -> HttpResponse:
    """现行的分级督办规则。"""
    found = queries.ladder_in_force(actor=actor_of(request))
    return reply(asdict(found), version=found.number)


@operations.write("/ladder", name="publish_ladder", summary="发布督办规则", answer=LadderOut, status=201)
def publish_ladder(request: HttpRequest, given: LadderIn) -> HttpResponse:
    """发布下一版规则，对此后亮灯的任务生效。"""
    actor = actor_of(request)
    numbers = given.model_dump(exclude={"base_number", "note"})
    actions.publish_ladder(actor, ladder=Ladder(**numbers), base_number=given.base_number, note=given.note)
    found = queries.ladder_in_force(actor=actor)
    return reply(asdict(found), status=201, version=found.number)


@operations.write("/tasks/{number}/urge", name="urge", summary="催办", answer=SlipOut, status=201)
def urge(request: HttpRequest, number: str, given: UrgeIn) -> HttpResponse:
    """当即催办，牵头单位须按时答复。"""
    made = actions.urge_now(actor_of(request), task_id=_task_id(request, number), reason=given.reason)
    return _answered(request, made, status=201)


@operations.write(
    "/tasks/{number}/propose", name="propose", summary="拟发督办单或通报", answer=SlipOut, status=201
)
def propose(request: HttpRequest, number: str, given: ProposeIn) -> HttpResponse:
    """拟发督办单或通报，由督办签发人决定。"""
    made = actions.propose(
        actor_of(request), task_id=_task_id(request, number), rung=given.rung, reason=given.reason
    )
    return _answered(request, made, status=201)


def _now(request: HttpRequest, slip_id: int, **_given: Any) -> dict[str, Any] | None:
    return _shown(_slip(request, slip_id))


def _verb(name: str, summary: str) -> Callable[[View], View]:
    return operations.write(
        f"/slips/{{slip_id}}/{name}", name=name, summary=summary, answer=SlipOut, current=_now
    )


@_verb("sign", "签发")
def sign(request: HttpRequest, slip_id: int, given: Versioned = EMPTY) -> HttpResponse:
    """督办签发人签发，编号并起算答复时限。"""
    return _do(request, slip_id, actions.sign, given)


@_verb("dismiss", "不予签发")
def dismiss(request: HttpRequest, slip_id: int, given: SlipReasonIn) -> HttpResponse:
    """写明理由，不予签发。"""
    return _do(request, slip_id, actions.dismiss, given, reason=given.reason)


@_verb("reply", "回复")
def reply_to(request: HttpRequest, slip_id: int, given: SlipReplyIn) -> HttpResponse:
    """被督办单位回复办理情况，并附佐证。"""
    more = {"text": given.text, "files": given.files, "extension_id": given.extension_id}
    return _do(request, slip_id, actions.reply, given, **more)


@_verb("accept_reply", "认可回复")
def accept_reply(request: HttpRequest, slip_id: int, given: NoteIn = NO_NOTE) -> HttpResponse:
    """督查办认可回复。"""
    return _do(request, slip_id, actions.accept_reply, given, note=given.note)


@_verb("reject_reply", "退回回复")
def reject_reply(request: HttpRequest, slip_id: int, given: SlipReasonIn) -> HttpResponse:
    """督查办退回回复，重新起算时限。"""
    return _do(request, slip_id, actions.reject_reply, given, reason=given.reason)


@_verb("withdraw", "撤回")
def withdraw(request: HttpRequest, slip_id: int, given: SlipReasonIn) -> HttpResponse:
    """督查办撤回，记录保留。"""
    return _do(request, slip_id, actions.withdraw, given, reason=given.reason)


def _do(request: HttpRequest, slip_id: int, verb: Any, given: Versioned, **more: Any) -> HttpResponse:
    """Find the slip, run the verb on the version the asker saw, answer with the slip after it."""
    before = _slip(request, slip_id)
    demand_version(request, given.version, before.version, act=f"supervise.chase.{verb.__name__}")
    verb(actor_of(request), slip_id=slip_id, **more)
    return _answered(request, slip_id)


def _answered(request: HttpRequest, slip_id: int, status: int = 200) -> HttpResponse:
    found = _slip(request, slip_id)
    location = f"/api/v1/slips/{slip_id}" if status == 201 else ""
    return reply(_shown(found), status=status, version=found.version, location=location)


def _task_id(request: HttpRequest, number: str) -> int:
    found = tasks.id_by_number(actor=actor_of(request), number=number)
    if found is None:
        raise not_there(_("没有这件事项，或您无权查看。"))
    return found


def _slip(request: HttpRequest, slip_id: int) -> Any:
    try:
        return queries.get_slip(actor=actor_of(request), slip_id=slip_id)
    except Denied as hidden:
        raise not_there(hidden.message) from hidden


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk, "version": row.version, "task_id": row.task_id, "task_number": row.task_number,
        "task_title": row.task_title, "rung": row.rung, "rung_word": str(rules.RUNG_NAMES[row.rung]),
        "state": row.state, "state_word": str(rules.STATE_NAMES[row.state]), "number": row.number,
        "level": row.level, "unit": {"id": row.unit_id, "name": row.unit.short},
        "person": {"id": row.person_id, "name": row.person.name} if row.person_id else None,
        "reason": row.reason, "noticed_at": row.noticed_at, "issued_at": row.issued_at, "due_at": row.due_at,
        "signer": row.signer_name, "reply": row.reply, "files": row.files, "replied_at": row.replied_at,
        "verdict": row.verdict, "overdue_at": row.overdue_at, "ended_at": row.ended_at,
    }  # fmt: skip
