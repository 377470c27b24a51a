"""The register as it is seen, for taking away: a workbook, or csv."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sanban.base import clock
from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.levels import LEVEL_WORDS, kept_back
from sanban.base.access.readlog.recording import EXPORT, listed
from sanban.base.light.colours import light_of
from sanban.base.light.words import LIGHT_NAMES
from sanban.execute.task import reading
from sanban.execute.task.recording import day_of
from sanban.execute.task.rules import STATES
from sanban.execute.task.sheets_out import XLSX, csv_lines, workbook
from sanban.execute.task.views.filtering import Wanted, wanted
from sanban.execute.task.words import URGENCY_WORDS


@require_GET
def export_workbook(request: HttpRequest) -> FileResponse:
    """The rows of the page's filter, all of them, as a workbook; what it shows stands in its first line."""
    actor = actor_of(request)
    asked = wanted(request, actor)
    _record(request, actor, asked)
    book = workbook(_("任务台账"), _above(actor, asked), _heads(), _lines(actor, asked), mark=_mark(actor))
    return FileResponse(book, as_attachment=True, filename=_name("xlsx"), content_type=XLSX)


@require_GET
def export_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same as csv, sent while it is read."""
    actor = actor_of(request)
    asked = wanted(request, actor)
    _record(request, actor, asked)

    def lines() -> Iterator[Sequence[Any]]:
        yield [_above(actor, asked)]
        yield _heads()
        yield from _lines(actor, asked)

    answer = StreamingHttpResponse(csv_lines(lines()), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, _name("csv"))
    return answer


def _record(request: HttpRequest, actor: Actor, asked: Wanted) -> None:
    """Put on record what leaves, before it leaves."""
    ids = reading.extent_ids(actor=actor, filter=asked.filter)
    _count, level, _kept = reading.extent(actor=actor, filter=asked.filter)
    listed(request, "task", ids, how=EXPORT, level=level, predicate={"filter": asked.words()})


def _name(ending: str) -> str:
    return _("任务台账-%(day)s.%(ending)s") % {"day": day_of(clock.now()), "ending": ending}


def _above(actor: Actor, asked: Wanted) -> str:
    count, _level, kept = reading.extent(actor=actor, filter=asked.filter)
    said = _("任务台账　筛选：%(filter)s　共 %(count)d 件　导出：%(unit)s %(name)s　%(time)s") % {
        "filter": asked.words(),
        "count": count,
        "unit": actor.unit_name,
        "name": actor.name,
        "time": clock.local(clock.now()).strftime("%Y-%m-%d %H:%M"),
    }
    return f"{said}　{kept_back(kept)}".rstrip()


def _mark(actor: Actor) -> str:
    """Who took it away and when, at the foot of every printed page."""
    at = clock.local(clock.now()).strftime("%Y-%m-%d %H:%M")
    return f"{actor.unit_name} {actor.name} {at}"


def _heads() -> list[str]:
    return [
        _("编号"), _("上级编号"), _("事项名称"), _("牵头单位"), _("配合单位"), _("责任人"), _("完成时限"), _("亮灯"),
        _("状态"), _("进度%"), _("密级"), _("紧急程度"), _("内容"), _("验收标准"), _("交办单位"), _("交办日期"),
        _("办结日期"),
    ]  # fmt: skip


def _lines(actor: Actor, asked: Wanted) -> Iterator[list[Any]]:
    now = clock.now()
    for task in reading.sheet_rows(actor=actor, filter=asked.filter):
        light, _cause = light_of(row=task, now=now)
        yield [
            task.number, task.parent.number if task.parent else "", task.title, task.lead.name,
            "、".join(row.unit.name for row in task.partners.all()), task.owner.name if task.owner else "",
            day_of(task.due_at), str(LIGHT_NAMES[light]), str(STATES[task.state]), task.progress,
            str(LEVEL_WORDS[task.level]), str(URGENCY_WORDS.get(task.urgency, task.urgency)), task.detail,
            task.acceptance, task.assigner_unit.name, day_of(task.assigned_at),
            day_of(task.ended_at) if task.ended_at else "",
        ]  # fmt: skip
