"""From a policy file to measures and tasks, for programs."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Schema, UploadedFile
from pydantic import Field

from sanban.base.access.actor import actor_of
from sanban.base.access.once import once
from sanban.base.access.problems import not_there
from sanban.base.access.readlog.recording import shown
from sanban.base.access.wire import Body, Count, Listed, Operations, page, reply
from sanban.base.files import actions as files
from sanban.base.files import sweep
from sanban.base.files.handing import hand_in
from sanban.base.ledger.errors import Denied, Refused
from sanban.decide.policy import queries as policies
from sanban.decide.policy import rules
from sanban.study.assistant.adopt import adopt_file
from sanban.study.assistant.dispatch import dispatch, plan

operations = Operations("assistant", "政策解读")
router = operations.router


class Adopted(Schema):
    """The policy that was registered, and how many measures were read from it."""

    policy_id: int
    file_id: int
    title: str
    measures: int


class PlanUnit(Schema):
    """A unit or a person."""

    id: int
    name: str


class PlanRow(Schema):
    """One task that would be made."""

    measure_id: int
    title: str
    lead: PlanUnit | None
    partners: list[str]
    owner: PlanUnit | None
    due_on: date | None
    obstacles: list[str] = Field(description="不能交办的原因；空为可以交办")
    split: bool = Field(description="建议为各配合单位各建一个子项")


class DispatchIn(Body):
    """Which measures become tasks; those in `split` with a part for each cooperating unit."""

    measure_ids: list[int] = Field(min_length=1, max_length=2000)
    split: list[int] = Field(default_factory=list, max_length=2000)


@operations.write(
    "/policy-files", name="upload", summary="上传政策文件并识别举措", answer=Adopted, status=201, whole=False
)
def upload(
    request: HttpRequest,
    file: Annotated[UploadedFile, File(..., description="txt、docx、html 或文字版 PDF；国家秘密不得上传")],
    level: Annotated[int, Form(1, ge=0, le=2, description="0 公开、1 内部、2 工作秘密")],
) -> HttpResponse:
    """登记一份政策文件，识别其中的举措供人确认；未经确认，什么也不会发生。"""
    actor = actor_of(request)
    if not rules.REGISTER.test(actor, None):
        raise Denied(_("只有交办员、研究员和单位联络员可以登记政策文件。"))
    received = hand_in(actor, file, act="study.assistant.upload", need_text=True)

    def act() -> HttpResponse:
        file_id = files.upload(actor=actor, received=received, level=level)
        if (result := sweep.scan_file(file_id)).state == "infected":
            raise Refused(
                _("文件“%(name)s”查出病毒（%(found)s），没有登记。请在本机查杀后重新上传。")
                % {"name": received.name, "found": result.detail},
                field="file",
            )
        policy_id = adopt_file(actor=actor, file_id=file_id, level=level)
        policy = policies.get_policy(actor=actor, policy_id=policy_id)
        count = len(policies.measures_of(actor=actor, policy_id=policy_id))
        made = {"policy_id": policy_id, "file_id": file_id, "title": policy.title, "measures": count}
        return reply(made, status=201, version=policy.version, location=f"/api/v1/policies/{policy_id}")

    return once(request, actor, act)


@operations.read(
    "/policies/{policy_id}/dispatch-plan", name="dispatch_plan", summary="交办预览", answer=Listed[PlanRow]
)
def dispatch_plan(request: HttpRequest, policy_id: int) -> HttpResponse:
    """已确认的举措将各成为什么任务、交给谁，哪些还不能交办及原因。"""
    policy = _demand_policy(request, policy_id)
    shown(request, "policy", policy_id, level=policy.level, fields=["measures"])
    return page(
        {
            "measure_id": line.measure.pk,
            "title": line.measure.title,
            "lead": {"id": line.measure.lead_id, "name": line.lead} if line.measure.lead_id else None,
            "partners": list(line.partners),
            "owner": {"id": line.owner_id, "name": line.owner} if line.owner_id else None,
            "due_on": line.measure.due_on,
            "obstacles": list(line.obstacles),
            "split": line.split,
        }
        for line in plan(actor=actor_of(request), policy_id=policy_id)
    )


@operations.write(
    "/policies/{policy_id}/dispatch", name="dispatch", summary="转为任务", answer=Count, status=201
)
def dispatch_measures(request: HttpRequest, policy_id: int, given: DispatchIn) -> HttpResponse:
    """把所选举措转为任务，要么全部成功，要么一件不办。"""
    _demand_policy(request, policy_id)
    count = dispatch(
        actor=actor_of(request), policy_id=policy_id, measure_ids=given.measure_ids, split=given.split
    )
    return reply({"count": count}, status=201)


def _demand_policy(request: HttpRequest, policy_id: int) -> Any:
    try:
        return policies.get_policy(actor=actor_of(request), policy_id=policy_id)
    except Denied as hidden:
        raise not_there(hidden.message) from hidden
