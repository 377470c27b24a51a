"""The forms of a slip: a reply, a reason, and the numbers of the ladder."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanban.base.files.evidence import EvidenceForm
from sanban.supervise.chase.ladder import CIRCULAR, NOTICE, URGE, Ladder
from sanban.supervise.chase.rules import RUNG_NAMES

TEXT = forms.Textarea(attrs={"rows": 4})


class ReplyForm(EvidenceForm):
    """What was done, when it will be finished, and what proves it."""

    text = forms.CharField(label=_("办理情况与完成时间"), widget=TEXT, max_length=4000)
    field_order = ("text", "evidence")


class ReasonForm(forms.Form):
    """The reason of a decision that somebody may ask about later."""

    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)


class ProposeForm(forms.Form):
    """Which higher rung is put before the signers, and why."""

    rung = forms.ChoiceField(
        label=_("拟发"),
        choices=[(key, RUNG_NAMES[key]) for key in (NOTICE, CIRCULAR)],
        widget=forms.RadioSelect,
        initial=NOTICE,
    )
    reason = forms.CharField(
        label=_("拟发的理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("签发人和被督办单位都会看到。"),
    )


class LadderForm(forms.Form):
    """All numbers of the ladder; times for answers in working minutes, a working day has 420."""

    urge_repeat_days = forms.IntegerField(
        label=_("每隔几个工作日再次催办（0 为不重复）"), min_value=0, max_value=60
    )
    urge_answer_minutes = forms.IntegerField(
        label=_("催办答复时限（工作分钟）"), min_value=1, max_value=42000
    )
    notice_after_days = forms.IntegerField(
        label=_("亮红灯几个工作日后拟发督办单"), min_value=0, max_value=120
    )
    notice_answer_minutes = forms.IntegerField(
        label=_("督办单答复时限（工作分钟）"), min_value=1, max_value=42000
    )
    circular_answer_minutes = forms.IntegerField(
        label=_("通报整改时限（工作分钟）"), min_value=1, max_value=42000
    )
    direct_urgency = forms.IntegerField(
        label=_("紧急程度达到几级即直接提级（0 为不提级）"), min_value=0, max_value=3
    )
    direct_rung = forms.ChoiceField(
        label=_("直接提级至"), choices=[(URGE, RUNG_NAMES[URGE]), (NOTICE, RUNG_NAMES[NOTICE])]
    )
    note = forms.CharField(label=_("修改说明"), max_length=200)
    base_number = forms.IntegerField(widget=forms.HiddenInput)

    def ladder(self) -> Ladder:
        """The ladder that the form describes."""
        numbers: dict[str, Any] = {**self.cleaned_data}
        del numbers["note"], numbers["base_number"]
        return Ladder(**numbers)
