"""The forms of a request for sight and of its answer."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanban.base import clock
from sanban.base.ui.widgets import DayInput
from sanban.base.watch.numbers import NAMES, Numbers


class AskForm(forms.Form):
    """For what, and until when."""

    address = forms.CharField(widget=forms.HiddenInput, max_length=300)
    purpose = forms.CharField(
        label=_("查阅用途"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明办理哪件事、为什么要看；归属单位和审计管理员都会看到。"),
    )  # fmt: skip
    until = forms.DateField(
        label=_("查阅到哪一天"),
        widget=DayInput(),
        help_text=_("最长 90 天，到期自动收回。"),
    )

    def wish(self) -> dict[str, Any]:
        """What the act takes: it ends with the chosen day, in the office's time."""
        day = self.cleaned_data["until"] + timedelta(days=1)
        end = datetime.combine(day, time(), tzinfo=clock.local(clock.now()).tzinfo)
        return {**self.cleaned_data, "until": end}


class AnswerForm(forms.Form):
    """A remark with the answer; a no needs one."""

    note = forms.CharField(
        label=_("批复意见"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class FindingForm(forms.Form):
    """What came out of a case."""

    finding = forms.CharField(label=_("核查结论"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class NumbersForm(forms.Form):
    """All numbers of interception."""

    refusal_minutes = forms.IntegerField(label=_("多次被拒：几分钟之内"), min_value=1, max_value=1440)
    refusals = forms.IntegerField(label=_("多次被拒：被拒几次"), min_value=2, max_value=1000)
    quota_internal = forms.IntegerField(
        label=_("批量查阅：内部内容每小时限额（件）"), min_value=1, max_value=1_000_000
    )
    quota_secret = forms.IntegerField(
        label=_("批量查阅：工作秘密每小时限额（件）"), min_value=1, max_value=1_000_000
    )
    after_deputy_days = forms.IntegerField(label=_("代理结束后几天之内留意"), min_value=0, max_value=366)
    step_up_minutes = forms.IntegerField(label=_("几分钟内须重新核验身份"), min_value=1, max_value=1440)
    note = forms.CharField(label=_("修改说明"), max_length=200)
    base_number = forms.IntegerField(widget=forms.HiddenInput)

    def rules(self) -> dict[str, Any]:
        """What the act takes."""
        said = self.cleaned_data
        numbers = Numbers(**{name: said[name] for name in NAMES})
        return {"numbers": numbers, "base_number": said["base_number"], "note": said["note"]}


class BaitForm(forms.Form):
    """Which object is bait, and why."""

    address = forms.CharField(
        label=_("内容的地址"), max_length=300, help_text=_("从浏览器地址栏复制，以 / 开头。")
    )
    reason = forms.CharField(label=_("说明"), max_length=200)
