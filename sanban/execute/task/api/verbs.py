"""The verbs of a task, each an operation of its own; every answer is the task as it stands after the act."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from sanban.base.access.actor import actor_of
from sanban.base.access.problems import not_there
from sanban.base.access.wire import Versioned, View, expected, reply
from sanban.execute.task import actions, queries
from sanban.execute.task.api import shapes
from sanban.execute.task.api.reading import NO_TASK, operations
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.queries import rows

EMPTY = Versioned(version=None)


@operations.write("/tasks", name="assign", summary="交办", answer=shapes.Assigned, status=201)
def assign(request: HttpRequest, given: shapes.AssignIn) -> HttpResponse:
    """一次交办一件、一批或一棵任务树；要么全部成功，要么一件不办。"""
    actor = actor_of(request)
    ids = actions.assign_many(actor, drafts=_drafts(given.tasks))
    return _assigned(request, ids)


def _now(request: HttpRequest, number: str, **_given: Any) -> dict[str, Any] | None:
    return rows.task_row(actor=actor_of(request), number=number)


def _verb(name: str, summary: str) -> Callable[[View], View]:
    return operations.write(
        f"/tasks/{{number}}/{name}", name=name, summary=summary, answer=shapes.TaskOut, current=_now
    )


@operations.write(
    "/tasks/{number}/break_down", name="break_down", summary="分解", answer=shapes.Assigned, status=201,
    current=_now,
)  # fmt: skip
def break_down(request: HttpRequest, number: str, given: shapes.BreakDownIn) -> HttpResponse:
    """把任务分解为子项；子项的灯带动上级。"""
    ids = actions.break_down(
        actor_of(request), task_id=_id(request, number), drafts=_drafts(given.parts),
        version=expected(request, given.version),
    )  # fmt: skip
    return _assigned(request, ids)


@_verb("acknowledge", "签收")
def acknowledge(request: HttpRequest, number: str, given: Versioned = EMPTY) -> HttpResponse:
    """牵头单位签收。"""
    return _do(request, number, actions.acknowledge, given)


@_verb("set_owner", "定责任人")
def set_owner(request: HttpRequest, number: str, given: shapes.OwnerIn) -> HttpResponse:
    """在牵头单位内定责任人。"""
    return _do(request, number, actions.set_owner, given, owner_id=given.owner_id)


@_verb("set_partners", "调整配合单位")
def set_partners(request: HttpRequest, number: str, given: shapes.PartnersIn) -> HttpResponse:
    """重新确定全部配合单位。"""
    return _do(request, number, actions.set_partners, given, partners=given.partners, reason=given.reason)


@_verb("name_member", "列入知悉人员")
def name_member(request: HttpRequest, number: str, given: shapes.MemberIn) -> HttpResponse:
    """把一人列入工作秘密事项的知悉人员，写明理由和期限；再次列入即改期限。"""
    more = {"person_id": given.person_id, "until": given.until, "reason": given.reason}
    return _do(request, number, actions.name_member, given, **more)


@_verb("remove_member", "移出知悉人员")
def remove_member(request: HttpRequest, number: str, given: shapes.MemberOutIn) -> HttpResponse:
    """提前把一人移出知悉人员，写明理由。"""
    return _do(request, number, actions.remove_member, given, person_id=given.person_id, reason=given.reason)


@_verb("report", "反馈进展")
def report(request: HttpRequest, number: str, given: shapes.ReportIn) -> HttpResponse:
    """反馈进度，并附佐证文件。"""
    more = {"progress": given.progress, "text": given.text, "files": given.files}
    return _do(request, number, actions.report, given, **more)


@_verb("ask_extension", "申请延期")
def ask_extension(request: HttpRequest, number: str, given: shapes.AskExtensionIn) -> HttpResponse:
    """申请较晚的时限；同时只能有一份待批。"""
    return _do(request, number, actions.ask_extension, given, due_at=given.due_at, reason=given.reason)


@_verb("decide_extension", "批复延期")
def decide_extension(request: HttpRequest, number: str, given: shapes.DecideExtensionIn) -> HttpResponse:
    """同意或不同意延期。"""
    extension_id = given.extension_id
    if extension_id is None:
        actor = actor_of(request)
        task = rows.task_of(actor=actor, number=number)
        asked = queries.extensions(actor=actor, task=task) if task else []
        extension_id = next((row.pk for row in asked if row.state == "asked"), 0)
    more = {"extension_id": extension_id, "approve": given.approve, "note": given.note}
    return _do(request, number, actions.decide_extension, given, **more)


@_verb("send_back", "退回")
def send_back(request: HttpRequest, number: str, given: shapes.ReasonIn) -> HttpResponse:
    """未签收前退回交办单位。"""
    return _do(request, number, actions.send_back, given, reason=given.reason)


@_verb("forward", "转办")
def forward(request: HttpRequest, number: str, given: shapes.ForwardIn) -> HttpResponse:
    """转由另一单位牵头。"""
    return _do(request, number, actions.forward, given, to_id=given.to_id, reason=given.reason)


@_verb("pause", "暂停")
def pause(request: HttpRequest, number: str, given: shapes.ReasonIn) -> HttpResponse:
    """暂停计时。"""
    return _do(request, number, actions.pause, given, reason=given.reason)


@_verb("resume", "恢复")
def resume(request: HttpRequest, number: str, given: Versioned = EMPTY) -> HttpResponse:
    """恢复计时，时限按暂停的工作时间顺延。"""
    return _do(request, number, actions.resume, given)


@_verb("conclude", "申请办结")
def conclude(request: HttpRequest, number: str, given: shapes.ConcludeIn) -> HttpResponse:
    """申请办结，等待核验。"""
    return _do(request, number, actions.conclude, given, text=given.text, files=given.files)


@_verb("verify", "核验")
def verify(request: HttpRequest, number: str, given: shapes.VerifyIn) -> HttpResponse:
    """对照验收标准核验：通过，或退回补正。"""
    return _do(request, number, actions.verify, given, accept=given.accept, note=given.note)


@_verb("close_out", "销号")
def close_out(request: HttpRequest, number: str, given: Versioned = EMPTY) -> HttpResponse:
    """核验通过后销号。"""
    return _do(request, number, actions.close_out, given)


@_verb("reopen", "重新启动")
def reopen(request: HttpRequest, number: str, given: shapes.ReopenIn) -> HttpResponse:
    """以新的时限重新启动。"""
    return _do(request, number, actions.reopen, given, due_at=given.due_at, reason=given.reason)


@_verb("withdraw", "撤销")
def withdraw(request: HttpRequest, number: str, given: shapes.ReasonIn) -> HttpResponse:
    """撤销不必再办的任务。"""
    return _do(request, number, actions.withdraw, given, reason=given.reason)


def _do(
    request: HttpRequest, number: str, verb: Callable[..., Any], given: Versioned, **more: Any
) -> HttpResponse:
    """Find the task, run the verb on the version the asker saw, answer with the task after it."""
    version = expected(request, given.version)
    verb(actor_of(request), task_id=_id(request, number), version=version, **more)
    found = rows.task_row(actor=actor_of(request), number=number)
    if found is None:  # handed on to where the asker may not look
        return reply({"number": number})
    return reply(found, version=found["version"])


def _id(request: HttpRequest, number: str) -> int:
    found = queries.id_by_number(actor=actor_of(request), number=number)
    if found is None:
        raise not_there(str(NO_TASK))
    return found


def _drafts(given: Sequence[shapes.DraftIn]) -> list[TaskDraft]:
    return [TaskDraft(**{**dict(row), "partners": tuple(row.partners)}) for row in given]


def _assigned(request: HttpRequest, ids: Sequence[int]) -> HttpResponse:
    """The numbers of new tasks, in the order of their drafts; those led elsewhere are named all the same."""
    numbers = rows.numbers_of(actor=actor_of(request), ids=ids)
    location = f"/api/v1/tasks/{numbers[0]}" if len(ids) == 1 else ""
    return reply({"ids": list(ids), "numbers": numbers}, status=201, location=location)
