"""What each word of the command `sanban` does. Long work shows its progress; `--json` is for programs."""

import json
import subprocess
import sys
import time
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command

from sanban.base import clock as the_clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger import auditing
from sanban.base.ledger.bundle import verify
from sanban.base.ledger.bundle.making import make_bundle
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.queries import log_heads, size
from sanban.base.ledger.registry import story
from sanban.base.ledger.standing import MACHINE, stand_as
from sanban.base.ledger.tlog import signing, sm2
from sanban.base.ledger.tlog.merkle import SUITES
from sanban.base.ledger.tlog.suites import LOGS
from sanban.base.ledger.witness.commands import witness
from sanban.demo import builder, scale
from sanban.desk.evidence.queries import read_faults
from sanban.execute.task import ticking
from sanban.site import backup as keeping
from sanban.site import doctor as checkup
from sanban.site import founding, rehearsing, service
from sanban.site.vault import vault
from sanban.study.assistant.commands import read_files


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """三办协同云平台: run it, look after it, ask it."""
    stand_as(MACHINE)


@main.command()
def migrate() -> None:
    """Bring the tables up to date and put the ledger's guards back."""
    service.prepare_database(say=click.echo)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--demo/--no-demo", "with_demo", default=True, help="load the demo world into an empty database"
)
def up(host: str, port: int, with_demo: bool) -> None:
    """Migrate, load the demo world once, and serve with the clock beside."""
    started = time.perf_counter()
    service.prepare_database(say=click.echo)
    if with_demo and builder.is_empty():
        click.echo("正在生成演示省份（约 18 个月的真实操作）…")
        with click.progressbar(length=100, label="演示数据") as bar:
            builder.build(progress=bar.update)
        (settings.SANBAN_VAR / "demo").touch()
    service.collect_static()
    click.echo(f"准备完成，用时 {time.perf_counter() - started:.0f} 秒。")
    click.echo(service.welcome(host, port))
    try:
        sys.exit(service.serve(host, port))
    except sm2.Missing as missing:
        raise click.ClickException(str(missing)) from missing


@main.command()
@click.option("--password", default=builder.PASSWORD, show_default=True)
@click.option("--scale", "size", help="load data instead: 10k, 100k, 1m or a number of tasks")
def demo(password: str, size: str | None) -> None:
    """Load the demo world into an empty database, or load data of a size for benches."""
    try:
        count = scale.size_of(size) if size else 0
    except ValueError as fault:
        raise click.ClickException(f"--scale {fault}") from fault
    service.prepare_database(say=click.echo)
    if not builder.is_empty():
        raise click.ClickException("数据库不是空的，演示数据只装入空库。请换一个 SANBAN_DATA_DIR 再试。")
    with click.progressbar(length=count or 100, label="装载数据" if count else "演示数据") as bar:
        if count:
            scale.load(count, progress=bar.update, password=password)
        else:
            builder.build(progress=bar.update, password=password)
    (settings.SANBAN_VAR / "demo").touch()


@main.command()
@click.option("--unit", prompt="本级政府或机关的名称", help="name of the root unit")
@click.option("--admin", prompt="系统管理员的登录名", help="login of the system administrator")
@click.option("--security", prompt="安全管理员的登录名", help="login of the security administrator")
def found(unit: str, admin: str, security: str) -> None:
    """Settle an empty house: the root unit and its first two administrators; asks for their passwords."""
    service.prepare_database(say=click.echo)
    people = [
        founding.Administrator(
            role=role, login=login, name=login,
            password=click.prompt(f"{login} 的口令", hide_input=True, confirmation_prompt="再输入一次"),
        )
        for role, login in (("admin", admin), ("security", security))
    ]  # fmt: skip
    try:
        founding.found(unit=unit, administrators=people)
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"已设立“{unit}”。请用 {admin} 登记机构和人员，用 {security} 授予角色。")


@main.command()
@click.option("--every", default=20.0, show_default=True, help="seconds between two looks")
@click.option("--once", is_flag=True, help="look once and stop")
def clock(every: float, once: bool) -> None:
    """Turn lights and send slips and messages when their time comes."""
    service.run_clock(every=every, once=once, say=click.echo)


@main.command()
@click.option("--every", default=1.0, show_default=True, help="seconds between two looks")
@click.option("--once", is_flag=True, help="place what waits and stop")
def log(every: float, once: bool) -> None:
    """Give recorded events their places in the log and sign its heads."""
    service.run_log(every=every, once=once, say=click.echo)


@main.command()
def worker() -> None:
    """Run background jobs."""
    call_command("db_worker", "--interval", "0.5")


@main.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--jsonl", is_flag=True, help="one JSON object a document")
def read(files: tuple[Path, ...], jsonl: bool) -> None:
    """Read policy files and print what they oblige whom to do."""
    for line in read_files(files, jsonl=jsonl):
        click.echo(line)


@main.command()
@click.option("--json", "as_json", is_flag=True)
def lights(as_json: bool) -> None:
    """One tick now: how many lights turned."""
    turned = ticking.tick_all(SYSTEM)
    click.echo(
        json.dumps({"at": the_clock.now().isoformat(), "turned": turned})
        if as_json
        else f"亮灯变化 {turned} 件。"
    )


@main.command()
@click.option("--json", "as_json", is_flag=True)
def ledger(as_json: bool) -> None:
    """How many events the ledger holds, how many wait for their place, and the heads of its logs."""
    counts, heads = size(actor=SYSTEM), log_heads(actor=SYSTEM)
    if as_json:
        click.echo(json.dumps({**counts, "logs": [head.plain() for head in heads]}))
        return
    click.echo(f"台账 {counts['events']} 条，待编号 {counts['pending']} 条。")
    for head in heads:
        click.echo(
            f"日志 {head.log}：{head.size} 条，已封存 {head.sealed_size} 条，"
            f"SHA-256 树根 {head.root_sha256}，SM3 树根 {head.root_sm3}"
        )


@main.command()
@click.option("--json", "as_json", is_flag=True)
def audit(as_json: bool) -> None:
    """Look over every stored byte of the ledger, fold it again, and compare all tables; exit code 1 with any fault."""
    if as_json:
        found = auditing.audit(also=read_faults)
        click.echo(json.dumps({"faults": found.faults, "differences": found.differences}, ensure_ascii=False))
    else:
        steps = 2 * size(actor=SYSTEM)["events"]
        with click.progressbar(length=steps, label="核对台账", file=sys.stderr) as bar:
            found = auditing.audit(bar.update, also=read_faults)
        for fault in found.faults:
            click.echo(f"{fault['table']}  {fault['row']}  {fault['what']}")
        for one in found.differences:
            click.echo(f"{one['table']}  {one['row']}  {', '.join(one['columns']) or '整行'}")
        count = len(found.faults) + len(found.differences)
        click.echo(f"不符 {count} 处。" if count else "逐条核对，全部相符。")
    sys.exit(1 if found.faults or found.differences else 0)


@main.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(as_json: bool) -> None:
    """Say what is wrong with this set-up and how to mend it."""
    findings, controls = checkup.examine(), checkup.compliance()
    if as_json:
        told = [finding.__dict__ for finding in (*findings, *controls)]
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(
                f"{'好' if finding.well else '需处理'}  {finding.what}"
                + ("" if finding.well else f"：{finding.mend}")
            )
        click.echo("合规自检（只作提示，不影响退出码）：")
        for control in controls:
            click.echo(f"  {control.what}：{control.mend}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


@main.command("rotate-key")
@click.argument("log", type=click.Choice(LOGS))
@click.argument("suite", type=click.Choice(list(SUITES)))
def rotate_key(log: str, suite: str) -> None:
    """Announce the next signing key of a tree; the old one signs beside it for thirty days.

    The next key of an SM3 tree is SM2 where SANBAN_SM3_KEY=sm2 says so.
    """
    try:
        key = signing.rotate(actor=SYSTEM, log=log, suite=suite)
    except sm2.Missing as missing:
        raise click.ClickException(f"没有换钥：{missing}") from missing
    click.echo(key.text())
    click.echo("请在 30 天内把新的验证公钥交给各家见证（sanban witness follow）。")


main.add_command(witness)
main.add_command(vault)


@main.command()
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--key-file", type=click.Path(dir_okay=False, path_type=Path), help="default: keys/backup.key")
def backup(target: Path, key_file: Path | None) -> None:
    """Write an encrypted backup of database and files while the house works on. Keys are not in it."""
    try:
        made = keeping.backup(target, key=keeping.key_of(key_file))
    except (keeping.Failed, OSError) as fault:
        raise click.ClickException(f"备份没有完成：{fault}") from fault
    click.echo(f"已备份 {made.events} 条记录，{made.bytes / 1024**2:.1f} MB。请把备份密钥另存到别处。")


@main.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key-file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys", type=click.Path(exists=True, file_okay=False, path_type=Path), help="copy of the old keys"
)
def restore(source: Path, key_file: Path, keys: Path | None) -> None:
    """Bring a backup back into an empty house, audit it, and go on under a new name for the log."""
    try:
        made = keeping.restore(
            source, key=keeping.key_of(key_file), keys=keys, say=click.echo,
            prepare=lambda: service.prepare_database(say=click.echo),
        )  # fmt: skip
    except (keeping.Failed, OSError) as fault:
        raise click.ClickException(f"没有恢复：{fault}") from fault
    click.echo(f"已恢复 {made.events} 条记录（备份于 {made.made_at}），全部相符。")
    click.echo(f"日志改以 {settings.SANBAN_ORIGIN} 之名继续，请各家见证核实后跟随（sanban witness follow）：")
    try:
        for key in signing.log_keys():
            click.echo(f"  {key.text()}")
    except sm2.Missing as missing:
        raise click.ClickException(f"已恢复，但验证公钥无法列出：{missing}") from missing


@main.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key-file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--database", default="", help="an empty PostgreSQL database to restore into")
def rehearse(source: Path, key_file: Path, keys: Path, database: str) -> None:
    """Restore a backup on trial, in a folder of its own; the result stands in the self-check."""
    try:
        events = rehearsing.rehearse(
            source.resolve(), key_file=key_file.resolve(), keys=keys.resolve(), database=database
        )
    except (keeping.Failed, OSError, subprocess.CalledProcessError) as fault:
        raise click.ClickException(f"演练没有成功：{fault}") from fault
    click.echo(f"演练成功：恢复 {events} 条记录，逐条核对相符。")


@main.group()
def evidence() -> None:
    """Evidence of an object: pack it, or verify a bundle."""


@evidence.command()
@click.argument("stream")
@click.argument("object_id", type=int)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--redact", multiple=True, help="name of a field that stays out; may be repeated")
@click.option("--since", default=0, help="size of the head the reader has kept")
@click.option("--purpose", default="", help="what it is for; recorded")
def export(stream: str, object_id: int, out: Path, redact: tuple[str, ...], since: int, purpose: str) -> None:
    """Pack the whole story of an object, as in `export task 123 --out bundle.zip`."""
    streams = story(SYSTEM, stream, object_id)
    try:
        made = make_bundle(
            SYSTEM, subject=(stream, object_id), streams=streams, purpose=purpose, redact=redact, since=since
        )
    except Refused as refusal:
        raise click.ClickException(refusal.message) from refusal
    out.write_bytes(made.body)
    click.echo(f"{out}：{made.events} 条，SHA-256 {made.sha256}")


@evidence.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def check(words: tuple[str, ...]) -> None:
    """Verify a bundle as its own verify.py does; takes the same words."""
    sys.exit(verify.main(list(words)))


@main.command()
@click.argument("name", required=False)
def bench(name: str | None) -> None:
    """Run one bench, or list them."""
    folder = settings.BASE_DIR / "bench"
    known = sorted(path.stem for path in folder.glob("*.py"))
    if name not in known:
        click.echo("\n".join(known))
        sys.exit(0 if name is None else 2)
    sys.exit(subprocess.run([sys.executable, str(folder / f"{name}.py")]).returncode)
