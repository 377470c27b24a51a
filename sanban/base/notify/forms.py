"""What people fill in about messages."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanban.base.notify.kinds import Kind
from sanban.base.notify.models import Preference


def _clock_face() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class PreferenceForm(forms.Form):
    """A person's wishes."""

    mail_kinds = forms.MultipleChoiceField(
        label=_("哪些消息发邮件"),
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("红色消息随时发出，其余每个工作日合成一封。"),
    )
    digest = forms.TimeField(label=_("每日汇总时间"), widget=_clock_face())
    quiet_from = forms.TimeField(label=_("静默开始"), widget=_clock_face())
    quiet_until = forms.TimeField(
        label=_("静默结束"),
        widget=_clock_face(),
        help_text=_("静默时段和非工作日只发红色消息。起止相同表示不设静默时段。"),
    )
    sms = forms.BooleanField(label=_("红色消息同时发短信"), required=False)

    def minutes(self) -> dict[str, Any]:
        """The cleaned wishes as the act takes them."""
        said = self.cleaned_data
        return {
            "mail_kinds": said["mail_kinds"], "digest_minute": _minute(said["digest"]),
            "quiet_from": _minute(said["quiet_from"]), "quiet_until": _minute(said["quiet_until"]),
            "sms": said["sms"],
        }  # fmt: skip


def initial_of(kept: Preference) -> dict[str, Any]:
    """The form as the person left it."""
    return {
        "mail_kinds": kept.mail_kinds, "digest": _face(kept.digest_minute), "quiet_from": _face(kept.quiet_from),
        "quiet_until": _face(kept.quiet_until), "sms": kept.sms,
    }  # fmt: skip


def _minute(face: time) -> int:
    return face.hour * 60 + face.minute


def _face(minute: int) -> time:
    return time(minute // 60, minute % 60)
