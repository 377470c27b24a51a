"""The forms of a dispute."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanban.base.files.evidence import EvidenceForm
from sanban.base.ui.widgets import DayInput
from sanban.decide.dispute.drafts import DutyLine
from sanban.decide.dispute.rules import DUTY_ROLES

DUTY_LINES = 4


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OpenForm(EvidenceForm):
    """What is in dispute, with whom, what one says and asks, and on what ground."""

    respondent = forms.TypedChoiceField(label=_("对方单位"), coerce=int)
    question = forms.CharField(
        label=_("争议问题"),
        max_length=200,
        help_text=_("一句话写明争的是什么，例如：该事项应由哪个单位牵头。"),
    )
    claim = forms.CharField(label=_("我方主张"), widget=_area(4), max_length=4000)
    asks = forms.CharField(label=_("请求"), widget=_area(3), max_length=4000)
    ground = forms.CharField(
        label=_("依据"), widget=_area(3), max_length=4000, help_text=_("文件名称、条款，或已有的约定。")
    )
    measure = forms.TypedChoiceField(label=_("争议的举措"), coerce=int, empty_value=None, required=False)
    field_order = ("measure", "respondent", "question", "claim", "asks", "ground", "evidence")

    def __init__(
        self, *args: Any, units: Mapping[int, str], measures: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["respondent"].choices = [("", _("请选择")), *units.items()]  # type: ignore[attr-defined]
        if measures:
            self.fields["measure"].choices = [("", _("整份文件")), *measures.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["measure"]


class SaidForm(EvidenceForm):
    """A statement with what proves it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("陈述"), widget=_area(5), max_length=4000)
    field_order = ("text", "evidence")


class TextForm(forms.Form):
    """Words alone."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("内容"), widget=_area(3), max_length=4000)


class ReasonForm(forms.Form):
    """The reason of a step that somebody may ask about later."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("理由"), widget=_area(2), max_length=1000)


class PlainForm(forms.Form):
    """A step that needs no words."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ArbiterForm(forms.Form):
    """Who decides, and until when he may look."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    arbiter = forms.CharField(
        label=_("仲裁员"),
        max_length=60,
        help_text=_("填写姓名或登录名，可从建议中选择；双方单位的人员须回避。"),
        widget=forms.TextInput(attrs={"list": "arbiters", "autocomplete": "off"}),
    )
    until = forms.DateField(
        label=_("查阅期限"),
        required=False,
        widget=DayInput(),
        help_text=_("不填为裁决时限之后三十天。结案即止。"),
    )


class RulingForm(forms.Form):
    """The ruling itself; its lines of duty stand beside it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    findings = forms.CharField(label=_("认定的事实"), widget=_area(5), max_length=10000)
    grounds = forms.CharField(label=_("裁决依据"), widget=_area(3), max_length=10000)
    decision = forms.CharField(label=_("裁决结果"), widget=_area(4), max_length=10000)


class DutyForm(forms.Form):
    """One line of duty; a line left empty says nothing."""

    unit = forms.TypedChoiceField(label=_("单位"), coerce=int, empty_value=None, required=False)
    role = forms.ChoiceField(label=_("角色"), required=False, choices=[("", "—"), *DUTY_ROLES.items()])
    matter = forms.CharField(label=_("事项"), required=False, max_length=200)
    since = forms.DateField(label=_("自何日起"), required=False, widget=DayInput())

    def __init__(self, *args: Any, units: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "—"), *units.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """All four or none."""
        given: dict[str, Any] = super().clean() or {}
        told = [given.get(name) for name in ("unit", "role", "matter", "since")]
        if any(told) and not all(told):
            raise forms.ValidationError(_("每条职责都要写明单位、角色、事项和起始日期；不用的行请清空。"))
        return given


class DutySet(forms.BaseFormSet[DutyForm]):
    """The lines of duty of one ruling."""

    def lines(self) -> list[DutyLine]:
        """The lines that say something."""
        given = [form.cleaned_data for form in self.forms if form.cleaned_data.get("unit")]
        return [
            DutyLine(unit_id=one["unit"], role=one["role"], matter=one["matter"], since=one["since"])
            for one in given
        ]


DutyForms = forms.formset_factory(DutyForm, formset=DutySet, extra=DUTY_LINES, max_num=40)


class TermsForm(forms.Form):
    """The next version of the terms."""

    since = forms.DateField(label=_("施行日期"), widget=DayInput())
    answer_days = forms.IntegerField(label=_("答辩期限（工作日）"), min_value=1, max_value=59)
    ruling_days = forms.IntegerField(label=_("裁决期限（工作日，自提起之日起）"), min_value=2, max_value=60)
    note = forms.CharField(label=_("修改说明"), max_length=200)
    base_number = forms.IntegerField(widget=forms.HiddenInput)
