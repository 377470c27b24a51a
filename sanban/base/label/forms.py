"""The forms of a label."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanban.base.access.levels import LEVEL_WORDS
from sanban.base.label.rules import FLAGS
from sanban.base.ui.widgets import DayInput


class LabelForm(forms.Form):
    """A level with its reason, the day it is looked at again, and what else is in it."""

    level = forms.TypedChoiceField(label=_("密级"), coerce=int, choices=LEVEL_WORDS.items())
    reason = forms.CharField(label=_("定密理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    review_on = forms.DateField(
        label=_("复核日期"), widget=DayInput,
        help_text=_("到期由本单位复核：工作秘密最长一年，内部最长三年，公开最长五年。"),
    )  # fmt: skip
    flags = forms.MultipleChoiceField(
        label=_("其中含有"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(name, word) for name, (word, _floor) in FLAGS.items()],
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class LowerForm(LabelForm):
    """A lower level; a second person must agree."""

    def __init__(self, *data: Any, now: int, **more: Any) -> None:
        super().__init__(*data, **more)
        self.fields["level"].choices = [(n, word) for n, word in LEVEL_WORDS.items() if n < now]  # type: ignore[attr-defined]
        self.fields["reason"].label = _("降密理由")


class RefuseForm(forms.Form):
    """Why the level stays."""

    note = forms.CharField(label=_("意见"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
