"""Invented examples for the living style page."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.ui import charts
from sanban.base.ui.shell import Look, Me, NavGroup, NavItem, Shell
from sanban.base.ui.spans import Span
from sanban.base.ui.widgets import DayInput

_TEXT = (
    "关于优化营商环境的若干措施\n\n"
    "一、压缩企业开办时间。由市场监管局牵头，综合办、财政局配合，于2026年12月31日前将企业开办时间压缩至1个工作日以内。\n\n"
    "二、建立联席会议制度。综合办应当每季度召集一次联席会议，研究解决跨部门问题。\n\n"
    "三、有关部门要加强协作，及时报送进展情况。"
)
_POINTS = (
    (
        _TEXT.index("由市场监管局"),
        _TEXT.index("。\n\n二"),
        "",
        _("企业开办压缩至 1 个工作日"),
        _("牵头 市场监管局，时限 2026-12-31"),
    ),
    (
        _TEXT.index("综合办应当"),
        _TEXT.index("，研究"),
        "green",
        _("每季度召集联席会议"),
        _("牵头 综合办，频次 每季度"),
    ),
    (
        _TEXT.index("有关部门"),
        len(_TEXT) - 1,
        "amber",
        _("职责不清：有关部门"),
        _("没有写明单位和时限，建议补全"),
    ),
)


class SampleForm(forms.Form):
    """One field of each shape, shown with its errors."""

    title = forms.CharField(label=_("事项名称"), help_text=_("写清楚办什么，不超过 60 字。"))
    due_on = forms.DateField(label=_("时限"), widget=DayInput())
    grade = forms.ChoiceField(
        label=_("督办级别"),
        choices=[("remind", _("提醒")), ("urge", _("催办")), ("notice", _("督办单"))],
        widget=forms.RadioSelect,
    )
    unit = forms.ChoiceField(label=_("牵头单位"), choices=[("1", _("综合办")), ("2", _("督查办"))])
    reason = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    public = forms.BooleanField(label=_("可以公开"), required=False)


def sample_shell(look: Look) -> Shell:
    """A frame like the one of an office."""
    wings = (
        ("", (("协同驾驶舱", "layout-dashboard", 0, 1), ("我的待办", "list-checks", 7, 2))),
        (_("决策"), (("政策文件", "file-text", 0, None), ("责任矩阵", "grid-3x3", 0, None))),
        (_("执行"), (("任务台账", "list-tree", 0, 3), ("协同流程", "workflow", 0, None))),
        (_("监督"), (("亮灯督办", "siren", 6, None), ("督查检查", "clipboard-check", 0, None))),
        (_("研究"), (("智能助手", "sparkles", 0, 4), ("案例法规库", "library", 0, None))),
    )
    groups = tuple(
        NavGroup(
            label=label,
            items=tuple(
                NavItem(
                    label=name,
                    url=f"#{n}-{name}",
                    icon=icon,
                    count=count,
                    current=tab == 1,
                    alarm=count == 6,
                    tab=tab,
                    tab_label=name[-3:] if tab == 1 else name[-2:],
                )
                for n, (name, icon, count, tab) in enumerate(lines)
            ),
        )
        for label, lines in wings
    )
    places = {
        "home": "/",
        "search": "#search",
        "palette": "/ui/style/?palette=1",
        "inbox": "#inbox",
        "account": "#me",
        "logout": "#out",
    }
    me = Me(name="李明华", unit=_("综合办 统筹一处"), ref="sample")
    return Shell(groups=groups, me=me, inbox_count=7, look=look, places=places)


def _units() -> list[dict[str, Any]]:
    rows = (
        ("综合办", 41, 1, 4, 36, "94.1", (3, 4, 5, 5, 7, 7, 8, 9)),
        ("督查办", 33, 0, 2, 31, "96.4", (2, 4, 3, 5, 6, 7, 8, 8)),
        ("研究室", 18, 1, 3, 14, "86.2", (9, 8, 7, 7, 6, 5, 4, 4)),
        ("市场监管局", 9, 2, 1, 6, "79.3", (8, 8, 7, 6, 5, 5, 4, 3)),
        ("住房城乡建设局", 7, 1, 2, 4, "82.4", (5, 4, 7, 6, 4, 4, 3, 4)),
    )
    keys = ("name", "open", "red", "amber", "green", "rate", "trend")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def _tasks() -> list[dict[str, Any]]:
    rows = (
        (
            "优化营商环境十条：企业开办“一日办结”",
            "DC-2026-0412",
            "市场监管局",
            "综合办、财政局",
            -18,
            "red",
            3,
            "提级督办",
        ),
        ("老小区加装电梯补贴资金拨付", "DC-2026-0397", "住房城乡建设局", "财政局", -13, "red", 2, "专项督办"),
        ("“一网通办”事项目录动态调整", "DC-2026-0440", "综合办", "政务服务局", 2, "amber", 1, "提醒"),
        ("政务数据共享目录第二批接口改造", "DC-2026-0418", "研究室", "大数据局", 9, "green", 0, "正常"),
    )
    keys = ("title", "number", "lead", "partners", "due", "light", "level", "grade")
    tasks: list[dict[str, Any]] = [dict(zip(keys, row, strict=True)) for row in rows]
    for task in tasks:
        task["due"] = clock.now() + timedelta(days=task["due"])
    return tasks


def _lists() -> dict[str, Any]:
    now = clock.now()
    todo = (
        ("待签收", "市政府常务会议第 42 次议定事项分办", "综合办转来，牵头", now + timedelta(hours=1), ""),
        ("待反馈", "企业开办“一日办结”整改情况", "督查办第 2 次催办", now - timedelta(days=1), "red"),
        (
            "待会签",
            "责任矩阵：数字经济促进条例配套措施",
            "预协商，还差研究室",
            now + timedelta(days=1),
            "amber",
        ),
        ("待阅", "政策信号：省级营商环境条例修订", "环境监测，提前 15 天预警", now + timedelta(days=8), ""),
    )
    events = (
        (
            "督查办 王芳",
            "催办（第 2 次）",
            now - timedelta(hours=3),
            "red",
            "连续两周没有反馈，距时限 1 天。",
        ),
        ("市场监管局 陈立", "反馈进展 60%", now - timedelta(days=4), "now", ""),
        ("市场监管局 陈立", "签收", now - timedelta(days=20), "", ""),
        ("综合办 李明华", "交办给市场监管局", now - timedelta(days=21), "", ""),
    )
    return {
        "todo": [dict(zip(("verb", "title", "note", "due", "light"), row, strict=True)) for row in todo],
        "events": [dict(zip(("who", "what", "at", "tone", "why"), row, strict=True)) for row in events],
        "facts": [
            ("编号", "DC-2026-0412"),
            ("牵头", "市场监管局"),
            ("配合", "综合办、财政局"),
            ("来源", "优化营商环境若干措施第一条"),
            ("密级", "内部"),
        ],
        "stages": [
            {"label": "交办", "note": "11-02", "past": True},
            {"label": "签收", "note": "11-03", "past": True},
            {"label": "办理", "note": "60%", "now": True},
            {"label": "核验"},
            {"label": "办结"},
            {"label": "销号"},
        ],
    }


def _kpis() -> list[dict[str, str]]:
    rows = (
        ("", "在办事项", "128", "件", "较上周 +6"),
        ("red", "红灯", "6", "件", "较上周 −1，最长超期 18 天"),
        ("amber", "黄灯", "14", "件", "较上周 +2"),
        ("", "按期办结率", "92.3", "%", "目标 92%，已达标"),
        ("", "平均响应", "8.2", "小时", "目标 ≤ 8，差 0.2"),
        ("", "数据共享率", "67.0", "%", "目标 75%"),
    )
    return [dict(zip(("light", "label", "value", "unit", "note"), row, strict=True)) for row in rows]


def sample_context(page: int) -> dict[str, Any]:
    """Everything the style page shows."""
    weeks = [
        "9/6",
        "9/13",
        "9/20",
        "9/27",
        "10/4",
        "10/11",
        "10/18",
        "10/25",
        "11/1",
        "11/8",
        "11/15",
        "11/22",
    ]
    rates = [86.1, 87.0, 87.0, 85.2, 88.1, 89.0, 89.0, 90.1, 91.2, 92.1, 91.8, 92.3]
    series = [
        ("红", "red", [9, 8, 8, 10, 9, 7, 7, 8, 6, 5, 7, 6]),
        ("黄", "amber", [14, 15, 13, 16, 15, 15, 12, 13, 12, 13, 12, 14]),
    ]
    return {
        "title": _("组件样张"),
        "subtitle": _("数据为虚构"),
        "kpis": _kpis(),
        "units": _units(),
        "tasks": _tasks(),
        "page": Paginator(range(128), 4).get_page(page),
        "line": charts.line_chart(
            rates, weeks, 92, _("按期办结率"), _("十二周内从 86.1% 升到 92.3%，已过目标 92%。"), "%"
        ),
        "bars": charts.stacked_bars(series, weeks, _("亮灯件数"), _("红灯由 9 件降到 6 件，黄灯 14 件。")),
        "form": SampleForm({"title": "", "due_on": "2026-13-01", "reason": "情况属实"}),
        "blank": {
            "title": _("还没有督查"),
            "text": _("督查方案批准后会列在这里。"),
            "action": _("拟一个督查方案"),
        },
        "text": _TEXT,
        "found": [Span(start, end, kind, label) for start, end, kind, label, _note in _POINTS],
        "points": [
            {"span": f"{start}-{end}", "label": label, "note": note}
            for start, end, _k, label, note in _POINTS
        ],
        **_lists(),
    }
