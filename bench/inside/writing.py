"""One writer for so many seconds: `plain` is a state row and an event row with a digest, as most systems keep them;
`evidence` is the same state row and our event with its salted fields, chain and pending row. One number: acts a second.
"""

import hashlib
import os
import sys
import time

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - Django must stand before any room is imported

from sanban.base import clock  # noqa: E402
from sanban.base.access.actor import SYSTEM  # noqa: E402
from sanban.base.ledger.envelope import canonical  # noqa: E402
from sanban.base.ledger.log import Item, record  # noqa: E402
from sanban.execute.task.events import ProgressReported  # noqa: E402

THINGS = 500
TEXT = "已完成现场核查，" * 8
TABLES = (
    "CREATE TABLE IF NOT EXISTS bench_thing (id bigint PRIMARY KEY, version int, state text)",
    "CREATE TABLE IF NOT EXISTS bench_event (thing bigint, version int, at text, actor text, body text, h {blob},"
    " PRIMARY KEY (thing, version))",
)


def prepare() -> None:
    """The tables of the plain kind."""
    blob = "bytea" if connection.vendor == "postgresql" else "blob"
    with connection.cursor() as cursor:
        for statement in TABLES:
            cursor.execute(statement.format(blob=blob))


def report(progress: int) -> ProgressReported:
    """What both kinds keep."""
    return ProgressReported(
        report_id=7, unit_id=5, progress=progress, text=TEXT, files=[], changes={"progress": progress}
    )


def plain(thing: int, version: int) -> None:
    """An event as one row, with a digest of its body."""
    made = report(version % 100)
    body = canonical({name: getattr(made, name) for name in made.names})
    at = clock.now().isoformat()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_event (thing, version, at, actor, body, h) VALUES (%s,%s,%s,%s,%s,%s)",
            [thing, version + 1, at, SYSTEM.ref, body.decode(), hashlib.sha256(body).digest()],
        )


def evidence(thing: int, version: int) -> None:
    """The event as the ledger keeps it."""
    record(SYSTEM, [Item(report(version % 100), thing, version)])


def main(kind: str, seat: int, seconds: float) -> None:
    """Act on own things, one transaction an act."""
    act = {"plain": plain, "evidence": evidence}[kind]
    first = (time.time_ns() // 1000 << 8) + seat * THINGS
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA synchronous = {os.environ['SYNCHRONOUS']}")
        rows = [(first + n, 0, "new") for n in range(THINGS)]
        cursor.executemany("INSERT INTO bench_thing (id, version, state) VALUES (%s,%s,%s)", rows)
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        version, n = divmod(count, THINGS)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE bench_thing SET version = version + 1, state = %s WHERE id = %s",
                    [f"s{count}", first + n],
                )
            act(first + n, version)
        count += 1
    sys.stdout.write(f"{count / (time.perf_counter() - began)}\n")


if sys.argv[1] == "prepare":
    prepare()
else:
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
