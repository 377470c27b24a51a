"""What people fill in on the reader page."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base.files.forms import LEVELS
from sanban.base.ui.widgets import DayInput
from sanban.study.assistant.proposals import Names

SEPARATORS = str.maketrans("，,；;\n", "、、、、、")


class DropForm(forms.Form):
    """A policy file and its level."""

    file = forms.FileField(
        label=gettext_lazy("政策文件"),
        allow_empty_file=True,
        help_text=gettext_lazy("txt、docx、html 或文字版 PDF；可直接拖到框内。国家秘密不得上传。"),
    )
    level = forms.TypedChoiceField(label=gettext_lazy("密级"), choices=LEVELS, coerce=int, initial=1)


class MeasureForm(forms.Form):
    """A measure's title, lead, partners, due date and acceptance."""

    title = forms.CharField(label=gettext_lazy("举措"), max_length=200)
    lead = forms.TypedChoiceField(
        label=gettext_lazy("牵头单位"), required=False, coerce=int, empty_value=None
    )
    partners = forms.CharField(
        label=gettext_lazy("配合单位"),
        required=False,
        help_text=gettext_lazy("用“、”分隔；可写简称，也可写“各市人民政府”等类名。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    due_on = forms.DateField(
        label=gettext_lazy("完成时限"),
        required=False,
        widget=DayInput(),
    )
    acceptance = forms.CharField(
        label=gettext_lazy("验收标准"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, names: Names, measure: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = names
        likely = {
            found.id: found.name
            for fact in measure.facts
            if fact["field"] in ("lead", "resp")
            for found in names.candidates(str(fact["value"]))
        }
        every = [(key, name) for key, name, _others in names.register]
        choices: list[Any] = [("", _("（未定）"))]
        if likely:
            choices.append((_("原文所指"), list(likely.items())))
        choices.append((_("全部单位"), [row for row in every if row[0] not in likely]))
        self.fields["lead"].choices = choices  # type: ignore[attr-defined]
        self.fields["title"].widget.attrs["id"] = f"id_title_{measure.pk}"

    @classmethod
    def of(cls, measure: Any, names: Names) -> "MeasureForm":
        """The form filled with what the measure says now."""
        official = {key: name for key, name, _others in names.register}
        given = {
            "title": measure.title,
            "lead": measure.lead_id,
            "partners": _("、").join(official[key] for key in measure.partners if key in official),
            "due_on": measure.due_on,
            "acceptance": measure.acceptance,
            "version": measure.version,
        }
        return cls(initial=given, names=names, measure=measure)

    def clean_partners(self) -> list[int]:
        """Names become units; an unknown one is named, with what it may mean."""
        found: dict[int, None] = {}
        for name in filter(
            None, map(str.strip, self.cleaned_data["partners"].translate(SEPARATORS).split("、"))
        ):
            units = self._names.units(name)
            if not units:
                near = [candidate.name for candidate in self._names.candidates(name)[:3]]
                if near:
                    raise forms.ValidationError(
                        _("“%(name)s”对应的单位不唯一或不在册，是否指：%(near)s？请写全称。")
                        % {"name": name, "near": _("、").join(near)}
                    )
                raise forms.ValidationError(_("单位名册里没有“%(name)s”，请写全称或删去。") % {"name": name})
            found.update(dict.fromkeys(units))
        return list(found)


class SelectionForm(forms.Form):
    """Words marked in the text."""

    quote = forms.CharField(
        label=gettext_lazy("原文"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("在正文中选中一段文字，或把原文粘贴到这里。"),
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
