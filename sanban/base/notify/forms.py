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


class WebhookForm(forms.Form):
    """An address that messages are passed on to."""

    name = forms.CharField(label=_("名称"), max_length=60)
    url = forms.CharField(
        label=_("推送地址"),
        max_length=500,
        help_text=_("以 http:// 或 https:// 开头，端口 80、443 或 8443；内网地址须由管理员先列入允许范围。"),
    )
    owner = forms.CharField(
        label=_("推送谁的消息"),
        max_length=60,
        required=False,
        help_text=_("填登录名，不填即本人。本人会收到通知。"),
    )
    shape = forms.ChoiceField(
        label=_("消息格式"),
        choices=[("json", _("程序（JSON）")), ("text", _("群机器人（文本）"))],
    )
    kinds = forms.MultipleChoiceField(
        label=_("推送哪些消息"),
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=Kind.values,
    )


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
