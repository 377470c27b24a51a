"""The publishing form: a holiday notice as pasted or uploaded lines."""

from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sanban.base.calendar.rules import NamedDay, read_hours, read_lines, write_lines

LARGEST_UPLOAD = 200_000


class PublishForm(forms.Form):
    """Name, hours and lines of the next version; the lines may come as a small text file."""

    name = forms.CharField(label=_("版本名称"), max_length=80, help_text=_("例如：2027 年放假安排"))
    hours = forms.CharField(
        label=_("工作日作息"), max_length=120, help_text=_("格式：08:30-12:00 14:00-17:30，适用于各工作日")
    )
    lines = forms.CharField(
        label=_("放假与调休"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "每行：日期或起止日期，放假/上班/上午上班/下午上班，说明。所列年份整年替换，其余年份不变。"
        ),
    )
    file = forms.FileField(
        label=_("或上传文本文件"), required=False, help_text=_("UTF-8 文本或 CSV；上传后以文件为准")
    )
    base_number = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    days: list[NamedDay]

    def clean_hours(self) -> str:
        """Keep the text; refuse what cannot be read as hours."""
        text: str = self.cleaned_data["hours"]
        try:
            read_hours(text)
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault
        return text

    def clean(self) -> dict[str, Any]:
        """Read the lines of the file, or of the box when there is none, and name every faulty line."""
        cleaned = super().clean() or {}
        text = self._uploaded() or cleaned.get("lines", "")
        self.days, faults = read_lines(text)
        for fault in faults[:20]:
            message = _now("第 %(number)d 行：%(message)s")
            self.add_error("lines", message % {"number": fault.number, "message": fault.message})
        cleaned["lines"] = text
        return cleaned

    def seal(self) -> str:
        """A short mark of what the preview showed: publishing anything else asks for a new preview."""
        shown = "\n".join((self.cleaned_data["hours"].strip(), write_lines(self.days)))
        return sha256(shown.encode()).hexdigest()[:16]

    def _uploaded(self) -> str:
        upload = self.cleaned_data.get("file")
        if upload is None:
            return ""
        if upload.size > LARGEST_UPLOAD:
            self.add_error("file", _now("文件超过 200 KB，请只保留放假与调休的行。"))
            return ""
        try:
            return str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", _now("文件不是 UTF-8 文本，请另存为 UTF-8 后再上传。"))
            return ""
