"""Reading tasks: the register, one task, and what belongs to it."""

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _lazy
from ninja import Query, Schema
from pydantic import AwareDatetime, Field

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.problems import not_there
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.access.wire import After, Limit, Listed, Operations, page, reply
from sanban.base.light.words import sentences
from sanban.base.people.queries import names_of
from sanban.execute.task import queries
from sanban.execute.task.api import shapes
from sanban.execute.task.queries import TaskFilter, rows
from sanban.execute.task.rules import permitted_verbs

operations = Operations("task", "任务")
NO_TASK = _lazy("没有这件事项，或您无权查看。")
State = Literal[
    "", "assigned", "acknowledged", "sent_back", "paused", "concluded", "verified", "closed_out", "withdrawn"
]


class Filters(Schema):
    """What the register is narrowed to; what is left out narrows nothing."""

    q: str = Field("", max_length=100, description="标题所含文字，或编号末几位")
    light: Literal["", "red", "amber", "green", "idle", "concluded"] = ""
    state: State = ""
    lead: int | None = Field(None, description="牵头单位")
    policy: int | None = None
    measure: int | None = None
    parent: int | None = None
    owner: int | None = None
    partner: int | None = Field(None, description="配合单位")
    due_from: AwareDatetime | None = None
    due_to: AwareDatetime | None = None
    ended_from: AwareDatetime | None = None
    ended_to: AwareDatetime | None = None
    open_only: bool = False
    mine: bool = Field(False, description="本人或本单位牵头的")
    sort: Literal["new", "due", "-due", "red"] = "new"


@operations.read("/tasks", name="list", summary="任务台账", answer=Listed[shapes.TaskRow])
def task_list(request: HttpRequest, wanted: Query[Filters], after: After, limit: Limit) -> HttpResponse:
    """按条件列出您可见的任务；默认新的在前。"""
    found, following = rows.task_page(
        actor=actor_of(request), filter=TaskFilter(**dict(wanted)), after=after, limit=limit
    )
    listed(request, "task", found)
    return page(found, following)


@operations.read("/tasks/{number}", name="one", summary="一件任务", answer=shapes.TaskFull)
def one(request: HttpRequest, number: str) -> HttpResponse:
    """任务的全部字段，以及您现在可以办理的动作（verbs）。"""
    actor = actor_of(request)
    task = _task(request, number)
    found = rows.full_row(actor=actor, task=task)
    found["verbs"] = [name for name, _word in permitted_verbs(actor, task)]
    return reply(found, version=found["version"])


@operations.read(
    "/tasks/{number}/timeline", name="timeline", summary="任务经过", answer=Listed[shapes.Happening]
)
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """存证账本中的全部经过，新的在前，最多 200 条。"""
    actor = actor_of(request)
    lines = queries.history(actor=actor, task=_task(request, number, "timeline"))
    names = names_of(actor=actor, refs=[line.actor_ref for line in lines])
    return page(
        {
            "id": str(line.id),
            "kind": line.kind,
            "at": line.at,
            "who": names.get(line.actor_ref, ("", ""))[0],
            "unit": names.get(line.actor_ref, ("", ""))[1],
            "sentence": line.sentence,
        }
        for line in lines
    )


@operations.read("/tasks/{number}/light", name="light", summary="亮灯说明", answer=shapes.LightOut)
def light(request: HttpRequest, number: str) -> HttpResponse:
    """为什么亮这个灯、自何时起、何时会变、怎样消除。"""
    actor = actor_of(request)
    why = queries.explained(actor=actor, task=_task(request, number, "light"))
    return reply(
        {
            "light": why.light.id,
            "cause": why.cause.id,
            "since": why.since,
            "next_at": why.next_at,
            "next_light": why.next_light.id if why.next_light else None,
            "provisional": why.provisional,
            "rule_version": why.rule_version,
            "sentences": sentences(why),
        }
    )


@operations.read("/tasks/{number}/parts", name="parts", summary="任务的子项", answer=Listed[shapes.TaskRow])
def parts(request: HttpRequest, number: str) -> HttpResponse:
    """您可见的下级任务，时限早的在前。"""
    actor = actor_of(request)
    found = rows.rows_of(actor=actor, filter=TaskFilter(parent=_id(actor, number)))
    listed(request, "task", found, predicate={"parent": number})
    return page(found)


@operations.read(
    "/tasks/{number}/reports", name="reports", summary="进展反馈", answer=Listed[shapes.ReportOut]
)
def reports(request: HttpRequest, number: str) -> HttpResponse:
    """进展反馈，新的在前，最多 50 条。"""
    actor = actor_of(request)
    found = queries.reports(actor=actor, task=_task(request, number, "reports"))
    names = names_of(actor=actor, refs=[row.by_ref for row in found])
    return page(
        {
            "id": row.pk,
            "at": row.at,
            "by": names.get(row.by_ref, ("", ""))[0],
            "unit_id": row.unit_id,
            "progress": row.progress,
            "text": row.text,
            "files": row.files,
        }
        for row in found
    )


@operations.read(
    "/tasks/{number}/extensions", name="extensions", summary="延期申请", answer=Listed[shapes.ExtensionOut]
)
def extensions(request: HttpRequest, number: str) -> HttpResponse:
    """延期申请和批复，新的在前。"""
    actor = actor_of(request)
    found = queries.extensions(actor=actor, task=_task(request, number, "extensions"))
    names = names_of(actor=actor, refs=[row.asked_by for row in found])
    return page(
        {
            "id": row.pk,
            "asked_at": row.asked_at,
            "asked_by": names.get(row.asked_by, ("", ""))[0],
            "due_from": row.due_from,
            "due_to": row.due_to,
            "reason": row.reason,
            "state": row.state,
            "decided_at": row.decided_at,
            "decision": row.decision,
        }
        for row in found
    )


def _task(request: HttpRequest, number: str, *fields: str) -> Any:
    """The task, and that these parts of it are shown."""
    found = rows.task_of(actor=actor_of(request), number=number)
    if found is None:
        raise not_there(str(NO_TASK))
    shown(request, "task", found.pk, level=found.level, fields=fields)
    return found


def _id(actor: Actor, number: str) -> int:
    found = queries.id_by_number(actor=actor, number=number)
    if found is None:
        raise not_there(str(NO_TASK))
    return found
