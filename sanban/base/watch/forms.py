"""The forms of a request for sight and of its answer."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from sanban.base import clock


class AskForm(forms.Form):
    """For what, and until when."""

    address = forms.CharField(widget=forms.HiddenInput, max_length=300)
    purpose = forms.CharField(
        label=_("查阅用途"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明办理哪件事、为什么要看；归属单位和审计管理员都会看到。"),
    )  # fmt: skip
    until = forms.DateField(
        label=_("查阅到哪一天"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("最长 90 天，到期自动收回。"),
    )

    def ends_at(self) -> datetime:
        """The end of the chosen day in the office's time."""
        day = self.cleaned_data["until"] + timedelta(days=1)
        return datetime.combine(day, time(), tzinfo=clock.local(clock.now()).tzinfo)


class AnswerForm(forms.Form):
    """A remark with the answer; a no needs one."""

    note = forms.CharField(
        label=_("批复意见"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
