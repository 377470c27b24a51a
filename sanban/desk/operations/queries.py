"""How the machine is: what is due and not done, what waits, what is nearly full. Nothing about the work itself."""

import platform
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.calendar.queries import current_calendar
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.queries import LogHead, log_heads, oldest_waiting, watchers
from sanban.base.ledger.queries import size as ledger_size
from sanban.base.ledger.standing import MACHINE, standing_as
from sanban.base.light.queries import last_tick
from sanban.base.search.queries import size as index_size
from sanban.desk.evidence.queries import WITNESSES
from sanban.execute.task.models import TaskItem
from sanban.supervise.chase.models import Watch

MAY_LOOK: Final = ("admin", "auditor")
GREEN, AMBER, RED, IDLE = "green", "amber", "red", "idle"
UNPLACED, STUCK = timedelta(minutes=1), timedelta(minutes=10)
LATE, DEAD = timedelta(minutes=3), timedelta(minutes=30)
LITTLE_SPACE, NO_SPACE = 2 * 1024**3, 500 * 1024**2
SOON_PROVISIONAL: Final = timedelta(days=60)
"""The holidays of a year are published in November: two months before the unknown begins it is time to ask."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: its value, its mark, and what to do about it."""

    name: str
    value: str
    mark: str = IDLE
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that belong together."""

    title: str
    findings: list[Finding]


def look_round(*, actor: Actor) -> list[Group]:
    """Everything an operator needs to see at once; the administrators' alone. A fixed number of queries."""
    if not actor.has(*MAY_LOOK):
        raise Denied(_("运行状况只供系统管理员和审计管理员查看。"))
    with standing_as(MACHINE):  # counts and instants of all rows, nothing of what they hold
        return _groups(actor, clock.now())


def _groups(actor: Actor, now: datetime) -> list[Group]:
    return [
        Group(_("时钟"), [_tick(actor, now), _due_lights(now), _due_slips(now)]),
        Group(_("台账与检索"), _ledger(actor)),
        Group(_("后台作业与邮件"), [*_jobs(), _mail()]),
        Group(_("工作日历"), _calendar(actor, now)),
        Group(_("程序与存储"), [_version(), _database(), *_disk()]),
    ]


def worst(*, actor: Actor, groups: list[Group]) -> str:
    """The gravest mark of all, for the sentence on top."""
    marks = {finding.mark for group in groups for finding in group.findings}
    return next((mark for mark in (RED, AMBER) if mark in marks), GREEN)


def _moment(value: datetime) -> str:
    return f"{clock.local(value):%Y-%m-%d %H:%M:%S}"


def _lag(age: timedelta) -> str:
    return GREEN if age <= LATE else AMBER if age <= DEAD else RED


def _tick(actor: Actor, now: datetime) -> Finding:
    last = last_tick(actor=actor, client="task")
    advice = _(
        "时钟进程没有按时巡看，亮灯和督办会迟到。请检查 sanban clock 是否在运行（sanban up 会一并启动）。"
    )
    if last is None:
        return Finding(_("最近一次巡看"), _("从未"), RED, advice)
    mark = _lag(now - last)
    seconds = max(0, int((now - last).total_seconds()))
    value = _("%(at)s，%(n)s 秒之前") % {"at": _moment(last), "n": seconds}
    return Finding(_("最近一次巡看"), value, mark, "" if mark == GREEN else advice)


def _overdue(name: str, rows: QuerySet[Any], now: datetime, advice: str) -> Finding:
    due = rows.filter(next_at__lte=now).aggregate(waiting=Count("pk"), oldest=Min("next_at"))
    if due["oldest"] is None:
        return Finding(name, _("没有"), GREEN)
    mark = _lag(now - due["oldest"])
    value = _("%(n)s 件，最早应在 %(at)s") % {"n": due["waiting"], "at": _moment(due["oldest"])}
    return Finding(name, value, mark, "" if mark == GREEN else advice)


def _due_lights(now: datetime) -> Finding:
    advice = _("到点的亮灯没有变。请重启时钟进程，再看本页。")
    return _overdue(_("到点未变的灯"), TaskItem.objects.all(), now, advice)


def _due_slips(now: datetime) -> Finding:
    advice = _("到点的提醒、催办没有发出。请重启时钟进程，再看本页。")
    return _overdue(_("到点未发的督办"), Watch.objects.all(), now, advice)


def _ledger(actor: Actor) -> list[Finding]:
    counts, held = ledger_size(actor=actor), index_size(actor=actor)
    heads = [_head(one) for one in log_heads(actor=actor)]
    empty = held == 0 and counts["events"] > 0
    advice = _("索引是空的，搜索什么也找不到。请重建检索索引。") if empty else ""
    return [
        Finding(_("台账事件"), f"{counts['events']:,}"),
        _waiting(actor, counts["pending"]),
        *heads,
        *_witnesses(actor),
        Finding(_("检索索引条目"), f"{held:,}", RED if empty else GREEN, advice),
    ]


def _waiting(actor: Actor, count: int) -> Finding:
    """Events wait a second or two for their place; after a minute something is wrong, after ten nothing works."""
    since, name = oldest_waiting(actor=actor), _("等待编入日志的事件")
    if since is None:
        return Finding(name, _("没有"), GREEN)
    age = clock.now() - since
    mark = GREEN if age <= UNPLACED else AMBER if age <= STUCK else RED
    value = _("%(n)s 条，最早自 %(at)s") % {"n": f"{count:,}", "at": _moment(since)}
    advice = _("日志进程没有编入新事件，证据会缺位。请检查 sanban log 是否在运行（sanban up 会一并启动）。")
    return Finding(name, value, mark, "" if mark == GREEN else advice)


def _head(head: LogHead) -> Finding:
    """A head is signed at once and sealed within seconds; a minute without a seal is worth a look, ten a visit."""
    words = {"ledger": _("办理日志"), "access": _("访问日志")}
    signed = _moment(head.signed_at) if head.signed_at else _("尚未")
    told = {
        "n": f"{head.size:,}", "root": head.root_sha256[:16], "at": signed, "sealed": f"{head.sealed_size:,}",
    }  # fmt: skip
    value = _("%(n)s 条，树根 %(root)s…，签署于 %(at)s，已封存 %(sealed)s 条") % told
    if head.unsealed_since is None:
        return Finding(words[head.log], value, GREEN if head.signed_at else AMBER)
    age = clock.now() - head.unsealed_since
    mark = GREEN if age <= UNPLACED else AMBER if age <= STUCK else RED
    advice = _("新事件还没有三家见证的签名，裁决、支付和证据包会一直等待。请查看下列各家见证。")
    return Finding(words[head.log], value, mark, "" if mark == GREEN else advice)


def _witnesses(actor: Actor) -> list[Finding]:
    found = []
    for one in watchers(actor=actor):
        name = str(WITNESSES.get(one.name) or _("见证 %(name)s") % {"name": one.name})
        value = _moment(one.answered_at) if one.answered_at else _("从未签署")
        conflict = one.fault.startswith(("409", "422"))
        advice = _("此见证见过与本库不同的历史，可能有人回退或改写了台账，请立即保全现场并报告。")
        if one.fault and not conflict:
            advice = _("此见证没有应答：%(fault)s") % {"fault": one.fault}
        mark = RED if conflict else AMBER if one.fault else GREEN
        found.append(Finding(name, value, mark, advice if one.fault else ""))
    nobody = _("没有任何见证签署本库的日志，台账只有本机自证。请在策略文件中写明见证。")
    return found or [Finding(_("见证"), _("没有"), AMBER, nobody)]


def _jobs() -> list[Finding]:
    counts = dict(
        DBTaskResult.objects.order_by()
        .values_list("status")
        .annotate(n=Count("pk"))
        .values_list("status", "n")
    )
    waiting, failed = counts.get("READY", 0) + counts.get("RUNNING", 0), counts.get("FAILED", 0)
    return [
        Finding(
            _("等待的作业"), f"{waiting:,}", AMBER if waiting > 1000 else GREEN,
            _("作业积压。请检查 sanban worker 是否在运行。") if waiting > 1000 else "",
        ),
        Finding(
            _("失败的作业"), f"{failed:,}", AMBER if failed else GREEN,
            _("有作业没有办成。请在服务器日志中查看原因。") if failed else "",
        ),
    ]  # fmt: skip


def _mail() -> Finding:
    if settings.SANBAN_MAIL_URL:
        return Finding(_("邮件"), _("已配置"), GREEN)
    return Finding(_("邮件"), _("未配置"), AMBER, _("未设 SANBAN_MAIL_URL：邮件只存发件箱，不会寄出。"))


def _calendar(actor: Actor, now: datetime) -> list[Finding]:
    kept = current_calendar(actor=actor)
    name = kept.name or _("随程序提供的日历")
    found = [Finding(_("现行日历"), _("第 %(n)s 版，%(name)s") % {"n": kept.number, "name": name})]
    border = kept.spec.provisional_from
    if border is None:
        return [*found, Finding(_("暂定年份"), _("没有"), GREEN)]
    near = border - clock.local(now).date() <= SOON_PROVISIONAL
    advice = _("放假安排公布后，请到“工作日历”发布新版本。") if near else ""
    years = _("%(day)s 起，至 %(last)s") % {"day": border, "last": kept.spec.last_day}
    return [*found, Finding(_("暂定年份"), years, AMBER if near else GREEN, advice)]


def _version() -> Finding:
    try:
        number = version("sanban")
    except PackageNotFoundError:
        number = _("从源码运行")
    return Finding(_("程序版本"), f"{number}，Python {platform.python_version()}")


def _database() -> Finding:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
            number, size = cursor.fetchone()
            return Finding(_("数据库"), f"PostgreSQL {number}，{_size(size)}", GREEN)
        cursor.execute("SELECT sqlite_version()")
        (number,) = cursor.fetchone()
    path = Path(str(connection.settings_dict["NAME"]))
    size = path.stat().st_size if path.exists() else 0
    return Finding(_("数据库"), f"SQLite {number}，{_size(size)}", GREEN)


def _disk() -> list[Finding]:
    usage = shutil.disk_usage(settings.SANBAN_VAR)
    mark = RED if usage.free < NO_SPACE else AMBER if usage.free < LITTLE_SPACE else GREEN
    value = _("剩余 %(free)s，共 %(total)s") % {"free": _size(usage.free), "total": _size(usage.total)}
    advice = "" if mark == GREEN else _("空间将满，写满后无法办理。请清理磁盘或扩大数据目录所在的盘。")
    return [Finding(_("数据目录所在磁盘"), value, mark, advice)]


def _size(count: int) -> str:
    for unit in ("B", "KB", "MB"):
        if count < 1024:
            return f"{count} {unit}"
        count //= 1024
    return f"{count} GB" if count >= 10 else f"{count}.0 GB"
