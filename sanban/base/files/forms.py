"""What people fill in about files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sanban.base.access.levels import LEVEL_WORDS
from sanban.base.files.rules import INTERNAL

LEVELS = tuple(LEVEL_WORDS.items())
HELP = _("可上传 txt、docx、html、pdf、xlsx、pptx、ofd、png、jpg；国家秘密不得上传。")


class UploadForm(forms.Form):
    """A file and its level (秘密 means 工作秘密, never a state secret)."""

    file = forms.FileField(label=_("文件"), help_text=HELP, allow_empty_file=True)
    level = forms.TypedChoiceField(label=_("密级"), choices=LEVELS, coerce=int, initial=INTERNAL)


class VersionForm(forms.Form):
    """A newer version of a file."""

    file = forms.FileField(label=_("新版本"), allow_empty_file=True)


class PurposeForm(forms.Form):
    """What the bytes of a work secret are needed for."""

    purpose = forms.CharField(
        label=_("用途"), max_length=200, help_text=_("写明办件号和事由，登记后一小时内可以下载。")
    )


class ReleaseForm(forms.Form):
    """Why a file may go out unscanned."""

    reason = forms.CharField(label=_("放行理由"), min_length=4, max_length=200)
