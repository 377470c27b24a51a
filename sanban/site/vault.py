"""`sanban vault`: the keys of content at rest — how they stand, changing those above them, destroying those let go."""

from datetime import timedelta

import click

from sanban.base.ledger import shredding
from sanban.base.search.projections import hide_secrets
from sanban.base.vault.boxes import keyring
from sanban.base.vault.provider import INTERNAL, SECRET, Locked

LEVELS = {"internal": INTERNAL, "secret": SECRET}
WORDS = {INTERNAL: "内部", SECRET: "工作秘密"}


def seal_all() -> int:
    """Encrypt what lies open although its level asks for a key, in the ledger, the tables and the index. How many."""
    return shredding.seal_open_content() + hide_secrets()


@click.group()
def vault() -> None:
    """Keys of encrypted content."""


@vault.command()
def status() -> None:
    """How many data keys there are, and under which versions of the key above them."""
    for one in keyring().status():
        versions = "、".join(map(str, one.versions)) or "—"
        click.echo(
            f"{WORDS[one.level]}：{one.algorithm}，在用 {one.live}，待销毁 {one.retired}，"
            f"已销毁 {one.destroyed}，主密钥版本 {versions}"
        )


@vault.command()
@click.argument("level", type=click.Choice(list(LEVELS)))
def rotate(level: str) -> None:
    """Make the next key above the data keys of a level and put them all under it. Content is not touched."""
    try:
        version = keyring().rotate(LEVELS[level])
    except Locked as locked:
        raise click.ClickException(str(locked)) from locked
    click.echo(f"{WORDS[LEVELS[level]]}主密钥已换为第 {version} 版，旧版已销毁。请备份新的密钥文件。")


@vault.command()
def seal() -> None:
    """Encrypt what lies open from before, and destroy the keys that were let go, at once."""
    try:
        count = seal_all()
        shredding.shred(click.echo, after=timedelta(0))
    except Locked as locked:
        raise click.ClickException(str(locked)) from locked
    click.echo(f"已加密 {count} 条此前未加密的内容。")
