"""What a light says to people: names of lights and causes, and the sentences of an explanation (§7.3)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from sanban.base.clock import local
from sanban.base.light.engine import Cause, Explanation, Light, Mend

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LIGHT_NAMES: Final[dict[Light, StrPromise]] = {
    Light.RED: _("红灯"),
    Light.AMBER: _("黄灯"),
    Light.GREEN: _("绿灯"),
    Light.IDLE: _("未亮灯"),
    Light.CONCLUDED: _("已办结"),
}

CAUSE_NAMES: Final[dict[Cause, StrPromise]] = {
    Cause.DUE_SOON: _("临期"),
    Cause.PACE: _("落后序时进度"),
    Cause.SILENCE: _("久未反馈"),
    Cause.RETURNED: _("反馈被退回"),
    Cause.OVERDUE: _("超期"),
    Cause.CHILD: _("下级事项拖累"),
    Cause.NOT_STARTED: _("尚未启动"),
    Cause.PAUSED: _("已暂停计时"),
    Cause.CONCLUDED: _("已办结"),
    Cause.ON_TRACK: _("按序时推进"),
}

MEND_SENTENCES: Final[dict[str, StrPromise]] = {
    "report_progress": _("反馈进度达到 {at_least}% 及以上，即可消除“{cause}”。"),
    "report": _("提交一次进展反馈，即可消除“{cause}”。"),
    "report_again": _("按退回意见重新反馈，即可消除“{cause}”。"),
    "conclude_or_extend": _("办结，或获批延期，即可消除“{cause}”；现时限为 {by}。"),
    "mend_part": _("先消除下级事项的红灯、黄灯，本事项随之恢复。"),
    "start": _("启动后开始计时。"),
    "resume": _("恢复后继续计时，时限按暂停的工作时间顺延。"),
    "none": _("无需处理。"),
}

_SINCE: Final = _("{light}：{cause}，自 {since} 起。")
_PLAIN: Final = _("{light}：{cause}。")
_NEXT: Final = _("如无变化，{at} 将转为{light}（{cause}）。")
_ALSO: Final = _("同时存在：{causes}。")
_PROVISIONAL: Final = _("所涉年度放假安排尚未公布，上述时间为暂定。")
_RULE: Final = _("依据亮灯规则第 {version} 版。")


def shown(instant: datetime) -> str:
    """An instant as the office writes it."""
    return local(instant).strftime("%Y-%m-%d %H:%M")


def sentences(explanation: Explanation) -> list[str]:
    """The explanation in sentences: what, since when, what next, what would change it, by which rule."""
    names = {"light": LIGHT_NAMES[explanation.light], "cause": CAUSE_NAMES[explanation.cause]}
    if explanation.since is None:
        said = [str(_PLAIN).format(**names)]
    else:
        said = [str(_SINCE).format(**names, since=shown(explanation.since))]
    if explanation.also:
        causes = _now("、").join(str(CAUSE_NAMES[cause]) for cause in explanation.also)
        said.append(str(_ALSO).format(causes=causes))
    if explanation.next_at and explanation.next_light and explanation.next_cause:
        said.append(
            str(_NEXT).format(
                at=shown(explanation.next_at),
                light=LIGHT_NAMES[explanation.next_light],
                cause=CAUSE_NAMES[explanation.next_cause],
            )
        )
    said.extend(mend_sentence(mend) for mend in explanation.mend if mend.code != "none")
    if explanation.provisional:
        said.append(str(_PROVISIONAL))
    said.append(str(_RULE).format(version=explanation.rule_version))
    return said


def mend_sentence(mend: Mend) -> str:
    """One act that would change the light."""
    return str(MEND_SENTENCES[mend.code]).format(
        cause=CAUSE_NAMES[mend.cause],
        at_least=mend.at_least,
        by=shown(mend.by) if mend.by else "",
    )
