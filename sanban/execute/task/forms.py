"""What people type about tasks."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanban.base.calendar.queries import current_axis
from sanban.execute.task.rules import STATES

LIGHTS = (
    ("", _("全部亮灯")),
    ("red", _("红灯")),
    ("amber", _("黄灯")),
    ("green", _("绿灯")),
    ("idle", _("未亮灯")),
    ("concluded", _("已办结")),
)
SORTS = (
    ("due", _("时限由近到远")),
    ("-due", _("时限由远到近")),
    ("new", _("最新交办")),
    ("red", _("亮红最久")),
)


def due_instant(day: date) -> datetime:
    """The end of the working day on which something is due."""
    return current_axis().end_of_day(day)


class FilterForm(forms.Form):
    """The register's filter; everything lives in the address."""

    q = forms.CharField(label=_("名称或编号"), required=False)
    light = forms.ChoiceField(label=_("亮灯"), choices=LIGHTS, required=False)
    state = forms.ChoiceField(label=_("状态"), choices=[("", _("全部状态")), *STATES.items()], required=False)
    unit = forms.TypedChoiceField(label=_("牵头单位"), coerce=int, empty_value=None, required=False)
    policy = forms.IntegerField(required=False, widget=forms.HiddenInput)
    mine = forms.BooleanField(label=_("只看我的"), required=False)
    sort = forms.ChoiceField(label=_("排序"), choices=SORTS, required=False)


class AssignForm(forms.Form):
    """One new task."""

    title = forms.CharField(label=_("事项名称"), max_length=200)
    lead = forms.TypedChoiceField(label=_("牵头单位"), coerce=int)
    partners = forms.TypedMultipleChoiceField(label=_("配合单位"), coerce=int, required=False)
    due_on = forms.DateField(label=_("完成时限"), widget=forms.DateInput(attrs={"type": "date"}))
    detail = forms.CharField(label=_("内容"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    acceptance = forms.CharField(
        label=_("验收标准"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(self, *args: Any, units: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(units.items())
        self.fields["lead"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]
        self.fields["partners"].choices = choices  # type: ignore[attr-defined]


class VerbForm(forms.Form):
    """The fields that the verbs need; each verb shows its own few. `version` is what the person saw."""

    FIELDS = {
        "acknowledge": (),
        "report": ("progress", "text"),
        "conclude": ("text",),
        "ask_extension": ("due_on", "reason"),
        "decide_extension": ("approve", "note"),
        "send_back": ("reason",),
        "forward": ("to", "reason"),
        "pause": ("reason",),
        "resume": (),
        "verify": ("accept", "note"),
        "close_out": (),
        "reopen": ("due_on", "reason"),
        "withdraw": ("reason",),
    }

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    progress = forms.IntegerField(label=_("进度（%）"), min_value=0, max_value=100)
    due_on = forms.DateField(label=_("新时限"), widget=forms.DateInput(attrs={"type": "date"}))
    to = forms.TypedChoiceField(label=_("转给"), coerce=int)
    accept = forms.TypedChoiceField(
        label=_("核验结论"),
        choices=[("1", _("通过")), ("0", _("不通过，退回整改"))],
        coerce=lambda v: v == "1",
    )
    approve = forms.TypedChoiceField(
        label=_("批复"), choices=[("1", _("同意")), ("0", _("不同意"))], coerce=lambda v: v == "1"
    )
    text = forms.CharField(label=_("进展情况"), widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label=_("理由"), widget=forms.Textarea(attrs={"rows": 2}))
    note = forms.CharField(label=_("意见"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, verb: str, units: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {"version", *self.FIELDS[verb]}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        if "to" in self.fields:
            self.fields["to"].choices = [("", _("请选择")), *units.items()]  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """A task list as a file."""

    file = forms.FileField(
        label=_("任务清单"),
        help_text=_("xlsx 或 csv，20 MB 以内。上传后先看逐行结论，确认之前不写入任何事项。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": _("所选文件是空的（0 字节）。请检查原文件后重新选择。")},
    )
