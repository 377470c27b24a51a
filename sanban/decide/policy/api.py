"""Policies and their measures for programs."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Schema
from pydantic import Field

from sanban.base.access.actor import actor_of
from sanban.base.access.problems import not_there
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.access.wire import (
    After,
    Body,
    Count,
    Limit,
    Listed,
    Operations,
    Versioned,
    demand_version,
    expected,
    page,
    reply,
)
from sanban.decide.policy import actions
from sanban.decide.policy.queries import rows

operations = Operations("policy", "政策文件")
router = operations.router
EMPTY = Versioned(version=None)
State = Annotated[Literal["", "registered", "confirmed", "dispatched", "abolished"], Query("")]
MeasureState = Annotated[Literal["", "proposed", "confirmed", "rejected", "dispatched"], Query("")]


class PolicyUnit(Schema):
    """A unit."""

    id: int
    name: str


class PolicyRow(Schema):
    """A policy as lists show it."""

    id: int
    version: int
    title: str
    doc_number: str
    organ: str
    issued_on: date | None
    level: int
    state: str
    file_id: int | None
    file_no: int
    unit: PolicyUnit
    registered_at: datetime
    proposed: int = Field(description="待确认的举措数")
    confirmed: int
    dispatched: int


class PolicyOut(PolicyRow):
    """One policy with its text."""

    text: str


class MeasureOut(Schema):
    """A measure, and what was read of it with its place in the text."""

    id: int
    version: int
    policy_id: int
    order: int
    path: str
    title: str
    text: str
    start: int
    end: int
    state: str
    lead: PolicyUnit | None
    partners: list[PolicyUnit]
    due_on: date | None
    acceptance: str
    targets: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    origin: str
    reason: str
    task_id: int | None


class ConfirmIn(Body):
    """Which measures are confirmed."""

    measure_ids: list[int] = Field(min_length=1, max_length=2000)


class RejectIn(Versioned):
    """Why it is no measure."""

    reason: str = Field(min_length=1, max_length=200, examples=["属于背景表述"])


class MeasureIn(Versioned):
    """What the measure shall say."""

    title: str = Field(min_length=1, max_length=200)
    lead_id: int | None = None
    partners: list[int] = Field(default_factory=list, max_length=300)
    due_on: date | None = None
    acceptance: str = Field("", max_length=20000)


@operations.read("/policies", name="list", summary="政策文件列表", answer=Listed[PolicyRow])
def policies(
    request: HttpRequest,
    after: After,
    limit: Limit,
    state: State,
    q: Annotated[str, Query("", max_length=100, description="标题、文号或发文机关所含文字")],
    unit: Annotated[int | None, Query(None, description="登记单位")],
    year: Annotated[int | None, Query(None, ge=1949, le=2200, description="发文年份")],
) -> HttpResponse:
    """您可见的政策文件，新登记的在前，不含正文。"""
    found, following = rows.policy_page(
        actor=actor_of(request), words=q, state=state, unit_id=unit, year=year, after=after, limit=limit
    )
    listed(request, "policy", found)
    return page(found, following)


@operations.read("/policies/{policy_id}", name="one", summary="一份政策文件", answer=PolicyOut)
def one(request: HttpRequest, policy_id: int) -> HttpResponse:
    """政策文件及其正文。"""
    found = _policy(request, policy_id)
    shown(request, "policy", policy_id, level=found["level"])
    return reply(found, version=found["version"])


@operations.read(
    "/policies/{policy_id}/measures", name="measures", summary="文件的举措", answer=Listed[MeasureOut]
)
def measures(
    request: HttpRequest, policy_id: int, after: After, limit: Limit, state: MeasureState
) -> HttpResponse:
    """一份文件的举措，按写入次序；facts 为识别要点，各带原文位置。"""
    policy = _policy(request, policy_id)
    found, following = rows.measure_page(
        actor=actor_of(request), policy_id=policy_id, state=state, after=after, limit=limit
    )
    listed(request, "measure", found, level=policy["level"], predicate={"policy": policy_id, "state": state})
    return page(found, following)


@operations.read("/measures/{measure_id}", name="measure", summary="一条举措", answer=MeasureOut)
def measure(request: HttpRequest, measure_id: int) -> HttpResponse:
    """一条举措。"""
    found = _measure(request, measure_id)
    shown(request, "measure", measure_id, level=_policy(request, found["policy_id"])["level"])
    return reply(found, version=found["version"])


@operations.write(
    "/policies/{policy_id}/measures/confirm", name="confirm_measures", summary="确认举措", answer=Count
)
def confirm_measures(request: HttpRequest, policy_id: int, given: ConfirmIn) -> HttpResponse:
    """确认所列举措。"""
    _policy(request, policy_id)
    done = actions.confirm_measures(
        actor=actor_of(request), policy_id=policy_id, measure_ids=given.measure_ids
    )
    return reply({"count": done})


def _measure_now(request: HttpRequest, measure_id: int, **_given: Any) -> dict[str, Any] | None:
    return rows.measure_one(actor=actor_of(request), measure_id=measure_id)


def _policy_now(request: HttpRequest, policy_id: int, **_given: Any) -> dict[str, Any] | None:
    return rows.policy_one(actor=actor_of(request), policy_id=policy_id)


@operations.write(
    "/measures/{measure_id}/edit", name="edit_measure", summary="修改举措", answer=MeasureOut, current=_measure_now
)  # fmt: skip
def edit_measure(request: HttpRequest, measure_id: int, given: MeasureIn) -> HttpResponse:
    """改正标题、牵头和配合单位、时限、验收标准。"""
    _measure(request, measure_id)
    actions.edit_measure(
        actor=actor_of(request), measure_id=measure_id, title=given.title, lead_id=given.lead_id,
        partners=given.partners, due_on=given.due_on, acceptance=given.acceptance,
        version=expected(request, given.version),
    )  # fmt: skip
    found = _measure(request, measure_id)
    return reply(found, version=found["version"])


@operations.write(
    "/measures/{measure_id}/reject", name="reject_measure", summary="剔除举措", answer=MeasureOut,
    current=_measure_now,
)  # fmt: skip
def reject_measure(request: HttpRequest, measure_id: int, given: RejectIn) -> HttpResponse:
    """写明理由，剔除不是举措的文字。"""
    before = _measure(request, measure_id)
    demand_version(request, given.version, before["version"], act="decide.policy.reject_measure")
    actions.reject_measure(actor=actor_of(request), measure_id=measure_id, reason=given.reason)
    found = _measure(request, measure_id)
    return reply(found, version=found["version"])


@operations.write(
    "/policies/{policy_id}/confirm", name="confirm", summary="核定举措清单", answer=PolicyOut, current=_policy_now
)  # fmt: skip
def confirm(request: HttpRequest, policy_id: int, given: Versioned = EMPTY) -> HttpResponse:
    """各条都已确认或剔除之后，核定整份清单。"""
    before = _policy(request, policy_id)
    demand_version(request, given.version, before["version"], act="decide.policy.confirm_policy")
    actions.confirm_policy(actor=actor_of(request), policy_id=policy_id)
    found = _policy(request, policy_id)
    return reply(found, version=found["version"])


def _policy(request: HttpRequest, policy_id: int) -> dict[str, Any]:
    found = rows.policy_one(actor=actor_of(request), policy_id=policy_id)
    if found is None:
        raise not_there(_("没有这份政策文件，或您无权查看。请向登记单位核实。"))
    return found


def _measure(request: HttpRequest, measure_id: int) -> dict[str, Any]:
    found = rows.measure_one(actor=actor_of(request), measure_id=measure_id)
    if found is None:
        raise not_there(_("没有这条举措，或您无权查看。请回到政策文件页重新选择。"))
    return found
