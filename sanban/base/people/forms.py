"""Forms of the people room. Units are chosen from the tree, people are named by their login."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sanban.base.access.actor import ROLES
from sanban.base.access.levels import LEVEL_WORDS

KINDS = [
    ("government", _("政府")), ("office", _("办公厅室")), ("division", _("处室")), ("department", _("部门")),
    ("city", _("市")), ("county", _("县区")), ("committee", _("委员会")),
]  # fmt: skip
LEVELS = list(LEVEL_WORDS.items())


class ActForm(forms.Form):
    """A form that knows the units one may choose."""

    def __init__(self, *args: Any, units: list[tuple[int, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("unit", "into", "parent"):
            if name in self.fields:
                empty = [] if self.fields[name].required else [("", _("（顶层）"))]
                self.fields[name].choices = [*empty, *(units or [])]  # type: ignore[attr-defined]


class UnitForm(ActForm):
    """A new unit."""

    name = forms.CharField(label=_("全称"), max_length=120)
    short = forms.CharField(label=_("简称"), max_length=60, required=False)
    code = forms.SlugField(label=_("编码"), max_length=40, help_text=_("字母、数字和连字符，不可更改"))
    kind = forms.ChoiceField(label=_("类型"), choices=KINDS)
    parent = forms.TypedChoiceField(label=_("上级单位"), coerce=int, required=False, empty_value=None)
    order = forms.IntegerField(label=_("排序"), min_value=0, initial=0)


class RenameForm(ActForm):
    """A new name."""

    name = forms.CharField(label=_("新全称"), max_length=120)
    short = forms.CharField(label=_("新简称"), max_length=60, required=False)


class AliasForm(ActForm):
    """One more name."""

    alias = forms.CharField(label=_("别名"), max_length=120, help_text=_("文件中对该单位的其他称呼"))


class MoveForm(ActForm):
    """Another parent."""

    parent = forms.TypedChoiceField(label=_("划归"), coerce=int, required=False, empty_value=None)


class MergeForm(ActForm):
    """The unit that takes over."""

    into = forms.TypedChoiceField(label=_("并入单位"), coerce=int)


class EditForm(ActForm):
    """The directory entry of a person."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    unit = forms.TypedChoiceField(label=_("单位"), coerce=int)
    post = forms.CharField(label=_("职务"), max_length=80, required=False)
    email = forms.EmailField(label=_("邮箱"), required=False)
    mobile = forms.CharField(label=_("手机"), max_length=20, required=False)
    clearance = forms.TypedChoiceField(label=_("知悉范围"), coerce=int, initial=1, choices=LEVELS)


class ClearanceForm(ActForm):
    """Up to which level a person reads."""

    clearance = forms.TypedChoiceField(label=_("知悉范围"), coerce=int, choices=LEVELS)


class PersonForm(EditForm):
    """A new person with the first roles."""

    login = forms.SlugField(label=_("登录名"), max_length=60)
    roles = forms.MultipleChoiceField(
        label=_("角色"), required=False, choices=list(ROLES.items()), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("login",)


class RoleForm(ActForm):
    """A role for a time."""

    role = forms.ChoiceField(label=_("角色"), choices=list(ROLES.items()))
    until = forms.DateTimeField(
        label=_("到期"), required=False, help_text=_("例如 2027-06-30 18:00，不填为长期")
    )


class DeputyForm(ActForm):
    """Who stands in, until when, why."""

    login = forms.CharField(label=_("代理人登录名"), max_length=60)
    until = forms.DateTimeField(
        label=_("到期"), required=False, help_text=_("例如 2027-06-30 18:00，不填为长期")
    )
    reason = forms.CharField(label=_("事由"), max_length=200)


class LeaveForm(ActForm):
    """Who takes over."""

    login = forms.CharField(label=_("接手人登录名"), max_length=60, help_text=_("未办结的事项由接手人代理"))


class PasswordForm(ActForm):
    """A new password."""

    password = forms.CharField(
        label=_("新口令"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )


class TokenForm(ActForm):
    """A personal key."""

    name = forms.CharField(label=_("名称"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=_("权限范围"),
        choices=[("read", _("读取")), ("write", _("办理"))],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_at = forms.DateTimeField(label=_("到期"), required=False, help_text=_("例如 2027-06-30 18:00"))


class RosterForm(forms.Form):
    """A workbook of people, or the rows that the dry run showed."""

    file = forms.FileField(
        label=_("Excel 文件"),
        required=False,
        help_text=_("第一行：登录名、姓名、单位、职务、角色、邮箱、手机"),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
