"""`sanban witness`: set up and run one office's witness. Nothing of the site is loaded."""

from pathlib import Path

import click

from sanban.base.ledger.tlog import notes, sm2
from sanban.base.ledger.witness.book import Book
from sanban.base.ledger.witness.server import serve

FOLDER = click.option(
    "--folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="the witness's own folder",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def witness() -> None:
    """见证：for the office that keeps watch over the log from a machine of its own."""


@witness.command()
@FOLDER
@click.option(
    "--name", required=True, help="name it signs under, for ever, as in house.example/witness/oversight"
)
def init(folder: Path, name: str) -> None:
    """Make the folder and the key; prints the verifier key for the log's policy file."""
    click.echo(Book(folder, name).key.text())


@witness.command()
@FOLDER
@click.argument("vkey")
@click.option("--drop", is_flag=True, help="trust this key no longer")
def follow(folder: Path, vkey: str, drop: bool) -> None:
    """Follow the log that signs with this verifier key."""
    book = Book(folder)
    try:
        key = notes.read_key(vkey)
    except notes.BadNote as fault:
        raise click.ClickException(f"not a verifier key: {vkey[:60]}") from fault
    if key.kind == notes.LOG_SM2 and not drop and not sm2.ready():
        raise click.ClickException(f"{key.name} signs with SM2. {sm2.MEND}")
    (book.drop if drop else book.follow)(key)
    for origin, keys in book.followed().items():
        click.echo(f"{origin}  {len(keys)}")


@witness.command()
@FOLDER
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8411, show_default=True)
def run(folder: Path, host: str, port: int) -> None:
    """Listen for new heads and sign those that follow from the last."""
    book = Book(folder)
    server = serve(book, host, port)
    click.echo(f"{book.name} {server.server_address[1]}")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
