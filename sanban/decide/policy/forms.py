"""The filter bar of the list of policies."""

from django import forms
from django.utils.translation import gettext_lazy as _

STATES = (
    ("registered", _("待核定")),
    ("confirmed", _("已核定")),
    ("dispatched", _("已交办")),
    ("abolished", _("已废止")),
)
MEASURE_STATES = (
    ("proposed", _("待确认")),
    ("confirmed", _("已确认")),
    ("dispatched", _("已交办")),
    ("rejected", _("已剔除")),
)


class FilterForm(forms.Form):
    """Words, state, unit and year; everything may stay empty."""

    q = forms.CharField(label=_("标题、文号、机关"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=(("", _("全部状态")), *STATES))
    unit = forms.TypedChoiceField(label=_("登记单位"), required=False, coerce=int, empty_value=None)
    year = forms.TypedChoiceField(label=_("年度"), required=False, coerce=int, empty_value=None)
