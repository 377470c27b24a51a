"""The check-up behind `sanban doctor`: each finding says what, and how to mend it."""

import shutil
import sys
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.envelope import sm3
from sanban.base.ledger.tlog import sm2
from sanban.base.light.queries import last_tick
from sanban.base.people import queries as people
from sanban.demo import builder
from sanban.desk.compliance import telling
from sanban.desk.compliance.queries import APART, MET, review
from sanban.site import roles

LEAST_FREE_BYTES = 500 * 1024 * 1024
LATE_TICK_SECONDS = 180


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    well: bool
    mend: str = ""


def examine() -> list[Finding]:
    """Look at everything once; never raises."""
    return [_python(), _folder(), _space(), *_database(), _sm3(), *_sm2(), _mail(), _scanner(), _secure()]


def compliance() -> list[Finding]:
    """The self-check 合规自检, as its page shows it; empty while there is no database to look at."""
    try:
        found = review(actor=SYSTEM)
    except DatabaseError:
        return []
    return [Finding(what, state in (MET, APART), seen) for state, what, seen in telling.lines(found)]


def _python() -> Finding:
    return Finding(
        f"Python {sys.version.split()[0]}", sys.version_info >= (3, 11), "请安装 Python 3.11 或更新版本。"
    )


def _folder() -> Finding:
    probe = settings.SANBAN_VAR / ".doctor"
    try:
        probe.write_text("x")
        probe.unlink()
    except OSError as error:
        return Finding(
            "数据目录可写",
            False,
            f"{settings.SANBAN_VAR} 不可写（{error.strerror}），请改 SANBAN_DATA_DIR 或其权限。",
        )
    return Finding("数据目录可写", True)


def _space() -> Finding:
    free = shutil.disk_usage(settings.SANBAN_VAR).free
    return Finding(f"磁盘剩余 {free // 1024**2} MB", free > LEAST_FREE_BYTES, "请清理磁盘或换数据目录。")


def _database() -> list[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return [Finding("数据库可连接", False, f"请检查 DATABASE_URL：{error}")]
    found = [Finding(f"数据库可连接（{connection.vendor}）", True)]
    try:
        for database in settings.DATABASES:
            call_command("migrate", database=database, check_unapplied=True, verbosity=0)
    except (SystemExit, CommandError):
        return [*found, Finding("数据表为最新", False, "请运行 sanban migrate。")]
    return [*found, Finding("数据表为最新", True), *_roles(), _tick(), _passwords()]


def _roles() -> list[Finding]:
    """On PostgreSQL: whether owner, web and sequencer are roles of their own and none can pass the second wall."""
    if connection.vendor != "postgresql":
        return []
    found = roles.faults()
    return [Finding("数据库角色分立，行级安全在位", not found, f"{'；'.join(found)}。")]


def _passwords() -> Finding:
    """The demo's password is known to everybody: outside the demo nobody who matters may have it."""
    what = "没有人用演示的默认口令"
    if (settings.SANBAN_VAR / "demo").exists():
        return Finding("演示数据：默认口令仅供演示", True)
    known = people.who_uses_password(actor=SYSTEM, word=builder.PASSWORD)
    return Finding(what, not known, f"请让这些帐号立即改口令：{'、'.join(known)}。")


def _tick() -> Finding:
    last = last_tick(actor=SYSTEM, client="task")
    late = last is None or (clock.now() - last).total_seconds() > LATE_TICK_SECONDS
    return Finding("时钟进程在走", not late, "请启动 sanban clock（sanban up 会一并启动）。")


def _sm3() -> Finding:
    try:
        sm3(b"abc")
    except ValueError:
        return Finding(
            "国密 SM3 可用",
            False,
            "本机 Python 的 OpenSSL 不含 SM3，请换用 OpenSSL 1.1.1 以上编译的 Python。",
        )
    return Finding("国密 SM3 可用", True)


def _sm2() -> list[Finding]:
    """Asked only where the SM3 trees are to be signed with SM2."""
    return [Finding("国密 SM2 可用", sm2.ready(), sm2.MEND)] if settings.SANBAN_SM3_KEY == "sm2" else []


def _mail() -> Finding:
    return Finding(
        "已配置邮件", bool(settings.SANBAN_MAIL_URL), "未设 SANBAN_MAIL_URL：邮件只存发件箱，不会寄出。"
    )


def _scanner() -> Finding:
    return Finding(
        "已配置查毒",
        bool(settings.SANBAN_CLAMAV),
        "未设 SANBAN_CLAMAV：上传文件须由安全管理员放行后才能下载。",
    )


def _secure() -> Finding:
    safe = not settings.DEBUG and (settings.HTTPS or settings.SANBAN_DEMO)
    return Finding("安全设置", safe, "对外服务请设 SANBAN_HTTPS=1 并关闭 SANBAN_DEBUG。")
