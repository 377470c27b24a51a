"""Pages of the evidence: how it all stands, one object's records and its bundle, and the replay audit."""

from collections import Counter
from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from sanban.base.access.actor import actor_of
from sanban.base.access.readlog.recording import EXPORT, shown
from sanban.base.ledger import auditing
from sanban.base.ledger.act import record_refusal
from sanban.base.ledger.bundle.making import make_bundle
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.queries import log_heads, size, watchers
from sanban.base.ledger.tlog import sealing, trust
from sanban.base.ui.fields import blame, status_of
from sanban.desk.evidence import queries
from sanban.desk.evidence.erasures import WATCHERS

AT_ONCE = 50_000
"""Events that are audited while the page waits; a larger ledger is audited at night or at the prompt."""


class BundleForm(forms.Form):
    """What goes into a bundle and what it is for."""

    purpose = forms.CharField(
        label=gettext_lazy("用途"), max_length=200, required=False,
        help_text=gettext_lazy("例如“提交仲裁员”。制作证据包会记入访问日志。"),
    )  # fmt: skip
    redact = forms.MultipleChoiceField(
        label=gettext_lazy("遮盖的内容"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("个人信息先已勾选。遮盖后仍可核验其余内容，也可核验遮盖处未被改动。"),
    )  # fmt: skip
    since = forms.IntegerField(
        label=gettext_lazy("对方已留存的树头条数"), min_value=0, required=False,
        help_text=gettext_lazy("对方以前收过证据包的，填写其中树头的条数，可证明此前的历史未被改写。"),
    )  # fmt: skip


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The three grades in plain words, the logs, the witnesses and the last audit."""
    actor = actor_of(request)
    grades = [
        (queries.GRADES[grade], queries.COLOURS[grade], queries.MEANINGS[grade]) for grade in queries.GRADES
    ]
    context = {
        "title": _("存证"),
        "grades": grades,
        "heads": log_heads(actor=actor),
        "logs": {"ledger": _("办理日志"), "access": _("访问日志")},
        "watchers": [(queries.WITNESSES.get(one.name, one.name), one) for one in watchers(actor=actor)],
        "audit": queries.audit_of(actor=actor),
        "may_see_erasures": actor.has(*WATCHERS),
        "may_audit": actor.has(*queries.MAY_AUDIT),
    }
    return render(request, "desk/evidence.html", context)


@require_GET
def policy(request: HttpRequest) -> HttpResponse:
    """The trust policy as a text, to be kept by whoever will verify a bundle one day."""
    made = sealing.trusted()
    if made is None:
        raise Http404
    answer = HttpResponse(trust.text_of(made), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="policy.txt"'
    return answer


@require_GET
def head(request: HttpRequest, log: str) -> HttpResponse:
    """The newest sealed head, to be kept and held against later bundles."""
    note = sealing.sealed_note(log, "sha256")
    if note is None:
        raise Http404
    answer = HttpResponse(note, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{log}-head.txt"'
    return answer


@require_GET
def of(request: HttpRequest, stream: str, object_id: int) -> HttpResponse:
    """An object's records with their grades, and the bundle to take away."""
    return _of(request, stream, object_id)


@require_POST
def bundle(request: HttpRequest, stream: str, object_id: int) -> HttpResponse:
    """Make the bundle and hand it over."""
    actor = actor_of(request)
    subject = _subject(request, stream, object_id)
    found = queries.records(actor=actor, subject=subject)
    form = BundleForm(request.POST)
    form.fields["redact"].choices = queries.fields_in(actor=actor, found=found)  # type: ignore[attr-defined]
    if not form.is_valid():
        return _of(request, stream, object_id, form=form, status=400)
    asked = form.cleaned_data
    try:
        made = make_bundle(
            actor, subject=(stream, object_id), streams=subject.streams, purpose=asked["purpose"],
            redact=asked["redact"], since=asked["since"] or 0,
        )  # fmt: skip
    except Refused as refusal:
        blame(form, refusal)
        return _of(request, stream, object_id, form=form, status=status_of(refusal))
    shown(request, stream, object_id, level=subject.level, how=EXPORT)
    answer = HttpResponse(made.body, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="evidence-{stream}-{object_id}.zip"'
    answer["X-Evidence-SHA256"] = made.sha256
    return answer


@require_POST
def audit(request: HttpRequest) -> HttpResponse:
    """Look everything over now."""
    actor = actor_of(request)
    if not actor.has(*queries.MAY_AUDIT):
        refusal = Denied(_("全面核对由系统管理员或审计管理员发起。"))
        record_refusal(actor, "desk.audit", refusal)
        raise PermissionDenied(refusal.message)
    if size(actor=actor)["events"] > AT_ONCE:
        messages.warning(
            request, _("台账较大，不能当场核对。每夜自动核对，也可在服务器上运行 sanban audit。")
        )
        return redirect("desk:evidence")
    made = auditing.audit(also=queries.read_faults)
    count = len(made.faults) + len(made.differences)
    if count:
        messages.error(request, _("核对完毕，有 %(n)d 处不符，见下表。") % {"n": count})
    else:
        messages.success(request, _("核对完毕，全部相符。"))
    return redirect("desk:evidence")


def _subject(request: HttpRequest, stream: str, object_id: int) -> queries.Subject:
    try:
        return queries.subject_of(actor=actor_of(request), stream=stream, object_id=object_id)
    except Denied as refusal:
        raise Http404 from refusal


def _of(
    request: HttpRequest, stream: str, object_id: int, *, form: BundleForm | None = None, status: int = 200
) -> HttpResponse:
    actor, subject = actor_of(request), _subject(request, stream, object_id)
    shown(request, stream, object_id, level=subject.level, fields=["records"])
    found = queries.records(actor=actor, subject=subject)
    if form is None:
        form = BundleForm(initial={"redact": queries.personal_in(found=found)})
        form.fields["redact"].choices = queries.fields_in(actor=actor, found=found)  # type: ignore[attr-defined]
    context = {
        "title": _("存证：%(label)s") % {"label": subject.label},
        "crumbs": [(_("存证"), reverse("desk:evidence")), (subject.label, "")],
        "subject": subject,
        "records": found,
        "tally": _tally(found),
        "words": queries.GRADES,
        "colours": queries.COLOURS,
        "form": form,
    }
    return render(request, "desk/evidence_of.html", context, status=status)


def _tally(found: Sequence[queries.Record]) -> list[tuple[str | Promise, str, int]]:
    """How many records stand how firmly: word, colour and number, the firmest first."""
    counts = Counter(one.grade for one in found)
    grades = [grade for grade in reversed(list(queries.GRADES)) if counts[grade]]
    return [(queries.GRADES[grade], queries.COLOURS[grade], counts[grade]) for grade in grades]
