"""Starting and running the site: tables, static files, the web server and the clock as one family of processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, close_old_connections

from sanban.base import clock
from sanban.base.access import wall
from sanban.base.access.actor import SYSTEM
from sanban.base.access.readlog import sealing as reads
from sanban.base.files import sweep
from sanban.base.ledger import guards, noted, shredding
from sanban.base.ledger.act import settle
from sanban.base.ledger.errors import Conflict
from sanban.base.ledger.queries import last_audit
from sanban.base.ledger.tlog import anchoring, sealing, sequencer, sm2, trust
from sanban.base.notify import sending
from sanban.base.vault import boxes
from sanban.base.vault.provider import Locked
from sanban.demo import builder
from sanban.execute.task import ticking
from sanban.site import roles, witnesses
from sanban.site.vault import seal_all
from sanban.supervise.chase import steps as slips

Say = Callable[[str], object]
NIGHT_HOUR: Final = 2


def prepare_database(*, say: Say) -> None:
    """Migrate, then install the append-only guards (a table remake on SQLite drops them)."""
    say("正在更新数据表…")
    guards.remove()
    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0, interactive=False)
    guards.install()
    wall.install()
    roles.grant()
    try:
        boxes.prepare()
        if count := seal_all():
            say(f"已加密 {count} 条此前未加密的内容。")
    except Locked as locked:
        say(str(locked))


def collect_static() -> None:
    """Put hashed and compressed static files where whitenoise serves them."""
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=["admin"])


def welcome(host: str, port: int) -> str:
    """Where to open the site and as whom to sign in."""
    lines = ["", f"  打开  http://{host}:{port}/", ""]
    if (settings.SANBAN_VAR / "demo").exists():
        lines.append(f"  演示帐号（口令均为 {builder.PASSWORD}，仅演示数据有默认口令）：")
        lines += [f"    {login:<14}{name}  {post}" for login, name, post in builder.accounts()]
    return "\n".join([*lines, "", "  Ctrl+C 停止。"])


def serve(host: str, port: int) -> int:
    """Run web server, clock, log and witnesses until one ends or the operator stops them; each ends by its own id."""
    kept = {
        "MALLOC_ARENA_MAX": "2",
        **os.environ,
    }  # threads share the allocator's pools: less memory stays idle
    environment = {
        **kept,
        "SANBAN_ROLE": roles.WEB,
        "SANBAN_DEMO": "1" if (settings.SANBAN_VAR / "demo").exists() else "",
    }
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--log-level", "warning", "sanban.site.wsgi:application",
    ]  # fmt: skip
    ours = [sys.executable, "-c", witnesses.COMMAND]
    family = witnesses.start(environment) if witnesses.managed() else []
    family += [
        subprocess.Popen(command, env=environment) for command in (web, [*ours, "clock"], [*ours, "log"])
    ]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while all(child.poll() is None for child in family):
            time.sleep(0.5)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        for child in family:
            if child.poll() is None:
                child.terminate()
        for child in family:
            child.wait(timeout=15)


def run_clock(*, every: float, once: bool, say: Say) -> None:
    """Due work in order: lights, slips, held files, messages. A busy database is met again at the next look."""
    while True:
        try:
            turned = ticking.tick_all(SYSTEM)
            issued = slips.tick_all(SYSTEM)
            sweep.sweep()
            sending.send_due(say)
            reads.look_after()
            shredding.shred(say)
            if turned or issued:
                say(f"亮灯变化 {turned}，督办单 {issued}")
        except OperationalError as error:
            say(f"数据库忙，稍后再试：{error}")
        except Conflict as conflict:
            say(f"与他人的操作相遇，稍后再试：{conflict.message}")
        if once:
            return
        settle()
        close_old_connections()
        time.sleep(every)


def run_log(*, every: float, once: bool, say: Say) -> None:
    """Give what was recorded its places, batch after batch, sign the heads, and look again after so many seconds.

    A thread beside shows the heads to the witnesses, so that a silent one never holds up the placing.
    """
    doors = sealing.Doors()
    if not once:
        threading.Thread(target=_run_seals, args=(doors, every, say), daemon=True).start()
        threading.Thread(target=_run_audits, args=(say,), daemon=True).start()
    while True:
        try:
            while placed := sequencer.integrate():
                if once:
                    say(f"已编入日志 {placed} 条")
        except OperationalError as error:
            say(f"数据库忙，稍后再试：{error}")
        except sm2.Missing as missing:
            say(f"SM3 树头没有签名，其余照常：{missing}")
        if once:
            _seal(doors, say)
            return
        close_old_connections()
        time.sleep(every)


def _run_seals(doors: sealing.Doors, every: float, say: Say) -> None:
    """Show every new head to the witnesses, for as long as the process lives."""
    while True:
        _seal(doors, say)
        close_old_connections()
        time.sleep(every)


def _run_audits(say: Say) -> None:
    """Once a night, in a process of its own: its memory and its reading are not the log's."""
    while True:
        with suppress(OperationalError):  # a busy database is met again in ten minutes
            noted.note_heads(SYSTEM)
            anchoring.anchor()
        now = clock.local(clock.now())
        last = last_audit(actor=SYSTEM)
        if now.hour == NIGHT_HOUR and (last is None or clock.local(last.at).date() < now.date()):
            ran = subprocess.run(
                [sys.executable, "-c", witnesses.COMMAND, "audit"], stdout=subprocess.DEVNULL
            )
            say("夜间核对：全部相符" if ran.returncode == 0 else "夜间核对：有不符之处，请看存证页")
        close_old_connections()
        time.sleep(600)


def _seal(doors: sealing.Doors, say: Say) -> None:
    try:
        policy = sealing.trusted()
        if policy is not None:
            sealing.note_trust(SYSTEM, policy)
            sealing.seal(policy, doors)
    except OperationalError as error:
        say(f"数据库忙，稍后再试：{error}")
    except trust.BadPolicy as fault:
        say(f"见证策略文件有误（{fault}），请修正 {settings.SANBAN_WITNESSES}")
