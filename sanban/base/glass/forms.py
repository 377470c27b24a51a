"""The forms of an emergency reading."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """What must be read, and why at once."""

    address = forms.CharField(
        label=_("内容的地址"), max_length=300, help_text=_("从浏览器地址栏复制，以 / 开头。")
    )
    reason = forms.CharField(
        label=_("紧急事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明处置什么事件、为什么等不及正常申请；督查办和审计管理员会立即收到。"),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """The second person's remark."""

    note = forms.CharField(label=_("意见"), max_length=300, required=False)


class ReviewForm(forms.Form):
    """Whether it was justified."""

    justified = forms.ChoiceField(
        label=_("是否必要"), choices=[("yes", _("确有必要")), ("no", _("没有必要"))], widget=forms.RadioSelect
    )
    finding = forms.CharField(label=_("复核结论"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class TermsForm(forms.Form):
    """The next version of the terms."""

    minutes = forms.IntegerField(label=_("开启几分钟"), min_value=5, max_value=480)
    review_days = forms.IntegerField(label=_("几个工作日内复核"), min_value=1, max_value=30)
    note = forms.CharField(label=_("修改说明"), max_length=200)
    base_number = forms.IntegerField(widget=forms.HiddenInput)
