"""Importing a task list: the template, the file, the dry run with its questions, and the one act."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.files import actions as files
from sanban.base.files import sweep
from sanban.base.files.intake import receive
from sanban.base.ledger.errors import Refused
from sanban.base.people.queries import active_units
from sanban.base.ui.fields import blame
from sanban.execute.task import actions, reading
from sanban.execute.task.forms import ImportForm
from sanban.execute.task.importing import Plan, Verdict, table
from sanban.execute.task.judging import plan
from sanban.execute.task.recording import day_of
from sanban.execute.task.sheets import MOST_ROWS, read
from sanban.execute.task.sheets_out import XLSX, template, workbook
from sanban.execute.task.views.showing import assigner_of

FAULTY_SHOWN, GOOD_SHOWN, QUESTIONS_SHOWN = 100, 30, 60
WORDS: Final[dict[str, str | Promise]] = {
    "good": _lazy("好"), "bad": _lazy("需改"), "doubt": _lazy("疑问"), "out": _lazy("不导入"),
}  # fmt: skip


@require_http_methods(["GET", "POST"])
def import_tasks(request: HttpRequest) -> HttpResponse:
    """Hand a list in. It is kept in the file room, and read again from there at every later step."""
    actor = assigner_of(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        handed = form.cleaned_data["file"]
        try:
            data = handed.read()
            table(read(data, handed.name or ""))
            received = receive(data, handed.name or "")
            file_id = files.upload(actor=actor, received=received, level=1, about_type=reading.IMPORTED)
        except Refused as refusal:
            blame(form, refusal)
        else:
            sweep.scan_file(file_id)
            return redirect("task:import_list", file_id=file_id)
    context = {
        "title": _("导入任务树"),
        "crumbs": [(_("任务台账"), reverse("task:register")), (_("导入"), "")],
        "form": form,
        "most": MOST_ROWS,
    }
    return render(request, "task/import.html", context, status=422 if form.errors else 200)


@require_GET
def import_template(request: HttpRequest) -> HttpResponse:
    """The template with the names of the units in force."""
    actor = assigner_of(request)
    units = list(active_units(actor=actor).values())
    day = f"{clock.local(clock.now()).year}-12-31"
    lead = [actor.unit_name, "", day, "", "", "", "内部", "一般"]
    example = [
        ["1", "", "（示例，请改写）推进某项工作", *lead],
        ["1.1", "", "（示例，请改写）制定工作方案", *lead],
    ]
    answer = HttpResponse(template(units, example), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, _("任务导入模板.xlsx"))
    return answer


@require_http_methods(["GET", "POST"])
def import_list(request: HttpRequest, file_id: int) -> HttpResponse:
    """The dry run of a list, with the answers given so far; confirming assigns the good rows in one act."""
    actor = assigner_of(request)
    made = _plan(actor, file_id, request)
    leave_out = "leave_out" in request.POST
    refusal = ""
    if request.method == "POST" and "confirm" in request.POST:
        drafts = made.drafts(actor, active_units(actor=actor))
        if not made.settled and not leave_out:
            refusal = _("还有需改或未答的行：请改好表格重新上传，或回答疑问，或勾选“其余行不导入”。")
        elif not drafts:
            refusal = _("没有可以导入的行。请改好表格后重新上传。")
        else:
            try:
                count = len(actions.assign_many(actor, drafts=drafts))
            except Refused as no:
                refusal = no.message
            else:
                messages.success(request, _("已交办 %(count)d 件事项。") % {"count": count})
                return redirect(f"{reverse('task:register')}?sort=new")
    context = _context(made, file_id, actor) | {"refusal": refusal, "leave_out": leave_out}
    return render(request, "task/import_list.html", context, status=422 if refusal else 200)


@require_GET
def import_verdicts(request: HttpRequest, file_id: int) -> FileResponse:
    """Every verdict as a workbook, to mend the list by."""
    made = _plan(assigner_of(request), file_id, request)
    heads = [_("行"), _("结论"), _("事项名称"), _("需改之处"), _("说明")]
    book = workbook(_("逐行结论"), _("任务导入逐行结论"), heads, _verdict_lines(made))
    return FileResponse(book, as_attachment=True, filename=_("逐行结论.xlsx"), content_type=XLSX)


def _verdict_lines(made: Plan) -> Iterator[list[Any]]:
    for verdict in made.verdicts:
        faults = "\n".join(_("%(column)s：%(words)s") % {"column": c, "words": w} for c, w in verdict.faults)
        remarks = "\n".join(verdict.remarks)
        yield [verdict.number, str(WORDS[verdict.state]), verdict.title, faults, remarks]


def _plan(actor: Actor, file_id: int, request: HttpRequest) -> Plan:
    try:
        name, data = reading.import_bytes(actor=actor, file_id=file_id)
        return plan(actor, table(read(data, name)), request.POST.dict())
    except Refused as refusal:
        raise Http404(refusal.message) from refusal


def _context(made: Plan, file_id: int, actor: Actor) -> dict[str, Any]:
    names = active_units(actor=actor)
    asked = [question for question in made.questions if question.rows]
    good = [verdict for verdict in made.verdicts if verdict.state == "good"]
    faulty = [verdict for verdict in made.verdicts if verdict.state == "bad"]
    ready = len(good)
    return {
        "title": _("导入任务树：核对结论"),
        "crumbs": [
            (_("任务台账"), reverse("task:register")), (_("导入"), reverse("task:import")), (_("核对"), ""),
        ],
        "file_id": file_id,
        "counts": [(key, word, made.count(key)) for key, word in WORDS.items()],
        "total": len(made.verdicts),
        "notes": made.notes,
        "questions": asked[:QUESTIONS_SHOWN],
        "more_questions": max(0, len(asked) - QUESTIONS_SHOWN),
        "faulty": faulty[:FAULTY_SHOWN],
        "more_faulty": max(0, len(faulty) - FAULTY_SHOWN),
        "good": [_line(verdict, names, actor) for verdict in good[:GOOD_SHOWN]],
        "more_good": max(0, ready - GOOD_SHOWN),
        "ready": ready,
        "rest": made.count("bad") + made.count("doubt"),
    }  # fmt: skip


def _line(verdict: Verdict, names: Mapping[int, str], actor: Actor) -> dict[str, Any]:
    return {
        "verdict": verdict,
        "due": day_of(verdict.due_at) if verdict.due_at else "",
        "depth": _depth(verdict),
        "lead": actor.unit_name if verdict.lead_id is None else names[verdict.lead_id],
        "partners": [names[unit] for unit in verdict.partners[:8]],
    }


def _depth(verdict: Verdict) -> str:
    depth, at = 0, verdict.above
    while at is not None and depth < 6:
        depth, at = depth + 1, at.above
    return "　" * depth
