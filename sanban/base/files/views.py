"""Pages of the files room: list and upload, preview with versions, download."""

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sanban.base.access.actor import Actor, actor_of
from sanban.base.access.levels import band
from sanban.base.access.readlog.recording import listed, shown
from sanban.base.files import actions, queries, rules, sweep
from sanban.base.files.forms import LEVELS, PurposeForm, ReleaseForm, UploadForm, VersionForm
from sanban.base.files.handing import hand_in
from sanban.base.files.leaving import leaving
from sanban.base.files.preview import LINES_A_PAGE, Line, gap_marks, lines
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ui.fields import blame

Form = UploadForm | VersionForm | ReleaseForm | PurposeForm


@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The files one may see, the newest first, and the form to hand one in."""
    actor = actor_of(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            received = hand_in(actor, form.cleaned_data["file"], act="base.files.upload")
            file_id = actions.upload(actor=actor, received=received, level=form.cleaned_data["level"])
        except Refused as no:
            blame(form, no)
        else:
            sweep.scan_file(file_id)
            messages.success(request, _("已上传“%(name)s”。") % {"name": received.name})
            return redirect("files:detail", file_id=file_id)
    page = Paginator(queries.newest(actor=actor), 20).get_page(request.GET.get("page"))
    listed(request, "file", page)
    context = {"title": _("文件"), "form": form, "page": page, "levels": dict(LEVELS)}
    return render(request, "files/index.html", context, status=422 if form.errors else 200)


@require_GET
def detail(request: HttpRequest, file_id: int) -> HttpResponse:
    """The preview of a version: its text with marks, what it is, its versions, and what the scanner said."""
    return _detail(request, file_id)


@require_POST
def add_version(request: HttpRequest, file_id: int) -> HttpResponse:
    """Take a newer version in."""
    actor = actor_of(request)
    form = VersionForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.add_version(
                actor=actor,
                file_id=file_id,
                received=hand_in(actor, form.cleaned_data["file"], act="base.files.upload"),
            )
        except Refused as no:
            blame(form, no)
        else:
            sweep.scan_file(file_id)
            messages.success(request, _("已更新为新版本，旧版本仍可查看。"))
            return redirect("files:detail", file_id=file_id)
    return _detail(request, file_id, version_form=form, status=422)


@require_POST
def release(request: HttpRequest, file_id: int, no: int) -> HttpResponse:
    """Let a held version out, with the officer's reason."""
    form = ReleaseForm(request.POST)
    if form.is_valid():
        try:
            actions.release(
                actor=actor_of(request), file_id=file_id, no=no, reason=form.cleaned_data["reason"]
            )
        except Refused as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("已人工放行第 %(no)s 版。") % {"no": no})
            return redirect("files:detail", file_id=file_id)
    return _detail(request, file_id, no=no, release_form=form, status=422)


@require_POST
def state_purpose(request: HttpRequest, file_id: int) -> HttpResponse:
    """Say what the bytes of a work secret are needed for."""
    form = PurposeForm(request.POST)
    if form.is_valid():
        try:
            actions.state_purpose(
                actor=actor_of(request), file_id=file_id, purpose=form.cleaned_data["purpose"]
            )
        except Denied as hidden:
            raise Http404(hidden.message) from hidden
        except Refused as no:
            blame(form, no)
        else:
            messages.success(request, _("用途已登记，一小时内可以下载。"))
            return redirect("files:detail", file_id=file_id)
    return _detail(request, file_id, purpose_form=form, status=422)


@require_GET
def download(request: HttpRequest, file_id: int, no: int) -> HttpResponse:
    """The bytes as they were handed in, always as an attachment; held and infected versions stay inside."""
    try:
        version, data = queries.open_bytes(actor=actor_of(request), file_id=file_id, no=no)
    except Denied as hidden:
        raise Http404(hidden.message) from hidden
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _detail(request, file_id, no=no, status=403)
    return leaving(request, version, data)


def _detail(
    request: HttpRequest, file_id: int, *, no: int = 0, status: int = 200,
    version_form: VersionForm | None = None, release_form: ReleaseForm | None = None,
    purpose_form: PurposeForm | None = None,
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    wanted = request.GET.get("v", "")
    try:
        version = queries.get_version(
            actor=actor, file_id=file_id, no=no or (int(wanted) if wanted.isdecimal() else 0)
        )
    except Refused as hidden:
        raise Http404(hidden.message) from hidden
    file = version.file
    shown(request, "file", file_id, level=file.level, fields=[f"version {version.no}"])
    owns, may_leave = rules.may_renew(actor, file), rules.may_leave(version.scan_state)
    page, why_none = _text_page(request, actor, file_id, version.no)
    context = {
        "title": version.name, "crumbs": [(_("文件"), reverse("files:index")), (version.name, "")],
        "file": file, "version": version, "page": page, "why_none": why_none,
        "versions": queries.get_versions(actor=actor, file_id=file_id),
        "level": dict(LEVELS)[file.level], "gaps": gap_marks(version.gaps),
        "classification": band(file.level),
        "scan_sentence": rules.scan_sentence(version.scan_state, version.scan_detail),
        "may_leave": may_leave and rules.may_take(actor, file),
        "scanned": may_leave,
        "purpose_form": None if not may_leave or rules.may_take(actor, file) else purpose_form or PurposeForm(),
        "version_form": (version_form or VersionForm()) if owns else None,
        "release_form": _release_form(actor, version.scan_state, version.uploaded_by, release_form),
        "form": version_form or release_form or purpose_form,
    }  # fmt: skip
    return render(request, "files/detail.html", context, status=status)


def _release_form(
    actor: Actor, scan_state: str, uploaded_by: str, bound: ReleaseForm | None
) -> ReleaseForm | None:
    if scan_state != rules.HELD or not rules.may_release(actor, uploaded_by=uploaded_by):
        return None
    return bound or ReleaseForm()


def _text_page(request: HttpRequest, actor: Actor, file_id: int, no: int) -> tuple[Page[Line] | None, str]:
    """One page of the text, or why there is none."""
    try:
        text = queries.get_text(actor=actor, file_id=file_id, no=no)
    except Refused as why:
        return None, why.message
    return Paginator(lines(text), LINES_A_PAGE).get_page(request.GET.get("page")), ""
