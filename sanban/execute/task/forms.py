"""What people type about tasks."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanban.base.calendar.queries import current_axis
from sanban.base.files.evidence import EvidenceForm
from sanban.base.files.forms import LEVELS
from sanban.base.files.rules import INTERNAL
from sanban.base.ui.widgets import DayInput
from sanban.execute.task.picking import PARTNERS_HELP, UnitsField
from sanban.execute.task.queries import AREAS
from sanban.execute.task.rules import STATES
from sanban.execute.task.words import URGENCY_WORDS

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
    below = forms.BooleanField(label=_("含下级"), required=False)
    area = forms.ChoiceField(choices=[("", ""), *AREAS.items()], required=False, widget=forms.HiddenInput)


class AssignForm(forms.Form):
    """One new task, by itself or as a part of another."""

    field_order = ("title", "lead", "partners", "owner", "due_on", "urgency", "level")

    title = forms.CharField(label=_("事项名称"), max_length=200)
    lead = forms.TypedChoiceField(label=_("牵头单位"), coerce=int)
    owner = forms.CharField(
        label=_("责任人"),
        max_length=60,
        required=False,
        help_text=_("牵头单位人员的姓名；可由单位签收后再定。"),
    )
    due_on = forms.DateField(label=_("完成时限"), widget=DayInput())
    detail = forms.CharField(label=_("内容"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    acceptance = forms.CharField(
        label=_("验收标准"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    level = forms.TypedChoiceField(label=_("密级"), coerce=int, initial=INTERNAL)
    urgency = forms.TypedChoiceField(
        label=_("紧急程度"), coerce=int, choices=list(URGENCY_WORDS.items()), initial=0
    )
    parent = forms.CharField(
        label=_("上级事项"),
        max_length=24,
        required=False,
        help_text=_("填编号，如 DC-2026-000123；没有则留空。"),
    )
    policy = forms.TypedChoiceField(label=_("政策文件"), coerce=int, empty_value=None, required=False)
    partners = UnitsField(label=_("配合单位"), required=False, help_text=PARTNERS_HELP)

    def __init__(
        self, *args: Any, units: dict[int, str], policies: dict[int, str], clearance: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "lead", units)
        _choose(self, "policy", policies)
        levels = [(key, word) for key, word in LEVELS if key <= clearance]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]
        self.fields["partners"].offer(units)  # type: ignore[attr-defined]


class PartForm(forms.Form):
    """One part of a task that is broken down; a row left empty is no part."""

    title = forms.CharField(label=_("子项名称"), max_length=200)
    lead = forms.TypedChoiceField(label=_("牵头单位"), coerce=int)
    due_on = forms.DateField(label=_("完成时限"), widget=DayInput())
    acceptance = forms.CharField(label=_("验收标准"), required=False, max_length=500)

    def __init__(self, *args: Any, units: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "lead", units)


class PartRows(forms.BaseFormSet[PartForm]):
    """The parts of one act; at least one."""

    def clean(self) -> None:
        """Somebody must be asked for something."""
        if not any(self.errors) and not any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(_("请至少填写一行子项。"))


PART_ROWS = forms.formset_factory(PartForm, formset=PartRows, extra=3, max_num=50, validate_max=True)


class VerbForm(EvidenceForm):
    """The fields that the verbs need; each verb shows its own few. `version` is what the person saw."""

    FIELDS = {
        "acknowledge": (),
        "set_owner": ("owner",),
        "report": ("progress", "text", "evidence", "kept"),
        "set_partners": ("partners", "reason"),
        "conclude": ("text", "evidence", "kept"),
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
        "name_member": ("person", "until", "reason"),
        "remove_member": ("person", "reason"),
    }

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    progress = forms.IntegerField(label=_("进度（%）"), min_value=0, max_value=100)
    owner = forms.TypedChoiceField(label=_("责任人"), coerce=int)
    partners = UnitsField(label=_("配合单位"), required=False, help_text=PARTNERS_HELP)
    due_on = forms.DateField(label=_("新时限"), widget=DayInput())
    to = forms.TypedChoiceField(label=_("转给"), coerce=int)
    person = forms.TypedChoiceField(label=_("人员"), coerce=int)
    until = forms.DateField(label=_("知悉至（含当日）"), widget=forms.DateInput(attrs={"type": "date"}))
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

    def __init__(
        self,
        *args: Any,
        verb: str,
        units: Mapping[int, str],
        people: Mapping[int, str] | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("auto_id", f"id_{verb}_%s")
        super().__init__(*args, **kwargs)
        shown = ("version", *self.FIELDS[verb])
        for name in [name for name in self.fields if name not in shown]:
            del self.fields[name]
        self.order_fields(shown)
        for name, choices in (("to", units), ("owner", people or {}), ("person", people or {})):
            if name in self.fields:
                _choose(self, name, choices)
        if "partners" in self.fields:
            self.fields["partners"].offer(units)  # type: ignore[attr-defined]


def _choose(form: forms.Form, name: str, choices: Mapping[int, str]) -> None:
    form.fields[name].choices = [("", _("请选择")), *choices.items()]  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """A task list as a file."""

    file = forms.FileField(
        label=_("任务清单"),
        help_text=_("xlsx 或 csv，20 MB 以内。上传后先看逐行结论，确认之前不写入任何事项。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": _("所选文件是空的（0 字节）。请检查原文件后重新选择。")},
    )
